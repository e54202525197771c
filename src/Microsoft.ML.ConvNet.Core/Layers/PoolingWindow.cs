using Microsoft.ML.ConvNet.Kernels.Pooling;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Layers;

/// <summary>The windows of the pooling layers.</summary>
internal static partial class PoolingWindow
{
    /// <summary>The shape that pooling gives.</summary>
    public static Shape OutputShape(
        LayerContext context, Size2D window, Size2D? stride, Padding padding, bool ceiling, Size2D dilation)
    {
        Size2D step = stride ?? window;
        (WindowAxis vertical, WindowAxis horizontal) = Window.Fit(context, window, step, padding, dilation, ceiling);
        if (!HoldsElements(vertical, context.Input.Height, window.Height, step.Height, dilation.Height)
            || !HoldsElements(horizontal, context.Input.Width, window.Width, step.Width, dilation.Width))
        {
            string dilated = dilation == 1 ? string.Empty : $", dilation {dilation}";
            throw context.Error(
                "padding is smaller than the window, so that every window holds an element. "
                + $"Received: window {window}, padding {padding}{dilated}, input {context.Input}.");
        }

        return [vertical.Output, horizontal.Output, context.Input.Channels];
    }

    /// <summary>The kernel's view of a pooling layer.</summary>
    public static PoolingShape Geometry(
        Layer layer,
        LoweringContext context,
        Size2D window,
        Size2D? stride,
        Padding padding,
        bool ceiling,
        Size2D dilation,
        bool countIncludesPadding = false)
    {
        Shape input = context.InputShapes[0];
        Size2D step = stride ?? window;
        LayerContext site = new(layer, context.Name, [input], strict: false);
        (WindowAxis vertical, WindowAxis horizontal) = Window.Fit(site, window, step, padding, dilation, ceiling);
        return Geometry(input.Height, input.Width, input.Channels, vertical, horizontal, window, step, dilation, countIncludesPadding);
    }

    /// <summary>The kernel's view of windows over the rows and the columns of an image.</summary>
    public static PoolingShape Geometry(
        int height,
        int width,
        int channels,
        WindowAxis vertical,
        WindowAxis horizontal,
        Size2D window,
        Size2D stride,
        Size2D dilation,
        bool countIncludesPadding) =>
        new(
            height,
            width,
            channels,
            vertical.Output,
            horizontal.Output,
            window.Height,
            window.Width,
            stride.Height,
            stride.Width,
            vertical.Before,
            horizontal.Before,
            countIncludesPadding,
            Adaptive: false)
        {
            DilationHeight = dilation.Height,
            DilationWidth = dilation.Width,
            PaddingBottom = vertical.After,
            PaddingRight = horizontal.After,
        };

    /// <summary>Whether every window along an axis has a tap inside the input.</summary>
    public static bool HoldsElements(WindowAxis axis, int input, int window, int stride, int dilation)
    {
        if (dilation == 1)
        {
            return axis.Before < window && (((long)(axis.Output - 1) * stride) - axis.Before < input);
        }

        for (int output = 0; output < axis.Output; output++)
        {
            long start = ((long)output * stride) - axis.Before;
            long first = start >= 0 ? 0 : (dilation - 1 - start) / dilation;
            if (first >= window || start + (first * dilation) >= input)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The shape that adaptive pooling gives.</summary>
    public static Shape AdaptiveOutputShape(LayerContext context, Size2D output)
    {
        context.RequireImage();
        context.RequirePositive(output, "output");
        if (Math.Max((long)output.Height * context.Input.Height, (long)output.Width * context.Input.Width) > int.MaxValue / 2)
        {
            throw context.Error($"the output is not that large. Received: output {output} for the input {context.Input}.");
        }

        return [output.Height, output.Width, context.Input.Channels];
    }

    /// <summary>The kernel's view of an adaptive pooling layer.</summary>
    public static PoolingShape AdaptiveGeometry(Shape input, Size2D output) =>
        new(
            input.Height,
            input.Width,
            input.Channels,
            output.Height,
            output.Width,
            KernelHeight: 0,
            KernelWidth: 0,
            StrideHeight: 0,
            StrideWidth: 0,
            PaddingTop: 0,
            PaddingLeft: 0,
            CountIncludesPadding: false,
            Adaptive: true);
}
