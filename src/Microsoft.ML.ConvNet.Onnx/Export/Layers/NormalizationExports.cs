using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Onnx.Format;

namespace Microsoft.ML.ConvNet.Onnx.Export.Layers;

/// <summary>Normalisations, whose channels stand first in ONNX.</summary>
internal static class NormalizationExports
{
    /// <summary>The layers.</summary>
    public static IEnumerable<KeyValuePair<Type, Func<LayerExport, ExportValue>>> All { get; } =
    [
        KeyValuePair.Create<Type, Func<LayerExport, ExportValue>>(typeof(BatchNorm), Batch),
        KeyValuePair.Create<Type, Func<LayerExport, ExportValue>>(typeof(InstanceNorm), Instance),
        KeyValuePair.Create<Type, Func<LayerExport, ExportValue>>(typeof(GroupNorm), Group),
        KeyValuePair.Create<Type, Func<LayerExport, ExportValue>>(typeof(LocalResponseNorm), LocalResponse),
    ];

    private static ExportValue Batch(LayerExport layer)
    {
        BatchNorm settings = layer.Layer<BatchNorm>();
        ExportValue input = layer.Graph.ChannelsFirst(layer.Input);
        return layer.Emit(
            "BatchNormalization",
            input.Order,
            [input.Name, layer.Initializer("weight"), layer.Initializer("bias"), layer.Initializer("running_mean"),
                layer.Initializer("running_var")],
            ExportGraph.Attribute("epsilon", settings.Epsilon),
            ExportGraph.Attribute("momentum", 1 - settings.Momentum));
    }

    private static ExportValue Instance(LayerExport layer) => OfSamples(
        layer,
        "InstanceNormalization",
        [layer.Initializer("weight"), layer.Initializer("bias")],
        ExportGraph.Attribute("epsilon", layer.Layer<InstanceNorm>().Epsilon));

    private static ExportValue Group(LayerExport layer) => OfSamples(
        layer,
        "GroupNormalization",
        [layer.Initializer("weight"), layer.Initializer("bias")],
        ExportGraph.Attribute("epsilon", layer.Layer<GroupNorm>().Epsilon),
        ExportGraph.Attribute("num_groups", layer.Layer<GroupNorm>().Groups));

    private static ExportValue LocalResponse(LayerExport layer)
    {
        LocalResponseNorm settings = layer.Layer<LocalResponseNorm>();
        return OfSamples(
            layer,
            "LRN",
            [],
            ExportGraph.Attribute("size", settings.Size),
            ExportGraph.Attribute("alpha", settings.Alpha),
            ExportGraph.Attribute("beta", settings.Beta),
            ExportGraph.Attribute("bias", settings.K));
    }

    /// <remarks>All positions become those of an image where the value is none, for engines expect four axes.</remarks>
    private static ExportValue OfSamples(LayerExport layer, string operation, string[] parameters, params AttributeProto[] attributes)
    {
        ExportValue input = layer.Graph.ChannelsFirst(layer.Input);
        if (input.Shape.IsImage)
        {
            return layer.Emit(operation, input.Order, [input.Name, .. parameters], attributes);
        }

        string image = layer.Graph.Node(
            "Reshape", $"{layer.Name}/image",
                [input.Name, layer.Graph.Integers($"{layer.Name}/image/shape", 0, input.Shape.Channels, -1, 1)]);
        string normalised = layer.Graph.Node(operation, $"{layer.Name}/normalise", [image, .. parameters], attributes);
        return layer.Emit(
            "Reshape", input.Order,
                [normalised, layer.Graph.Integers($"{layer.Name}/shape", [0, .. ExportGraph.DimensionsOf(input).Skip(1)])]);
    }
}
