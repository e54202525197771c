using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Onnx.Format;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Onnx.Export.Layers;

/// <summary>Pooling of regions of interest, of one sample: the first axis of its result counts regions in ONNX.</summary>
internal static class RegionExports
{
    /// <summary>The layers.</summary>
    public static IEnumerable<KeyValuePair<Type, Func<LayerExport, ExportValue>>> All { get; } =
    [
        KeyValuePair.Create<Type, Func<LayerExport, ExportValue>>(typeof(RoiAlign2D), Aligned),
        KeyValuePair.Create<Type, Func<LayerExport, ExportValue>>(typeof(RoiPool2D), Pooled),
    ];

    private static ExportValue Aligned(LayerExport layer)
    {
        RoiAlign2D settings = layer.Layer<RoiAlign2D>();
        string samples = layer.Graph.Integers($"{layer.Name}.samples", Enumerable.Repeat(0, layer.OutputShape[0]));
        return Result(
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

    private static ExportValue Pooled(LayerExport layer)
    {
        RoiPool2D settings = layer.Layer<RoiPool2D>();
        string samples = layer.Graph.Floats($"{layer.Name}.samples", [layer.OutputShape[0], 1], new float[layer.OutputShape[0]]);
        string regions = layer.Graph.Node("Concat", $"{layer.Name}/regions", [samples, Boxes(layer)], ExportGraph.Attribute("axis", 1));
        return Result(
            layer,
            "MaxRoiPool",
            [layer.Graph.ChannelsFirst(layer.Input).Name, regions],
            ExportGraph.Attribute("pooled_shape", [settings.OutputSize.Height, settings.OutputSize.Width]),
            ExportGraph.Attribute("spatial_scale", settings.SpatialScale));
    }

    private static string Boxes(LayerExport layer) => layer.Graph.Node(
        "Reshape", $"{layer.Name}/boxes",
            [layer.Graph.AsIs(layer.Inputs[1]).Name, layer.Graph.Integers($"{layer.Name}/boxes/shape", -1, 4)]);

    private static ExportValue Result(LayerExport layer, string operation, string[] inputs, params AttributeProto[] attributes)
    {
        Shape shape = layer.OutputShape;
        string pooled = layer.Graph.Node(operation, layer.Name, inputs, attributes);
        string moved = layer.Graph.Node("Transpose", $"{layer.Name}/channels_last", [pooled], ExportGraph.Attribute("perm", [0, 2, 3, 1]));
        return new ExportValue(
            layer.Graph.Node("Unsqueeze", $"{layer.Name}/sample", [moved, layer.Graph.Integers($"{layer.Name}.axis", 0)]), shape,
                ExportOrder.AsIs);
    }
}
