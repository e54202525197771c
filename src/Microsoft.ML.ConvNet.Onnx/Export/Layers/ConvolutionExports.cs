using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Onnx.Format;
using Microsoft.ML.ConvNet.Onnx.Import;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Onnx.Export.Layers;

/// <summary>Convolutions and products. Weights [H, W, I / g, O] become [O, I / g, H, W].</summary>
internal static class ConvolutionExports
{
    /// <summary>The layers.</summary>
    public static IEnumerable<KeyValuePair<Type, Func<LayerExport, ExportValue>>> All { get; } =
    [
        KeyValuePair.Create<Type, Func<LayerExport, ExportValue>>(typeof(Conv2D), Convolution),
        KeyValuePair.Create<Type, Func<LayerExport, ExportValue>>(typeof(DepthwiseConv2D), Depthwise),
        KeyValuePair.Create<Type, Func<LayerExport, ExportValue>>(typeof(Conv1D), Sequence),
        KeyValuePair.Create<Type, Func<LayerExport, ExportValue>>(typeof(ConvTranspose2D), Transposed),
        KeyValuePair.Create<Type, Func<LayerExport, ExportValue>>(typeof(Dense), Dense),
    ];

    private static ExportValue Convolution(LayerExport layer)
    {
        Conv2D settings = layer.Layer<Conv2D>();
        AttributeProto[] window = WindowAttributes.Of(layer, settings.KernelSize, settings.Stride, settings.Dilation, settings.Padding);
        return Emit(layer, "Conv", settings.UseBias, [.. window, ExportGraph.Attribute("group", settings.Groups)]);
    }

    private static ExportValue Depthwise(LayerExport layer)
    {
        DepthwiseConv2D settings = layer.Layer<DepthwiseConv2D>();
        AttributeProto[] window = WindowAttributes.Of(layer, settings.KernelSize, settings.Stride, settings.Dilation, settings.Padding);
        return Emit(layer, "Conv", settings.UseBias, [.. window, ExportGraph.Attribute("group", layer.Input.Shape.Channels)]);
    }

    private static ExportValue Sequence(LayerExport layer)
    {
        Conv1D settings = layer.Layer<Conv1D>();
        AttributeProto[] window = WindowAttributes.Of(layer, settings.KernelSize, settings.Stride, settings.Dilation, settings.Padding);
        return Emit(layer, "Conv", settings.UseBias, [.. window, ExportGraph.Attribute("group", settings.Groups)]);
    }

    private static ExportValue Transposed(LayerExport layer)
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
        return Emit(
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

    private static ExportValue Emit(LayerExport layer, string operation, bool hasBias, AttributeProto[] attributes)
    {
        Tensor weight = layer.Parameter("weight");
        int[] dimensions = [.. weight.Shape];
        int spatial = dimensions.Length - 2;
        int[] order = [spatial + 1, spatial, .. Enumerable.Range(0, spatial)];
        string name = layer.Initializer(
            "weight", StridedPlaces.Transpose(weight.Span.ToArray(), dimensions, order), [.. order.Select(axis => dimensions[axis])]);
        string[] inputs = [layer.Graph.ChannelsFirst(layer.Input).Name, name];
        return layer.Emit(operation, ExportOrder.ChannelsFirst, hasBias ? [.. inputs, layer.Initializer("bias")] : inputs, attributes);
    }

    /// <remarks>After an image that was flattened with its channels first the rows of the weights follow that order.</remarks>
    private static ExportValue Dense(LayerExport layer)
    {
        Dense settings = layer.Layer<Dense>();
        Tensor weight = layer.Parameter("weight");
        int rows = weight.Shape[0];
        float[] values = weight.Span.ToArray();
        ExportValue input = layer.Input;
        if (input.Order == ExportOrder.FlattenedChannelsFirst)
        {
            Shape source = input.Source;
            values = StridedPlaces.Transpose(values, [rows / source.Channels, source.Channels, settings.Units], [1, 0, 2]);
        }

        string name = layer.Initializer("weight", values, rows, settings.Units);
        return layer.Emit(
            "Gemm", ExportOrder.AsIs, settings.UseBias ? [input.Name, name, layer.Initializer("bias")] : [input.Name, name]);
    }
}
