using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Storage;

/// <summary>How a parameter lies in PyTorch's files, and how its numbers come from there and go back.</summary>
internal sealed class PyTorchAxes
{
    // The parameter's axes, in our order: their lengths, and from one number to the next along each in PyTorch's order.
    private readonly int[] _lengths;
    private readonly int[] _steps;

    private PyTorchAxes(Shape shape, int[] lengths, int[] steps)
    {
        Shape = shape;
        _lengths = lengths;
        _steps = steps;
    }

    /// <summary>The shape in PyTorch's order.</summary>
    public Shape Shape { get; }

    /// <summary>The order of a parameter's axes.</summary>
    public static PyTorchAxes Of(Network network, NetworkParameter parameter)
    {
        Shape shape = parameter.Shape;
        if (FlattenedImage(network, parameter.Node) is { } image && shape[0] == image.ElementCount)
        {
            // Inputs count [H, W, C]; PyTorch counts [C, H, W].
            int area = image.Height * image.Width;
            return shape.Rank == 1
                ? new PyTorchAxes(shape, [image.Height, image.Width, image.Channels], [image.Width, 1, area])
                : new PyTorchAxes(
                    [shape[1], shape[0]], [image.Height, image.Width, image.Channels, shape[1]], [image.Width, 1, area, shape[0]]);
        }

        if (parameter.Definition.Name != "weight" || shape.Rank < 2)
        {
            return new PyTorchAxes(shape, [shape.ElementCount], [1]);
        }

        // Height, width, inputs, outputs become outputs, inputs, height, width; and so for fewer dimensions.
        int dimensions = shape.Rank - 2;
        int[] order = [shape.Rank - 1, shape.Rank - 2, .. Enumerable.Range(0, dimensions)];
        int[] steps = new int[shape.Rank];
        int step = 1;
        foreach (int axis in Enumerable.Reverse(order))
        {
            steps[axis] = step;
            step *= shape[axis];
        }

        return new PyTorchAxes([.. order.Select(axis => shape[axis])], [.. shape], steps);
    }

    /// <summary>Brings numbers from PyTorch's order into ours.</summary>
    public void FromPyTorch(ReadOnlySpan<float> from, Span<float> to) =>
        StridedCopy.Copy(from, _steps, to, StridedCopy.RowMajor(_lengths), _lengths);

    /// <summary>Brings numbers from our order into PyTorch's.</summary>
    public void ToPyTorch(ReadOnlySpan<float> from, Span<float> to) =>
        StridedCopy.Copy(from, StridedCopy.RowMajor(_lengths), to, _steps, _lengths);

    /// <summary>
    /// The image of several pixels that a fully connected layer, a batch normalisation or a PReLU reads flattened; null where there is none.
    /// </summary>
    private static Shape? FlattenedImage(Network network, int node)
    {
        if (network.Nodes[node].Layer is not (Dense or BatchNorm or PReLU))
        {
            return null;
        }

        int at = network.Nodes[node].Inputs[0];
        while (at >= 0 && network.Nodes[at].Layer is (ActivationLayer or Dropout or BatchNorm or PReLU))
        {
            at = network.Nodes[at].Inputs[0];
        }

        Shape? input = at >= 0 && network.Nodes[at].Layer is Flatten ? network.InputShapesOf(at)[0] : null;
        return input is { IsImage: true } image && image.Height * image.Width > 1 ? image : null;
    }
}
