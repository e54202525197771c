using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;

namespace Microsoft.ML.ConvNet.Onnx.Import.Operators;

/// <summary>Softmax and its logarithm.</summary>
internal static class SoftmaxOperators
{
    private const int AlongOneAxis = 13;

    /// <summary>The operators.</summary>
    public static IReadOnlyList<OperatorDefinition> All { get; } =
    [
        new OperatorDefinition("Softmax", node => (OnnxValue)Import(node, new Softmax())),
        new OperatorDefinition("LogSoftmax", node => (OnnxValue)Import(node, new LogSoftmax())),
    ];

    /// <remarks>
    /// Since opset 13 the sum is along one axis; before, over all axes from one on. The order of what is summed over does not matter, so
    /// that those factors are put innermost as they come.
    /// </remarks>
    private static GraphValue Import(NodeContext node, Layer layer)
    {
        GraphValue value = node.Graph(0);
        bool isAlongOne = node.Opset >= AlongOneAxis;
        int first = value.Rank == 0 ? 0 : node.SampleAxis(node.Attributes.Int("axis", isAlongOne ? -1 : 1), value.Rank);
        AxisLayout layout = value.Layout.Joined();
        bool IsSummed(AxisFactor factor) => isAlongOne ? factor.Axis == first : factor.Axis >= first;
        int[] places = [.. Enumerable.Range(0, layout.Factors.Count).OrderBy(place => IsSummed(layout.Factors[place]))];
        GraphValue moved = node.Writer.Moved(value with { Layout = layout }, places, node.Name);
        int length = layout.Factors.Where(IsSummed).Aggregate(1, (product, factor) => product * factor.Extent);
        SymbolicTensor tensor = moved.Tensor.Shape.Channels == length
            ? moved.Tensor
            : node.Writer.Shaped(moved.Tensor, [moved.Tensor.Shape.ElementCount / length, length], node.Name);
        return moved with { Tensor = node.Apply(layer, tensor) };
    }
}
