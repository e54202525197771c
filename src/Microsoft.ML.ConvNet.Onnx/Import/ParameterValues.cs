using Microsoft.ML.ConvNet.Onnx.Format;

namespace Microsoft.ML.ConvNet.Onnx.Import;

/// <summary>
/// What a parameter of a layer will hold. The numbers are written straight into the network's weights when those are made, so that a
/// network is in memory once beside its file.
/// </summary>
internal sealed class ParameterValues
{
    private readonly Writer _writer;

    /// <summary>Numbers that are written when the weights are made.</summary>
    public ParameterValues(Writer writer) => _writer = writer;

    /// <summary>Writes all numbers of a parameter.</summary>
    public delegate void Writer(Span<float> destination);

    /// <summary>The elements of a tensor.</summary>
    public static ParameterValues Of(OnnxTensor tensor) => new(tensor.CopyTo);

    /// <summary>The elements of a tensor with its axes in another order.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="dimensions">Its dimensions, perhaps with further ones of extent 1.</param>
    /// <param name="order">Which axis stands at each place of the parameter.</param>
    public static ParameterValues Transposed(OnnxTensor tensor, IReadOnlyList<int> dimensions, IReadOnlyList<int> order) =>
        new(destination =>
        {
            bool isInOrder = order.Where(axis => dimensions[axis] > 1).SequenceEqual(order.Where(axis => dimensions[axis] > 1).Order());
            if (tensor.IsUniform || isInOrder)
            {
                tensor.CopyTo(destination);
            }
            else
            {
                ReadOnlySpan<float> values = tensor.IsFloatingPoint ? tensor.FloatSpan : tensor.ToArray();
                StridedPlaces.Transpose(values, dimensions, order, destination);
            }
        });

    /// <summary>Writes the numbers.</summary>
    public void WriteTo(Span<float> destination) => _writer(destination);
}
