using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Onnx.Format;

namespace Microsoft.ML.ConvNet.Onnx.Export.Layers;

/// <summary>Layers that compute element by element of several inputs, which ONNX broadcasts as they do.</summary>
internal static class ArithmeticExports
{
    /// <summary>The layers.</summary>
    public static IEnumerable<KeyValuePair<Type, Func<LayerExport, ExportValue>>> All { get; } =
    [
        Of<Add>(layer => Joined(layer, "Add", "Sum")),
        Of<Multiply>(layer => Joined(layer, "Mul", null)),
        Of<Subtract>(layer => Joined(layer, "Sub", null)),
        Of<Divide>(layer => Joined(layer, "Div", null)),
        Of<Power>(layer => Joined(layer, "Pow", null)),
        Of<Maximum>(layer => Joined(layer, "Max", "Max")),
        Of<Minimum>(layer => Joined(layer, "Min", "Min")),
        Of<Compare>(Comparison),
        Of<Where>(Choice),
    ];

    /// <summary>Inputs in one order: with their channels first where one of them has them there.</summary>
    public static ExportValue[] InOneOrder(LayerExport layer)
    {
        if (layer.Inputs.All(input => input.Order == ExportOrder.FlattenedChannelsFirst && input.Source == layer.Input.Source))
        {
            return [.. layer.Inputs];
        }

        bool channelsFirst = layer.Inputs.Any(input => input.Order == ExportOrder.ChannelsFirst);
        return [.. layer.Inputs.Select(input => layer.Graph.In(input, channelsFirst ? ExportOrder.ChannelsFirst : ExportOrder.AsIs))];
    }

    private static KeyValuePair<Type, Func<LayerExport, ExportValue>> Of<T>(Func<LayerExport, ExportValue> export)
        where T : Layer =>
        KeyValuePair.Create(typeof(T), export);

    /// <param name="layer">The layer.</param>
    /// <param name="two">The operator of two inputs.</param>
    /// <param name="many">That of any number; null where there is none, and two are joined at a time.</param>
    private static ExportValue Joined(LayerExport layer, string two, string? many)
    {
        ExportValue[] inputs = InOneOrder(layer);
        if (inputs.Length > 2 && many is not null)
        {
            return Result(layer, inputs, layer.Graph.Node(many, layer.Name, inputs.Select(input => input.Name)));
        }

        string joined = inputs[0].Name;
        for (int i = 1; i < inputs.Length; i++)
        {
            joined = layer.Graph.Node(two, i == inputs.Length - 1 ? layer.Name : $"{layer.Name}/{i}", [joined, inputs[i].Name]);
        }

        return Result(layer, inputs, joined);
    }

    private static ExportValue Comparison(LayerExport layer)
    {
        string operation = layer.Layer<Compare>().Comparison switch
        {
            ConvNet.Layers.Comparison.Less => "Less",
            ConvNet.Layers.Comparison.LessOrEqual => "LessOrEqual",
            ConvNet.Layers.Comparison.Greater => "Greater",
            ConvNet.Layers.Comparison.GreaterOrEqual => "GreaterOrEqual",
            _ => "Equal",
        };
        ExportValue[] inputs = InOneOrder(layer);
        string truth = layer.Graph.Node(operation, layer.Name, inputs.Select(input => input.Name));
        return Result(layer, inputs, layer.Graph.Node("Cast", $"{layer.Name}/number", [truth], To(OnnxElementType.Float)));
    }

    private static ExportValue Choice(LayerExport layer)
    {
        ExportValue[] inputs = InOneOrder(layer);
        string condition = layer.Graph.Node("Cast", $"{layer.Name}/condition", [inputs[0].Name], To(OnnxElementType.Bool));
        return Result(layer, inputs, layer.Graph.Node("Where", layer.Name, [condition, inputs[1].Name, inputs[2].Name]));
    }

    private static AttributeProto To(OnnxElementType type) => ExportGraph.Attribute("to", (long)type);

    private static ExportValue Result(LayerExport layer, ExportValue[] inputs, string name) =>
        new(name, layer.OutputShape, inputs[0].Order) { Source = inputs[0].Source };
}
