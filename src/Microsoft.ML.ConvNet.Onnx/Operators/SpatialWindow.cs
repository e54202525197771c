using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Onnx.Import;

namespace Microsoft.ML.ConvNet.Onnx.Operators;

/// <summary>The window of a convolution or a pooling, over an image; one over a sequence has the height 1.</summary>
/// <param name="Kernel">Its size.</param>
/// <param name="Stride">The step.</param>
/// <param name="Dilation">The distance of its elements.</param>
/// <param name="Padding">The padding in numbers.</param>
internal sealed record SpatialWindow(Size2D Kernel, Size2D Stride, Size2D Dilation, Padding Padding)
{
    /// <summary>Reads the attributes of a node.</summary>
    /// <param name="node">The node.</param>
    /// <param name="input">The input that the window slides over.</param>
    /// <param name="kernel">The size of the window along the spatial axes.</param>
    public static SpatialWindow Of(NodeContext node, GraphValue input, IReadOnlyList<int> kernel)
    {
        int axes = input.Rank - 2;
        if (kernel.Count != axes)
        {
            throw node.Malformed($"its window has {axes} dimensions. Received: {OnnxText.Dimensions(kernel)}");
        }

        int[] strides = Numbers(node, "strides", axes, 1);
        int[] dilations = Numbers(node, "dilations", axes, 1);
        (int Before,
            int After)[] padding = [.. Enumerable.Range(0,
                axes).Select(axis => PaddingOf(node, input.LogicalDimensions[axis + 2], axis, axes, kernel, strides, dilations))];
        (int Before, int After) vertical = axes == 2 ? padding[0] : (0, 0);
        return new SpatialWindow(
            Size(kernel), Size(strides), Size(dilations),
                new Padding(vertical.Before, vertical.After, padding[^1].Before, padding[^1].After));
    }

    /// <summary>Numbers along the spatial axes as a height and a width.</summary>
    public static Size2D Size(IReadOnlyList<int> numbers) => numbers.Count == 2
        ? new Size2D(numbers[0], numbers[1])
        : new Size2D(1, numbers[0]);

    /// <summary>An attribute with one number a spatial axis.</summary>
    public static int[] Numbers(NodeContext node, string attribute, int axes, int otherwise)
    {
        IReadOnlyList<long>? given = node.Attributes.Ints(attribute);
        if (given is null || given.Count == 0)
        {
            return [.. Enumerable.Repeat(otherwise, axes)];
        }

        return given.Count == axes && given.All(number => number is >= 0 and <= int.MaxValue)
            ? [.. given.Select(number => (int)number)]
            : throw node.Malformed($"{attribute} has {axes} numbers of at least 0. Received: {OnnxText.Numbers(given)}");
    }

    /// <summary>The padding that is written out: at the beginning of each axis, then at the end of each.</summary>
    public static (int Before, int After) Explicit(NodeContext node, int axis, int axes)
    {
        IReadOnlyList<long>? pads = node.Attributes.Ints("pads");
        if (pads is null || pads.Count == 0)
        {
            return (0, 0);
        }

        return pads.Count == 2 * axes && pads.All(pad => pad is >= 0 and <= int.MaxValue)
            ? ((int)pads[axis], (int)pads[axis + axes])
            : throw node.Malformed($"pads has {2 * axes} numbers of at least 0. Received: {OnnxText.Numbers(pads)}");
    }

    private static (int Before, int After) PaddingOf(
        NodeContext node, int input, int axis, int axes, IReadOnlyList<int> kernel, int[] strides, int[] dilations)
    {
        string mode = node.Attributes.Text("auto_pad", "NOTSET");
        switch (mode)
        {
            case "NOTSET":
                return Explicit(node, axis, axes);
            case "VALID":
                return (0, 0);
            case "SAME_UPPER" or "SAME_LOWER":
                int extent = ((kernel[axis] - 1) * dilations[axis]) + 1;
                int outputs = (input + strides[axis] - 1) / Math.Max(strides[axis], 1);
                int total = Math.Max(((outputs - 1) * strides[axis]) + extent - input, 0);
                return mode == "SAME_UPPER" ? (total / 2, total - (total / 2)) : (total - (total / 2), total / 2);
            default:
                throw node.Malformed($"auto_pad is NOTSET, VALID, SAME_UPPER or SAME_LOWER. Received: {OnnxText.Quoted(mode)}");
        }
    }
}
