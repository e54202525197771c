using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Onnx.Export;
using Microsoft.ML.ConvNet.Onnx.Format;
using Microsoft.ML.ConvNet.Onnx.Import;

namespace Microsoft.ML.ConvNet.Onnx.Operators;

/// <summary>Normalisation by statistics of a channel, a sample or a group.</summary>
internal static class NormalizationOperators
{
    private const float UsualEpsilon = 1e-5f;

    /// <summary>The rows.</summary>
    public static IReadOnlyList<OperatorRow> All { get; } =
    [
        OperatorRow.Of<BatchNorm>(WriteBatch, new OperatorDefinition("BatchNormalization", BatchNormalization)),
        OperatorRow.Of<InstanceNorm>(WriteInstance, new OperatorDefinition("InstanceNormalization", InstanceNormalization)),
        OperatorRow.Of<GroupNorm>(WriteGroup, new OperatorDefinition("GroupNormalization", GroupNormalization)),
        OperatorRow.Of<LocalResponseNorm>(WriteLocalResponse, new OperatorDefinition("LRN", LocalResponse)),
        OperatorRow.OnlyRead(new OperatorDefinition("LayerNormalization", LayerNormalization)),
    ];

    private static GraphValue BatchNormalization(NodeContext node)
    {
        const int FirstWithoutSpatial = 9;
        if (node.Attributes.Flag("training_mode") || node.HasOutput(1))
        {
            throw node.Unsupported("it uses the running statistics. Received: training mode, or the statistics as outputs");
        }

        if (node.Opset < FirstWithoutSpatial && !node.Attributes.Flag("spatial", otherwise: true))
        {
            throw node.Unsupported("its statistics are those of channels. Received: spatial = 0");
        }

        GraphValue input = node.Graph(0);
        int channels = Channels(node, input);
        float momentum = 1 - node.Attributes.Float("momentum", 0.9f);
        BatchNorm layer = new() { Epsilon = node.Attributes.Float("epsilon", UsualEpsilon) };
        layer = momentum is > 0 and <= 1 ? layer with { Momentum = momentum } : layer;
        return OfChannels(
            node,
            input,
            layer,
            ("weight", OfChannel(node, 1, channels)),
            ("bias", OfChannel(node, 2, channels)),
            ("running_mean", OfChannel(node, 3, channels)),
            ("running_var", OfChannel(node, 4, channels)));
    }

    private static GraphValue InstanceNormalization(NodeContext node)
    {
        GraphValue input = node.Graph(0);
        int channels = Channels(node, input);
        InstanceNorm layer = new() { Epsilon = node.Attributes.Float("epsilon", UsualEpsilon) };
        return OfSamples(node, input, layer, ("weight", OfChannel(node, 1, channels)), ("bias", OfChannel(node, 2, channels)));
    }

    /// <remarks>Until opset 20 there is one scale and one shift a group, then one a channel.</remarks>
    private static GraphValue GroupNormalization(NodeContext node)
    {
        const int OneScaleAChannel = 21;
        GraphValue input = node.Graph(0);
        int channels = Channels(node, input);
        int groups = (int)node.Attributes.Int("num_groups", 0);
        if (groups < 1 || channels % groups != 0)
        {
            throw node.Malformed(FormattableString.Invariant($"num_groups divides the {channels} channels. Received: {groups}"));
        }

        GroupNorm layer = new(groups) { Epsilon = node.Attributes.Float("epsilon", UsualEpsilon) };
        int given = node.Opset < OneScaleAChannel ? groups : channels;
        return OfSamples(node, input, layer, ("weight", OfGroups(node, 1, given)), ("bias", OfGroups(node, 2, given)));
    }

    /// <remarks>(x - mean) / sqrt(variance + epsilon) * scale + shift over the axes from one on, of other layers.</remarks>
    private static GraphValue LayerNormalization(NodeContext node)
    {
        if (node.HasOutput(1) || node.HasOutput(2))
        {
            throw node.Unsupported("it has one output. Received: the statistics as further ones");
        }

        GraphValue input = node.Graph(0);
        int axis = node.SampleAxis(node.Attributes.Int("axis", -1), input.Rank);
        int[] axes = [.. Enumerable.Range(axis, input.Rank - axis)];
        int[] reduced = [.. input.LogicalDimensions.Take(axis), .. Enumerable.Repeat(1, axes.Length)];
        GraphWriter writer = node.Writer;
        GraphValue mean = ReductionOperators.Reduce(node, input, ReduceFunction.Mean, axes, reduced, same => same);
        GraphValue centred = writer.Broadcast(new Subtract(), [input, mean], $"{node.Name}/centre");
        GraphValue squares = writer.Broadcast(new Multiply(), [centred, centred], $"{node.Name}/square");
        GraphValue variance = ReductionOperators.Reduce(node, squares, ReduceFunction.Mean, axes, reduced, same => same);
        OnnxValue epsilon = new ConstantValue(new OnnxTensor([], [node.Attributes.Float("epsilon", UsualEpsilon)]));
        GraphValue shifted = writer.Broadcast(new Add(), [variance, epsilon], $"{node.Name}/epsilon");
        GraphValue deviation = shifted with { Tensor = writer.Apply(new Sqrt(), [shifted.Tensor], $"{node.Name}/deviation") };
        GraphValue normalised = writer.Broadcast(new Divide(), [centred, deviation], $"{node.Name}/normalise");
        GraphValue scaled = writer.Broadcast(new Multiply(), [normalised, node.Input(1)], $"{node.Name}/scale");
        return node.Has(2) ? writer.Broadcast(new Add(), [scaled, node.Input(2)], node.Name) : scaled;
    }

    private static GraphValue LocalResponse(NodeContext node)
    {
        GraphValue input = node.Graph(0);
        _ = Channels(node, input);
        return OfChannels(node, input, new LocalResponseNorm((int)node.Attributes.Int("size", 0))
        {
            Alpha = node.Attributes.Float("alpha", 1e-4f),
            Beta = node.Attributes.Float("beta", 0.75f),
            K = node.Attributes.Float("bias", 1),
        });
    }

    private static int Channels(NodeContext node, GraphValue input) => input.Rank >= 2
        ? input.LogicalDimensions[1]
        : throw node.Malformed($"its input has channels, [N, C, ...]. Received: {OnnxText.Dimensions(input.LogicalDimensions)}");

    private static ParameterValues OfChannel(NodeContext node, int input, int count) => ParameterValues.Of(Counted(node, input, count));

    /// <summary>One number a group, or already one a channel.</summary>
    private static ParameterValues OfGroups(NodeContext node, int input, int count)
    {
        OnnxTensor values = Counted(node, input, count);
        return new ParameterValues(destination =>
        {
            for (int channel = 0; channel < destination.Length; channel++)
            {
                destination[channel] = values.FloatSpan[values.IsUniform ? 0 : (int)((long)channel * count / destination.Length)];
            }
        });
    }

    private static OnnxTensor Counted(NodeContext node, int input, int count)
    {
        OnnxTensor values = node.KnownFloats(input);
        return values.Count == count ? values : throw node.Malformed(
            $"its input number {input} has {count} numbers. "
            + $"Received: {values.Count}");
    }

    /// <summary>Applies a layer that treats every position alike.</summary>
    private static GraphValue OfChannels(NodeContext node, GraphValue input, Layer layer, params (string Name, ParameterValues Values)[] parameters)
    {
        GraphValue ordered = node.Writer.ChannelsLast(input, node.Name);
        SymbolicTensor tensor = ordered.Tensor.Shape.Channels == input.LogicalDimensions[1]
            ? ordered.Tensor
            : node.Writer.Shaped(ordered.Tensor,
                [ordered.Tensor.Shape.ElementCount / input.LogicalDimensions[1], input.LogicalDimensions[1]], node.Name);
        return ordered with { Tensor = node.Apply(layer, tensor, parameters) };
    }

    /// <summary>Applies a layer whose statistics are those of a sample, all positions together.</summary>
    private static GraphValue OfSamples(NodeContext node, GraphValue input, Layer layer, params (string Name, ParameterValues Values)[] parameters)
    {
        if (!node.Writer.IsBatched && input.LogicalDimensions[0] != 1)
        {
            throw node.Unsupported(
                "in a graph that computes across the first axis its input holds one sample. "
                + $"Received: {OnnxText.Dimensions(input.LogicalDimensions)}");
        }

        return OfChannels(node, input, layer, parameters);
    }

    private static ExportValue WriteBatch(LayerExport layer)
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

    private static ExportValue WriteInstance(LayerExport layer) => Write(
        layer,
        "InstanceNormalization",
        [layer.Initializer("weight"), layer.Initializer("bias")],
        ExportGraph.Attribute("epsilon", layer.Layer<InstanceNorm>().Epsilon));

    private static ExportValue WriteGroup(LayerExport layer) => Write(
        layer,
        "GroupNormalization",
        [layer.Initializer("weight"), layer.Initializer("bias")],
        ExportGraph.Attribute("epsilon", layer.Layer<GroupNorm>().Epsilon),
        ExportGraph.Attribute("num_groups", layer.Layer<GroupNorm>().Groups));

    private static ExportValue WriteLocalResponse(LayerExport layer)
    {
        LocalResponseNorm settings = layer.Layer<LocalResponseNorm>();
        return Write(
            layer,
            "LRN",
            [],
            ExportGraph.Attribute("size", settings.Size),
            ExportGraph.Attribute("alpha", settings.Alpha),
            ExportGraph.Attribute("beta", settings.Beta),
            ExportGraph.Attribute("bias", settings.K));
    }

    /// <remarks>All positions become those of an image where the value is none, for engines expect four axes.</remarks>
    private static ExportValue Write(LayerExport layer, string operation, string[] parameters, params AttributeProto[] attributes)
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
