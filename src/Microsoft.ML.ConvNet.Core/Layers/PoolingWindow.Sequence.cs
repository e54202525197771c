using Microsoft.ML.ConvNet.Kernels.Pooling;
using Microsoft.ML.ConvNet.Tensors;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Layers;

/// <content>Pooling of sequences, seen as images of height 1.</content>
internal static partial class PoolingWindow
{
    /// <summary>The shape that pooling of a sequence gives.</summary>
    public static Shape SequenceOutputShape(
        LayerContext context, int window, int? stride, Padding1D padding, bool ceiling, int dilation)
    {
        int step = stride ?? window;
        WindowAxis axis = Window.FitSequence(context, window, step, padding, dilation, ceiling);
        if (!HoldsElements(axis, context.Input[0], window, step, dilation))
        {
            string dilated = dilation == 1 ? string.Empty : Invariant($", dilation {dilation}");
            throw context.Error(
                "padding is smaller than the window, so that every window holds an element. "
                + Invariant($"Received: window {window}, padding {padding}{dilated}, input {context.Input}."));
        }

        return [axis.Output, context.Input.Channels];
    }

    /// <summary>The kernel's view of a pooling layer over sequences.</summary>
    public static PoolingShape SequenceGeometry(
        Layer layer,
        LoweringContext context,
        int window,
        int? stride,
        Padding1D padding,
        bool ceiling,
        int dilation,
        bool countIncludesPadding = false)
    {
        Shape input = context.InputShapes[0];
        int step = stride ?? window;
        LayerContext site = new(layer, context.Name, [input], strict: false);
        return Geometry(
            1,
            input[0],
            input.Channels,
            Window.SingleRow,
            Window.FitSequence(site, window, step, padding, dilation, ceiling),
            new Size2D(1, window),
            new Size2D(1, step),
            new Size2D(1, dilation),
            countIncludesPadding);
    }
}
