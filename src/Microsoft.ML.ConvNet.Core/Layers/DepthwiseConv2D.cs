using Microsoft.ML.ConvNet.Ops;
using Microsoft.ML.ConvNet.Tensors;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Layers;

/// <summary>
/// Depthwise convolution: each channel is convolved with filters of its own, and nothing is summed over channels (Sifre, 2014; Howard et
/// al., "MobileNets", 2017). y[n, i, j, c M + m] = b[c M + m] + sum over u, v of x[n, i S + u D - P, j S + v D - P, c] w[u, v, 0, c M + m].
/// Input <c>[H, W, C]</c>; output <c>[(H + P - ((F - 1) D + 1)) / S + 1, ..., C M]</c>; parameters weight <c>[F, F, 1, C M]</c> and
/// bias <c>[C M]</c>.
/// </summary>
/// <param name="KernelSize">The height and width of the window F.</param>
public sealed record DepthwiseConv2D(Size2D KernelSize) : Layer
{
    /// <summary>The number M of filters, and so of output channels, of each input channel.</summary>
    public int DepthMultiplier { get; init; } = 1;

    /// <summary>The step S from window to window.</summary>
    public Size2D Stride { get; init; } = 1;

    /// <summary>Zeros around the input.</summary>
    public Padding Padding { get; init; }

    /// <summary>The distance D between the elements of a window; 1 for adjacent ones.</summary>
    public Size2D Dilation { get; init; } = 1;

    /// <summary>Whether a bias is added to each output channel.</summary>
    public bool UseBias { get; init; } = true;

    /// <summary>What the weights hold before training.</summary>
    public Initialization Initialization { get; init; } = Initialization.HeNormal;

    internal override string NamePrefix => "dwconv";

    /// <inheritdoc/>
    public override string Describe() =>
        $"DepthwiseConv2D {KernelSize}"
        + (DepthMultiplier == 1 ? string.Empty : Invariant($", {DepthMultiplier} filters a channel"))
        + (Stride == 1 ? string.Empty : $", stride {Stride}")
        + (Padding == default ? string.Empty : $", padding {Padding}")
        + (Dilation == 1 ? string.Empty : $", dilation {Dilation}")
        + (UseBias ? string.Empty : ", no bias");

    internal override Shape InferShape(LayerContext context)
    {
        context.RequireImage();
        context.RequirePositive(DepthMultiplier, "the number of filters a channel");
        long filters = (long)context.Input.Channels * DepthMultiplier;
        if (filters > int.MaxValue)
        {
            throw context.Error(
                Invariant($"there are at most {int.MaxValue:N0} output channels. Received: {context.Input.Channels} input channels, ")
                + Invariant($"{DepthMultiplier} filters a channel."));
        }

        (WindowAxis vertical, WindowAxis horizontal) =
            Window.Fit(context, KernelSize, Stride, Padding, Dilation, ceiling: false);
        ConvolutionLowering.RequireSmallStride(context, Stride);
        return [vertical.Output, horizontal.Output, (int)filters];
    }

    internal override IReadOnlyList<LayerParameter> Parameters(IReadOnlyList<Shape> inputs)
    {
        int area = KernelSize.Height * KernelSize.Width;
        Shape shape = [KernelSize.Height, KernelSize.Width, 1, inputs[0].Channels * DepthMultiplier];
        LayerParameter weight = new("weight", shape, Initialization) { Decays = true, FanIn = area, FanOut = area * DepthMultiplier };
        return ConvolutionLowering.Parameters(weight, UseBias);
    }

    internal override OpValue Lower(LoweringContext context)
    {
        Shape input = context.InputShapes[0];
        LayerContext site = new(this, context.Name, [input], strict: false);
        (WindowAxis vertical, WindowAxis horizontal) = Window.Fit(site, KernelSize, Stride, Padding, Dilation, ceiling: false);
        return ConvolutionLowering.Emit(
            context,
            ConvolutionLowering.Geometry(
                input.Height,
                input.Width,
                input.Channels,
                vertical,
                horizontal,
                input.Channels * DepthMultiplier,
                KernelSize,
                Stride,
                Dilation,
                input.Channels),
            UseBias);
    }
}
