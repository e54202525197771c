using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Onnx.Format;

namespace Microsoft.ML.ConvNet.Onnx.Export.Layers;

/// <summary>Functions of one element, and softmax.</summary>
internal static class ActivationExports
{
    /// <summary>The layers.</summary>
    public static IEnumerable<KeyValuePair<Type, Func<LayerExport, ExportValue>>> All { get; } =
    [
        Of<ReLU>("Relu"),
        Of<LeakyReLU>("LeakyRelu", layer => [ExportGraph.Attribute("alpha", layer.Slope)]),
        Of<ELU>("Elu", layer => [ExportGraph.Attribute("alpha", layer.Alpha)]),
        Of<CELU>("Celu", layer => [ExportGraph.Attribute("alpha", layer.Alpha)]),
        Of<SELU>("Selu"),
        Of<Sigmoid>("Sigmoid"),
        Of<HardSigmoid>("HardSigmoid", layer => [ExportGraph.Attribute("alpha", layer.Alpha), ExportGraph.Attribute("beta", 0.5f)]),
        Of<HardSwish>("HardSwish"),
        Of<Mish>("Mish"),
        Of<GELU>("Gelu", layer => [ExportGraph.Attribute("approximate", layer.Approximate ? "tanh" : "none")]),
        Of<Softplus>("Softplus"),
        Of<Softsign>("Softsign"),
        Of<Tanh>("Tanh"),
        Of<Erf>("Erf"),
        Of<ThresholdedReLU>("ThresholdedRelu", layer => [ExportGraph.Attribute("alpha", layer.Alpha)]),
        Of<Exp>("Exp"),
        Of<Log>("Log"),
        Of<Sqrt>("Sqrt"),
        Of<Negate>("Neg"),
        Of<Reciprocal>("Reciprocal"),
        Of<Abs>("Abs"),
        Written<SiLU>(SelfGated),
        Written<ClippedReLU>(layer => WithNumbers(layer, "Clip", 0, layer.Layer<ClippedReLU>().Maximum)),
        Written<Scale>(layer => WithNumbers(layer, "Mul", layer.Layer<Scale>().Factor)),
        Written<Dropout>(layer => WithNumbers(layer, "Dropout", layer.Layer<Dropout>().Rate)),
        Written<PReLU>(Parametric),
        Written<Softmax>(layer => AlongChannels(layer, "Softmax")),
        Written<LogSoftmax>(layer => AlongChannels(layer, "LogSoftmax")),
    ];

    private static KeyValuePair<Type, Func<LayerExport, ExportValue>> Of<T>(string operation, Func<T, AttributeProto[]>? attributes = null)
        where T : Layer =>
        Written<T>(layer => layer.EmitElementwise(operation, attributes?.Invoke(layer.Layer<T>()) ?? []));

    private static KeyValuePair<Type, Func<LayerExport, ExportValue>> Written<T>(Func<LayerExport, ExportValue> export)
        where T : Layer =>
        KeyValuePair.Create(typeof(T), export);

    /// <summary>A function that takes its numbers as further inputs.</summary>
    private static ExportValue WithNumbers(LayerExport layer, string operation, params float[] numbers)
    {
        string[] further = [.. numbers.Select((number, i) => layer.Graph.Scalar($"{layer.Name}.number{i}", number))];
        return layer.Input with { Name = layer.Graph.Node(operation, layer.Name, [layer.Input.Name, .. further]) };
    }

    private static ExportValue SelfGated(LayerExport layer)
    {
        string gate = layer.Graph.Node("Sigmoid", $"{layer.Name}/gate", [layer.Input.Name]);
        return layer.Input with { Name = layer.Graph.Node("Mul", layer.Name, [layer.Input.Name, gate]) };
    }

    /// <remarks>The slopes, one a channel, are broadcast to the axis of the channels.</remarks>
    private static ExportValue Parametric(LayerExport layer)
    {
        bool isShared = layer.Layer<PReLU>().Shared;
        ExportValue input = isShared || layer.Input.Order == ExportOrder.ChannelsFirst ? layer.Input : layer.Graph.AsIs(layer.Input);
        int behind = !isShared && input.Order == ExportOrder.ChannelsFirst ? input.Shape.Rank - 1 : 0;
        float[] slopes = layer.Parameter("weight").Span.ToArray();
        string slope = layer.Initializer("weight", slopes, [slopes.Length, .. Enumerable.Repeat(1, behind)]);
        return input with { Name = layer.Graph.Node("PRelu", layer.Name, [input.Name, slope]) };
    }

    /// <remarks>Over all elements of a vector their order does not matter.</remarks>
    private static ExportValue AlongChannels(LayerExport layer, string operation)
    {
        int axis = layer.Input.Order == ExportOrder.FlattenedChannelsFirst ? 1 : layer.Input.AxisOf(layer.Input.Shape.Rank - 1);
        return layer.EmitElementwise(operation, ExportGraph.Attribute("axis", axis));
    }
}
