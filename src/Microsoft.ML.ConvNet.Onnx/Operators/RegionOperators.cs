using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Onnx.Export;
using Microsoft.ML.ConvNet.Onnx.Format;
using Microsoft.ML.ConvNet.Onnx.Import;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Onnx.Operators;

/// <summary>Pooling of regions of interest. Their first axis counts the regions, so that the features are those of one sample.</summary>
internal static class RegionOperators
{
    private const int AlignedByDefault = 16;

    /// <summary>The rows.</summary>
    public static IReadOnlyList<OperatorRow> All { get; } =
    [
        OperatorRow.Of<RoiAlign2D>(WriteAlign, new OperatorDefinition("RoiAlign", Align)),
        OperatorRow.Of<RoiPool2D>(WritePool, new OperatorDefinition("MaxRoiPool", Pool)),
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
            : writer.Constant(ParameterValues.Of(((ConstantValue)boxes).Tensor), [.. boxes.Dimensions], node.Name);
        SymbolicTensor pooled = writer.Apply(layer, [image, regions], node.Name);
        int[] dimensions = [pooled.Shape[0], pooled.Shape[3], pooled.Shape[1], pooled.Shape[2]];
        return new GraphValue(pooled, dimensions, AxisLayout.Of(dimensions, [0, 2, 3, 1]));
    }

    private static ExportValue WriteAlign(LayerExport layer)
    {
        RoiAlign2D settings = layer.Layer<RoiAlign2D>();
        string samples = layer.Graph.Integers($"{layer.Name}.samples", Enumerable.Repeat(0, layer.OutputShape[0]));
        return Write(
            layer,
            "RoiAlign",
            [layer.Graph.ChannelsFirst(layer.Input).Name, Boxes(layer), samples],
            ExportGraph.Attribute("output_height", settings.OutputSize.Height),
            ExportGraph.Attribute("output_width", settings.OutputSize.Width),
            ExportGraph.Attribute("spatial_scale", settings.SpatialScale),
            ExportGraph.Attribute("sampling_ratio", settings.SamplingRatio),
            ExportGraph.Attribute("mode", settings.Mode == RoiAlignMode.Maximum ? "max" : "avg"),
            ExportGraph.Attribute("coordinate_transformation_mode", settings.Aligned ? "half_pixel" : "output_half_pixel"));
    }

    private static ExportValue WritePool(LayerExport layer)
    {
        RoiPool2D settings = layer.Layer<RoiPool2D>();
        string samples = layer.Graph.Floats($"{layer.Name}.samples", [layer.OutputShape[0], 1], new float[layer.OutputShape[0]]);
        string regions = layer.Graph.Node("Concat", $"{layer.Name}/regions", [samples, Boxes(layer)], ExportGraph.Attribute("axis", 1));
        return Write(
            layer,
            "MaxRoiPool",
            [layer.Graph.ChannelsFirst(layer.Input).Name, regions],
            ExportGraph.Attribute("pooled_shape", [settings.OutputSize.Height, settings.OutputSize.Width]),
            ExportGraph.Attribute("spatial_scale", settings.SpatialScale));
    }

    private static string Boxes(LayerExport layer) => layer.Graph.Node(
        "Reshape", $"{layer.Name}/boxes",
            [layer.Graph.AsIs(layer.Inputs[1]).Name, layer.Graph.Integers($"{layer.Name}/boxes/shape", -1, 4)]);

    private static ExportValue Write(LayerExport layer, string operation, string[] inputs, params AttributeProto[] attributes)
    {
        Shape shape = layer.OutputShape;
        string pooled = layer.Graph.Node(operation, layer.Name, inputs, attributes);
        string moved = layer.Graph.Node("Transpose", $"{layer.Name}/channels_last", [pooled], ExportGraph.Attribute("perm", [0, 2, 3, 1]));
        return new ExportValue(
            layer.Graph.Node("Unsqueeze", $"{layer.Name}/sample", [moved, layer.Graph.Integers($"{layer.Name}.axis", 0)]), shape,
                ExportOrder.AsIs);
    }
}
