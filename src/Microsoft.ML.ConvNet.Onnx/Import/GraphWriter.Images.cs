using Microsoft.ML.ConvNet.Networks;

namespace Microsoft.ML.ConvNet.Onnx.Import;

/// <content>Images and sequences, for operators with windows.</content>
internal sealed partial class GraphWriter
{
    /// <summary>A value <c>[N, C, H, W]</c> as images <c>[H, W, C]</c>; one <c>[N, C, L]</c> as images of height 1.</summary>
    /// <exception cref="OnnxImportException">It has other dimensions.</exception>
    public SymbolicTensor Image(GraphValue value, NodeContext node)
    {
        if (value.Rank is not (3 or 4))
        {
            throw node.Unsupported(
                "its input is of one or two spatial dimensions, [N, C, L] or [N, C, H, W]. "
                + $"Received: {OnnxText.Dimensions(value.LogicalDimensions)}");
        }

        if (!IsBatched && value.LogicalDimensions[0] != 1)
        {
            throw node.Unsupported(
                "in a graph that computes across the first axis its input holds one sample. "
                + $"Received: {OnnxText.Dimensions(value.LogicalDimensions)}");
        }

        GraphValue ordered = ChannelsLast(value, node.Name);
        int[] dimensions = value.LogicalDimensions;
        return Shaped(ordered.Tensor, [dimensions.Length == 4 ? dimensions[2] : 1, dimensions[^1], dimensions[1]], node.Name);
    }

    /// <summary>Images <c>[H, W, C]</c> as a value of ONNX with as many axes as another.</summary>
    public static GraphValue FromImage(SymbolicTensor image, GraphValue like)
    {
        int height = image.Shape[0];
        int width = image.Shape[1];
        int channels = image.Shape[2];
        int[] dimensions = like.Rank == 4
            ? [like.LogicalDimensions[0], channels, height, width]
            : [like.LogicalDimensions[0], channels, width];
        return new GraphValue(image, dimensions, AxisLayout.Of(dimensions, like.Rank == 4 ? [2, 3, 1] : [2, 1]));
    }

    /// <summary>A value whose second axis is innermost.</summary>
    public GraphValue ChannelsLast(GraphValue value, string name)
    {
        IEnumerable<int> spatial = value.Layout.AxisOrder.Where(axis => axis is not (0 or 1)).Order();
        bool hasSamples = !IsBatched && value.LogicalDimensions[0] != 1;
        return Ordered(value, hasSamples ? [.. spatial, 0, 1] : [.. spatial, 1], name);
    }
}
