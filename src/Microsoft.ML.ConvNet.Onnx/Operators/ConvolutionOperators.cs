using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Onnx.Export;
using Microsoft.ML.ConvNet.Onnx.Format;
using Microsoft.ML.ConvNet.Onnx.Import;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Onnx.Operators;

/// <summary>Convolutions over sequences and images. Their weights, [O, I / g, H, W], become [H, W, I / g, O].</summary>
internal static class ConvolutionOperators
{
    private static readonly OperatorDefinition Conv = new("Conv", Convolution);

    /// <summary>The rows.</summary>
    public static IReadOnlyList<OperatorRow> All { get; } =
    [
        OperatorRow.Of<Conv2D>(WriteConvolution, Conv),
        OperatorRow.Of<DepthwiseConv2D>(WriteDepthwise, Conv),
        OperatorRow.Of<Conv1D>(WriteSequence, Conv),
        OperatorRow.Of<ConvTranspose2D>(WriteTransposed, new OperatorDefinition("ConvTranspose", TransposedConvolution)),
        OperatorRow.OnlyRead(new OperatorDefinition("com.microsoft.FusedConv", node => (OnnxValue)Fused(node))),
    ];

    /// <remarks>What ONNX Runtime makes of a convolution, an addition and a function behind it when it saves an optimised model.</remarks>
    private static GraphValue Fused(NodeContext node)
    {
        GraphValue result = Convolution(node);
        if (node.Has(3))
        {
            result = node.Writer.Broadcast(new Add(), [result, node.Input(3)], $"{node.Name}/add");
        }

        IReadOnlyList<float> numbers = node.Attributes.Floats("activation_params") ?? [];
        string activation = node.Attributes.Text("activation", string.Empty);
        float Number(int place) => place < numbers.Count ? numbers[place]
            : throw node.Malformed($"{activation} has {place + 1} activation_params or more. Received: {numbers.Count}");
        Layer? layer = activation switch
        {
            "" => null,
            "Relu" => new ReLU(),
            "Tanh" => new Tanh(),
            "Sigmoid" => new Sigmoid(),
            "LeakyRelu" => new LeakyReLU(Number(0)),
            "Clip" when Number(0) == 0 => new ClippedReLU(Number(1)),
            "HardSigmoid" when Number(1) == 0.5f => new HardSigmoid(Number(0)),
            _ => throw node.Unsupported(
                $"activation is one of Relu, Tanh, Sigmoid, LeakyRelu, Clip from 0 and HardSigmoid with beta 0.5. Received: {OnnxText.Quoted(activation)}"),
        };
        return layer is null ? result : result with { Tensor = node.Writer.Apply(layer, [result.Tensor], $"{node.Name}/activation") };
    }

    private static GraphValue Convolution(NodeContext node)
    {
        GraphValue input = node.Graph(0);
        SymbolicTensor image = node.Writer.Image(input, node);
        OnnxTensor weight = WeightOf(node, input);
        int groups = Groups(node, input, weight.Dimensions[1]);
        SpatialWindow window = SpatialWindow.Of(node, input, [.. weight.Dimensions.Skip(2)]);
        RequireKernel(node, weight);
        Conv2D layer = new(weight.Dimensions[0], window.Kernel)
        {
            Stride = window.Stride,
            Padding = window.Padding,
            Dilation = window.Dilation,
            Groups = groups,
            UseBias = node.Has(2),
        };
        return GraphWriter.FromImage(
            node.Apply(layer, image, ParametersOf(node, weight, layer.UseBias, weight.Dimensions[0], [2, 3, 1, 0])), input);
    }

    private static GraphValue TransposedConvolution(NodeContext node)
    {
        GraphValue input = node.Graph(0);
        SymbolicTensor image = node.Writer.Image(input, node);
        OnnxTensor weight = WeightOf(node, input);
        int groups = (int)node.Attributes.Int("group", 1);
        if (groups < 1 || weight.Dimensions[0] != input.LogicalDimensions[1])
        {
            throw node.Malformed(
                "its weights have one row a channel. "
                + $"Received: weights {weight} for {OnnxText.Dimensions(input.LogicalDimensions)}");
        }

        RequireKernel(node, weight);
        int axes = input.Rank - 2;
        int[] kernel = [.. weight.Dimensions.Skip(2)];
        int[] strides = SpatialWindow.Numbers(node, "strides", axes, 1);
        int[] dilations = SpatialWindow.Numbers(node, "dilations", axes, 1);
        int[] added = SpatialWindow.Numbers(node, "output_padding", axes, 0);
        int[] wanted = SpatialWindow.Numbers(node, "output_shape", axes, 0);
        (int Before, int After)[] padding = [.. Enumerable.Range(0, axes).Select(axis => TransposedPadding(
            node, axis, axes, input.LogicalDimensions[axis + 2], kernel[axis], strides[axis], dilations[axis], wanted[axis],
                ref added[axis]))];
        (int Before, int After) vertical = axes == 2 ? padding[0] : (0, 0);
        int filters = checked(weight.Dimensions[1] * groups);
        ConvTranspose2D layer = new(filters, SpatialWindow.Size(kernel))
        {
            Stride = SpatialWindow.Size(strides),
            Dilation = SpatialWindow.Size(dilations),
            Padding = new Padding(vertical.Before, vertical.After, padding[^1].Before, padding[^1].After),
            OutputPadding = axes == 2 ? new Size2D(added[0], added[1]) : new Size2D(0, added[0]),
            Groups = groups,
            UseBias = node.Has(2),
        };
        return GraphWriter.FromImage(node.Apply(layer, image, ParametersOf(node, weight, layer.UseBias, filters, [2, 3, 1, 0])), input);
    }

    /// <summary>What is cut off the output along an axis: written out, or as much as gives the wanted length.</summary>
    private static (int Before, int After) TransposedPadding(
        NodeContext node, int axis, int axes, int input, int kernel, int stride, int dilation, int wanted, ref int added)
    {
        string mode = node.Attributes.Text("auto_pad", "NOTSET");
        bool isSame = mode is "SAME_UPPER" or "SAME_LOWER";
        if (!isSame && wanted == 0)
        {
            return mode == "VALID" ? (0, 0) : SpatialWindow.Explicit(node, axis, axes);
        }

        int length = wanted > 0 ? wanted : input * stride;
        int total = (stride * (input - 1)) + added + ((kernel - 1) * dilation) + 1 - length;
        if (total < 0)
        {
            added -= total;
            total = 0;
        }

        return mode == "SAME_UPPER" ? (total / 2, total - (total / 2)) : (total - (total / 2), total / 2);
    }

    private static OnnxTensor WeightOf(NodeContext node, GraphValue input)
    {
        OnnxTensor weight = node.Known(1);
        return weight.IsFloatingPoint && weight.Dimensions.Count == input.Rank && weight.Count > 0
            ? weight
            : throw node.Malformed($"its weights have {input.Rank} dimensions. Received: {weight}");
    }

    private static int Groups(NodeContext node, GraphValue input, int channelsOfGroup)
    {
        long groups = node.Attributes.Int("group", 1);
        return groups >= 1 && groups * channelsOfGroup == input.LogicalDimensions[1]
            ? (int)groups
            : throw node.Malformed(
                "its groups of channels are those of its input. "
                + FormattableString.Invariant($"Received: {groups} groups of {channelsOfGroup} for {OnnxText.Dimensions(input.LogicalDimensions)}"));
    }

    private static void RequireKernel(NodeContext node, OnnxTensor weight)
    {
        IReadOnlyList<long>? kernel = node.Attributes.Ints("kernel_shape");
        if (kernel is not null && !kernel.SequenceEqual(weight.Dimensions.Skip(2).Select(dimension => (long)dimension)))
        {
            throw node.Malformed($"kernel_shape is that of the weights, {weight}. Received: {OnnxText.Numbers(kernel)}");
        }
    }

    private static IEnumerable<(string Name, ParameterValues Values)> ParametersOf(
        NodeContext node, OnnxTensor weight, bool hasBias, int filters, int[] order)
    {
        int[] dimensions = weight.Dimensions.Count == 4
            ? [.. weight.Dimensions]
            : [weight.Dimensions[0], weight.Dimensions[1], 1, weight.Dimensions[2]];
        yield return ("weight", ParameterValues.Transposed(weight, dimensions, order));
        if (hasBias)
        {
            OnnxTensor bias = node.KnownFloats(2);
            yield return bias.Count == filters
                ? ("bias", ParameterValues.Of(bias))
                : throw node.Malformed($"its bias has one number a filter, {filters}. Received: {bias.Count}");
        }
    }

    private static ExportValue WriteConvolution(LayerExport layer)
    {
        Conv2D settings = layer.Layer<Conv2D>();
        AttributeProto[] window = WindowAttributes.Of(layer, settings.KernelSize, settings.Stride, settings.Dilation, settings.Padding);
        return Write(layer, "Conv", settings.UseBias, [.. window, ExportGraph.Attribute("group", settings.Groups)]);
    }

    private static ExportValue WriteDepthwise(LayerExport layer)
    {
        DepthwiseConv2D settings = layer.Layer<DepthwiseConv2D>();
        AttributeProto[] window = WindowAttributes.Of(layer, settings.KernelSize, settings.Stride, settings.Dilation, settings.Padding);
        return Write(layer, "Conv", settings.UseBias, [.. window, ExportGraph.Attribute("group", layer.Input.Shape.Channels)]);
    }

    private static ExportValue WriteSequence(LayerExport layer)
    {
        Conv1D settings = layer.Layer<Conv1D>();
        AttributeProto[] window = WindowAttributes.Of(layer, settings.KernelSize, settings.Stride, settings.Dilation, settings.Padding);
        return Write(layer, "Conv", settings.UseBias, [.. window, ExportGraph.Attribute("group", settings.Groups)]);
    }

    private static ExportValue WriteTransposed(LayerExport layer)
    {
        ConvTranspose2D settings = layer.Layer<ConvTranspose2D>();
        Size2D kernel = settings.KernelSize;
        Size2D stride = settings.Stride;
        Size2D dilation = settings.Dilation;
        Padding padding = settings.Padding;
        Size2D added = settings.OutputPadding;
        (int Before, int After, int Added) vertical = padding.IsSame
            ? Same(kernel.Height, stride.Height, dilation.Height)
            : (padding.Top, padding.Bottom, added.Height);
        (int Before, int After, int Added) horizontal = padding.IsSame
            ? Same(kernel.Width, stride.Width, dilation.Width)
            : (padding.Left, padding.Right, added.Width);
        AttributeProto[] window = WindowAttributes.Of(
            [kernel.Height, kernel.Width],
            [stride.Height, stride.Width],
            [dilation.Height, dilation.Width],
            [vertical.Before, horizontal.Before, vertical.After, horizontal.After]);
        return Write(
            layer,
            "ConvTranspose",
            settings.UseBias,
            [.. window, ExportGraph.Attribute("group", settings.Groups),
                ExportGraph.Attribute("output_padding", [vertical.Added, horizontal.Added])]);
    }

    /// <summary>What is cut off an output that is the input's size times the stride, or added to it.</summary>
    private static (int Before, int After, int Added) Same(int kernel, int stride, int dilation)
    {
        int total = ((kernel - 1) * dilation) + 1 - stride;
        return total < 0 ? (0, 0, -total) : (total / 2, total - (total / 2), 0);
    }

    private static ExportValue Write(LayerExport layer, string operation, bool hasBias, AttributeProto[] attributes)
    {
        Tensor weight = layer.Parameter("weight");
        int[] dimensions = [.. weight.Shape];
        int spatial = dimensions.Length - 2;
        int[] order = [spatial + 1, spatial, .. Enumerable.Range(0, spatial)];
        string name = layer.Initializer(
            "weight", StridedPlaces.Transpose<float>(weight.ToArray(), dimensions, order), [.. order.Select(axis => dimensions[axis])]);
        string[] inputs = [layer.Graph.ChannelsFirst(layer.Input).Name, name];
        return layer.Emit(operation, ExportOrder.ChannelsFirst, hasBias ? [.. inputs, layer.Initializer("bias")] : inputs, attributes);
    }
}
