using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Onnx.Export;
using Microsoft.ML.ConvNet.Onnx.Format;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Onnx.Operators;

/// <summary>The attributes of a window, with all padding written out.</summary>
internal static class WindowAttributes
{
    /// <summary>The window of an image's layer.</summary>
    public static AttributeProto[] Of(LayerExport layer, Size2D kernel, Size2D stride, Size2D dilation, Padding padding)
    {
        Shape input = layer.Input.Shape;
        Shape output = layer.OutputShape;
        (int top, int bottom) = padding.IsSame
            ? Same(input[0], output[0], kernel.Height, stride.Height, dilation.Height)
            : (padding.Top, padding.Bottom);
        (int left, int right) = padding.IsSame
            ? Same(input[1], output[1], kernel.Width, stride.Width, dilation.Width)
            : (padding.Left, padding.Right);
        return Of([kernel.Height, kernel.Width], [stride.Height, stride.Width], [dilation.Height, dilation.Width],
            [top, left, bottom, right]);
    }

    /// <summary>The window of a sequence's layer.</summary>
    public static AttributeProto[] Of(LayerExport layer, int kernel, int stride, int dilation, Padding1D padding)
    {
        (int before, int after) = padding.IsSame
            ? Same(layer.Input.Shape[0], layer.OutputShape[0], kernel, stride, dilation)
            : (padding.Before, padding.After);
        return Of([kernel], [stride], [dilation], [before, after]);
    }

    /// <summary>Numbers a spatial axis; the padding at the beginning of each, then at the end of each.</summary>
    public static AttributeProto[] Of(int[] kernel, int[] strides, int[] dilations, int[] pads) =>
    [
        ExportGraph.Attribute("kernel_shape", kernel),
        ExportGraph.Attribute("strides", strides),
        ExportGraph.Attribute("dilations", dilations),
        ExportGraph.Attribute("pads", pads),
    ];

    private static (int Before, int After) Same(int input, int output, int kernel, int stride, int dilation)
    {
        int total = Math.Max(((output - 1) * stride) + ((kernel - 1) * dilation) + 1 - input, 0);
        return (total / 2, total - (total / 2));
    }
}
