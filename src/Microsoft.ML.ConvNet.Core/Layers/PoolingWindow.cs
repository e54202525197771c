using Microsoft.ML.ConvNet.Kernels;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Layers;

/// <summary>The windows of the pooling layers.</summary>
internal static class PoolingWindow
{
    /// <summary>The shape that pooling gives.</summary>
    public static Shape OutputShape(LayerContext context, Size2D window, Size2D? stride, Padding padding, bool ceiling)
    {
        (WindowAxis vertical, WindowAxis horizontal) = Window.Fit(context, window, stride ?? window, padding, 1, ceiling);
        if (!padding.IsSame
            && (Math.Max(padding.Top, padding.Bottom) >= window.Height || Math.Max(padding.Left, padding.Right) >= window.Width))
        {
            throw context.Error(
                $"padding is smaller than the window, so that every window holds an element. Received: window {window}, padding {padding}.");
        }

        return [vertical.Output, horizontal.Output, context.Input.Channels];
    }

    /// <summary>The kernel's view of a pooling layer.</summary>
    public static PoolingShape Geometry(
        Layer layer, LoweringContext context, Size2D window, Size2D? stride, Padding padding, bool ceiling, bool countIncludesPadding)
    {
        Shape input = context.InputShapes[0];
        Size2D step = stride ?? window;
        LayerContext site = new(layer, context.Name, [input], strict: false);
        (WindowAxis vertical, WindowAxis horizontal) = Window.Fit(site, window, step, padding, 1, ceiling);
        return new PoolingShape(
            input.Height,
            input.Width,
            input.Channels,
            vertical.Output,
            horizontal.Output,
            window.Height,
            window.Width,
            step.Height,
            step.Width,
            vertical.Before,
            horizontal.Before,
            countIncludesPadding,
            Adaptive: false);
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
