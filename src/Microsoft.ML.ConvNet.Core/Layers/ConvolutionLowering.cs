using Microsoft.ML.ConvNet.Kernels.Convolution;
using Microsoft.ML.ConvNet.Ops;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Layers;

/// <summary>What the convolution layers have in common.</summary>
internal static class ConvolutionLowering
{
    // The data gradient takes one pass for each position of a stride.
    private const int MaximumStrideArea = 4096;

    /// <summary>The kernel's view of windows over the rows and the columns of an image.</summary>
    public static ConvolutionShape Geometry(
        int height,
        int width,
        int channels,
        WindowAxis vertical,
        WindowAxis horizontal,
        int filters,
        Size2D window,
        Size2D stride,
        Size2D dilation,
        int groups) =>
        new(
            height,
            width,
            channels,
            vertical.Output,
            horizontal.Output,
            filters,
            window.Height,
            window.Width,
            stride.Height,
            stride.Width,
            dilation.Height,
            dilation.Width,
            vertical.Before,
            horizontal.Before,
            groups);

    /// <summary>
    /// Adds the ops of a convolution. One in which each channel has several filters of its own becomes a depthwise one over the
    /// repeated channels, whose vectors hold neighbouring output channels.
    /// </summary>
    public static OpValue Emit(LoweringContext context, in ConvolutionShape geometry, bool useBias)
    {
        int repeats = geometry.OutputChannels / geometry.InputChannels;
        if (geometry.Groups == 1 || geometry.Groups != geometry.InputChannels || repeats == 1)
        {
            return context.Emit(new ConvolutionOp(geometry, useBias));
        }

        OpValue repeated = context.Graph.Add(
            new ChannelRepetitionOp(geometry.InputHeight * geometry.InputWidth, geometry.InputChannels, repeats),
            [context.Input],
            [geometry.InputHeight, geometry.InputWidth, geometry.OutputChannels],
            context.Name);
        ConvolutionShape depthwise = geometry with { InputChannels = geometry.OutputChannels, Groups = geometry.OutputChannels };
        return context.Graph.Add(
            new ConvolutionOp(depthwise, useBias), [repeated, .. context.Parameters], context.OutputShape, context.Name);
    }

    /// <summary>Demands a number of groups that divides the input channels and the filters.</summary>
    public static void RequireGroups(LayerContext context, int groups, int filters)
    {
        context.RequirePositive(groups, "the number of groups");
        if (context.Input.Channels % groups != 0 || filters % groups != 0)
        {
            throw context.Error(
                Invariant($"the number of groups divides the input channels and the filters. Received: {groups} groups, ")
                + Invariant($"{context.Input.Channels} input channels, {filters} filters."));
        }
    }

    /// <summary>Demands a stride that is not too large.</summary>
    public static void RequireSmallStride(LayerContext context, Size2D stride)
    {
        if ((long)stride.Height * stride.Width > MaximumStrideArea)
        {
            throw context.Error(Invariant($"the stride's height times its width is at most {MaximumStrideArea:N0}. Received: stride {stride}."));
        }
    }

    /// <summary>The parameters of a convolution with the given weights, whose last dimension is the output channels.</summary>
    public static IReadOnlyList<LayerParameter> Parameters(LayerParameter weight, bool useBias) =>
        useBias ? [weight, new LayerParameter("bias", [weight.Shape.Channels], Initialization.Zeros)] : [weight];
}
