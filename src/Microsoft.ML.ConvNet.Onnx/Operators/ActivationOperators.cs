using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Onnx.Export;
using Microsoft.ML.ConvNet.Onnx.Format;
using Microsoft.ML.ConvNet.Onnx.Import;

namespace Microsoft.ML.ConvNet.Onnx.Operators;

/// <summary>Functions of one element.</summary>
internal static class ActivationOperators
{
    /// <summary>The rows.</summary>
    public static IReadOnlyList<OperatorRow> All { get; } =
    [
        Function<ReLU>("Relu", _ => new ReLU()),
        Function<LeakyReLU>("LeakyRelu", node => new LeakyReLU(node.Attributes.Float("alpha", 0.01f)), layer => Alpha(layer.Slope)),
        Function<ELU>("Elu", node => new ELU(node.Attributes.Float("alpha", 1)), layer => Alpha(layer.Alpha)),
        Function<CELU>("Celu", node => new CELU(node.Attributes.Float("alpha", 1)), layer => Alpha(layer.Alpha)),
        Function<SELU>("Selu", Selu),
        Function<Sigmoid>("Sigmoid", _ => new Sigmoid()),
        Function<HardSigmoid>("HardSigmoid", HardSigmoid, layer => [.. Alpha(layer.Alpha), ExportGraph.Attribute("beta", 0.5f)]),
        Function<HardSwish>("HardSwish", _ => new HardSwish()),
        OperatorRow.Of<SiLU>(SelfGated, new OperatorDefinition("Swish", Swish)),
        Function<Mish>("Mish", _ => new Mish()),
        Function<GELU>("Gelu", Gelu, layer => [ExportGraph.Attribute("approximate", layer.Approximate ? "tanh" : "none")]),
        OperatorRow.OnlyRead(
            new OperatorDefinition("com.microsoft.Gelu", node => (OnnxValue)Apply(node, node.Graph(0), new GELU())),
            new OperatorDefinition("com.microsoft.FastGelu", node => (OnnxValue)FastGelu(node)),
            new OperatorDefinition("ImageScaler", node => (OnnxValue)ScaledImage(node))),
        Function<Softplus>("Softplus", _ => new Softplus()),
        Function<Softsign>("Softsign", _ => new Softsign()),
        Function<Tanh>("Tanh", _ => new Tanh()),
        Function<ThresholdedReLU>(
            "ThresholdedRelu", node => new ThresholdedReLU(node.Attributes.Float("alpha", 1)), layer => Alpha(layer.Alpha)),
        Function<Exp>("Exp", _ => new Exp()),
        Function<Log>("Log", _ => new Log()),
        Function<Sqrt>("Sqrt", _ => new Sqrt()),
        Function<Reciprocal>("Reciprocal", _ => new Reciprocal()),
        Function<Erf>("Erf", _ => new Erf()),
        Function<Abs>("Abs", _ => new Abs(), fold: value => value < 0 ? -value : value),
        Function<Negate>("Neg", _ => new Negate(), fold: value => -value),
        OperatorRow.Of<ClippedReLU>(
            layer => layer.EmitWithNumbers("Clip", 0, layer.Layer<ClippedReLU>().Maximum), new OperatorDefinition("Clip", Clip)),
        OperatorRow.Of<PReLU>(Parametric, new OperatorDefinition("PRelu", ParametricRelu)),
    ];

    /// <summary>Applies a layer that computes each element on its own: the layout does not matter.</summary>
    public static GraphValue Apply(NodeContext node, GraphValue value, Layer layer) =>
        value with { Tensor = node.Apply(layer, value.Tensor) };

    /// <summary>A function that is one operator.</summary>
    /// <param name="name">The operator's name.</param>
    /// <param name="read">The layer of a node.</param>
    /// <param name="attributes">The attributes that a layer is written with; none where not given.</param>
    /// <param name="fold">The function of whole numbers that are known; null where it is for numbers that the graph computes only.</param>
    private static OperatorRow Function<TLayer>(
        string name, Func<NodeContext, TLayer> read, Func<TLayer, AttributeProto[]>? attributes = null, Func<long, long>? fold = null)
        where TLayer : Layer =>
        Function(name, node => Apply(node, node.Graph(0), read(node)), attributes, fold);

    private static OperatorRow Function<TLayer>(
        string name, Func<NodeContext, GraphValue> read, Func<TLayer, AttributeProto[]>? attributes = null, Func<long, long>? fold = null)
        where TLayer : Layer =>
        OperatorRow.Of<TLayer>(
            layer => layer.EmitElementwise(name, attributes?.Invoke(layer.Layer<TLayer>()) ?? []),
            new OperatorDefinition(name, node => (OnnxValue)read(node))
            {
                Fold = fold is null ? null : node => WholeNumbers.Map(node, fold),
            });

    private static AttributeProto[] Alpha(float alpha) => [ExportGraph.Attribute("alpha", alpha)];

    private static GraphValue Selu(NodeContext node)
    {
        if (!node.Attributes.Has("alpha") && !node.Attributes.Has("gamma"))
        {
            return Apply(node, node.Graph(0), new SELU());
        }

        const float UsualAlpha = 1.67326319217681884765625f;
        const float UsualGamma = 1.05070102214813232421875f;
        GraphValue elu = Apply(node, node.Graph(0), new ELU(node.Attributes.Float("alpha", UsualAlpha)));
        return Scaled(node, elu, node.Attributes.Float("gamma", UsualGamma));
    }

    /// <remarks>max(0, min(1, alpha x + beta)) is the layer's function of x + (beta - 1/2) / alpha.</remarks>
    private static GraphValue HardSigmoid(NodeContext node)
    {
        float alpha = node.Attributes.Float("alpha", 0.2f);
        float beta = node.Attributes.Float("beta", 0.5f);
        if (!(alpha > 0))
        {
            throw node.Unsupported(FormattableString.Invariant($"alpha is over 0. Received: {alpha}"));
        }

        GraphValue value = node.Graph(0);
        const float Centre = 0.5f;
        if (beta != Centre)
        {
            value = node.Writer.Broadcast(new Add(), [value, Scalar((beta - Centre) / alpha)], $"{node.Name}/shift");
        }

        return Apply(node, value, new HardSigmoid(alpha));
    }

    private static GraphValue Swish(NodeContext node)
    {
        float alpha = node.Attributes.Float("alpha", 1);
        GraphValue value = node.Graph(0);
        if (alpha == 1)
        {
            return Apply(node, value, new SiLU());
        }

        GraphValue gate = Apply(node, Scaled(node, value, alpha), new Sigmoid());
        return node.Writer.Broadcast(new Multiply(), [value, gate], node.Name);
    }

    private static GraphValue Gelu(NodeContext node)
    {
        string approximate = node.Attributes.Text("approximate", "none");
        return approximate is "none" or "tanh"
            ? Apply(node, node.Graph(0), new GELU { Approximate = approximate == "tanh" })
            : throw node.Unsupported($"approximate is none or tanh. Received: {OnnxText.Quoted(approximate)}");
    }

    private static GraphValue FastGelu(NodeContext node)
    {
        GraphValue value = node.Has(1) ? node.Writer.Broadcast(new Add(), [node.Input(0), node.Input(1)], $"{node.Name}/bias") : node.Graph(0);
        return Apply(node, value, new GELU { Approximate = true });
    }

    /// <remarks>Of ONNX's first year, in models for style transfer: scale x + bias, with a bias a channel.</remarks>
    private static GraphValue ScaledImage(NodeContext node)
    {
        GraphValue value = node.Graph(0);
        float[] bias = [.. node.Attributes.Floats("bias") ?? []];
        if (value.Rank != 4 || bias.Length != value.LogicalDimensions[1])
        {
            throw node.Malformed(FormattableString.Invariant($"it has a bias for each channel of images. Received: {bias.Length} for {OnnxText.Dimensions(value.LogicalDimensions)}"));
        }

        ConstantValue scale = new(new OnnxTensor([], [node.Attributes.Float("scale", 1)]));
        GraphValue scaled = node.Writer.Broadcast(new Multiply(), [value, scale], $"{node.Name}/scale");
        return node.Writer.Broadcast(new Add(), [scaled, new ConstantValue(new OnnxTensor([bias.Length, 1, 1], bias))], node.Name);
    }

    private static GraphValue Clip(NodeContext node)
    {
        GraphValue value = node.Graph(0);
        float? least = Limit(node, "min", 1);
        float? most = Limit(node, "max", 2);
        if (least == 0 && (most is null || most is > 0 and < float.MaxValue))
        {
            return Apply(node, value, most is null ? new ReLU() : new ClippedReLU(most.Value));
        }

        if (least is not null)
        {
            value = node.Writer.Broadcast(new Maximum(), [value, Scalar(least.Value)], node.Name);
        }

        return most is null ? value : node.Writer.Broadcast(new Minimum(), [value, Scalar(most.Value)], node.Name);
    }

    /// <summary>A limit, which stood in an attribute before opset 11; null where there is none.</summary>
    private static float? Limit(NodeContext node, string attribute, int input)
    {
        float? limit = node.OptionalNumber(input)
            ?? (node.Attributes.Has(attribute) ? node.Attributes.Float(attribute, 0) : null);
        return limit is { } value && MathF.Abs(value) < float.MaxValue ? value : null;
    }

    /// <remarks>
    /// x for x over 0, else slope x. One slope a channel, or one for all, is the layer; any other shape is relu(x) - slope relu(-x).
    /// Before opset 7 a list of slopes was one a channel; since then it broadcasts as numpy does.
    /// </remarks>
    private static GraphValue ParametricRelu(NodeContext node)
    {
        GraphValue value = node.Graph(0);
        OnnxTensor? slope = node.Input(1) is ConstantValue constant ? constant.Tensor : null;
        if (slope is not null && (slope.Count == 1 || IsPerChannel(node, slope, value)))
        {
            bool isShared = slope.Count == 1;
            GraphValue ordered = isShared ? value : node.Writer.ChannelsLast(value, node.Name);
            SymbolicTensor shaped = isShared
                ? ordered.Tensor
                : node.Writer.Shaped(ordered.Tensor,
                    [.. ordered.Layout.Without(factor => factor.Axis == 1).Extents, value.LogicalDimensions[1]], node.Name);
            return ordered with { Tensor = node.Apply(new PReLU { Shared = isShared }, shaped, ("weight", ParameterValues.Of(slope))) };
        }

        SymbolicTensor negated = node.Writer.Apply(new Negate(), [value.Tensor], $"{node.Name}/negate");
        GraphValue negative = value with { Tensor = node.Writer.Apply(new ReLU(), [negated], $"{node.Name}/negative") };
        GraphValue positive = value with { Tensor = node.Writer.Apply(new ReLU(), [value.Tensor], $"{node.Name}/positive") };
        GraphValue sloped = node.Writer.Broadcast(new Multiply(), [negative, node.Input(1)], $"{node.Name}/slope");
        return node.Writer.Broadcast(new Subtract(), [positive, sloped], node.Name);
    }

    private static bool IsPerChannel(NodeContext node, OnnxTensor slope, GraphValue value)
    {
        const int NumpyBroadcasting = 7;
        if (value.Rank < 2 || slope.Count != value.LogicalDimensions[1] || value.LogicalDimensions[1] == 1)
        {
            return false;
        }

        int fromEnd = value.Rank - 2;
        return (node.Opset < NumpyBroadcasting && slope.Dimensions.Count == 1)
            || (slope.Dimensions.Count > fromEnd && slope.Dimensions[^(fromEnd + 1)] == slope.Count);
    }

    private static GraphValue Scaled(NodeContext node, GraphValue value, float scale) =>
        node.Writer.Broadcast(new Multiply(), [value, Scalar(scale)], $"{node.Name}/scale");

    private static ConstantValue Scalar(float value) => new(new OnnxTensor([], [value]));

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
        float[] slopes = layer.Parameter("weight").ToArray();
        string slope = layer.Initializer("weight", slopes, [slopes.Length, .. Enumerable.Repeat(1, behind)]);
        return input with { Name = layer.Graph.Node("PRelu", layer.Name, [input.Name, slope]) };
    }
}
