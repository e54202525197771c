using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;

namespace Microsoft.ML.ConvNet.Onnx.Import.Operators;

/// <summary>Pooling of regions of interest. Their first axis counts the regions, so that the features are those of one sample.</summary>
internal static class RegionOperators
{
    private const int AlignedByDefault = 16;

    /// <summary>The operators.</summary>
    public static IReadOnlyList<OperatorDefinition> All { get; } =
    [
        new OperatorDefinition("RoiAlign", Align),
        new OperatorDefinition("MaxRoiPool", Pool),
    ];

    private static GraphValue Align(NodeContext node)
    {
        if (node.Integers(2).Any(sample => sample != 0))
        {
            throw node.Unsupported("all regions are of the one sample. Received: others");
        }

        string coordinates = node.Attributes.Text(
            "coordinate_transformation_mode", node.Opset >= AlignedByDefault ? "half_pixel" : "output_half_pixel");
        RoiAlign2D layer = new(new Size2D((int)node.Attributes.Int("output_height", 1), (int)node.Attributes.Int("output_width", 1)))
        {
            SpatialScale = node.Attributes.Float("spatial_scale", 1),
            SamplingRatio = (int)node.Attributes.Int("sampling_ratio", 0),
            Aligned = coordinates == "half_pixel",
            Mode = node.Attributes.Text("mode", "avg") == "max" ? RoiAlignMode.Maximum : RoiAlignMode.Average,
        };
        return Regions(node, layer, node.Input(1));
    }

    /// <remarks>The first number of a region is that of its sample.</remarks>
    private static GraphValue Pool(NodeContext node)
    {
        IReadOnlyList<long> size = node.Attributes.Ints("pooled_shape") ?? [];
        if (size.Count != 2 || node.Input(1).Dimensions is not [_, 5])
        {
            throw node.Malformed(
                "pooled_shape is a height and a width, and a region has 5 numbers. "
                + $"Received: {OnnxText.Dimensions(node.Input(1).Dimensions)}");
        }

        RoiPool2D layer = new(new Size2D((int)size[0], (int)size[1])) { SpatialScale = node.Attributes.Float("spatial_scale", 1) };
        OnnxValue boxes = SelectionOperators.Part(node, node.Input(1), [AxisRange.Of(1, 1, 5, 1, 5)], $"{node.Name}/boxes");
        return Regions(node, layer, boxes);
    }

    private static GraphValue Regions(NodeContext node, Layer layer, OnnxValue boxes)
    {
        GraphWriter writer = node.Writer;
        if (writer.IsBatched)
        {
            throw node.AcrossBatch();
        }

        SymbolicTensor image = writer.Image(node.Graph(0), node);
        SymbolicTensor regions = boxes is GraphValue value
            ? writer.Shaped(writer.Plain(value, node.Name).Tensor, [.. boxes.Dimensions], node.Name)
            : writer.Constant(((ConstantValue)boxes).Tensor.ToArray(), [.. boxes.Dimensions], node.Name);
        SymbolicTensor pooled = writer.Apply(layer, [image, regions], node.Name);
        int[] dimensions = [pooled.Shape[0], pooled.Shape[3], pooled.Shape[1], pooled.Shape[2]];
        return new GraphValue(pooled, dimensions, AxisLayout.Of(dimensions, [0, 2, 3, 1]));
    }
}
