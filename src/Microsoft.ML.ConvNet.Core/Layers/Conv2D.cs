using Microsoft.ML.ConvNet.Kernels.Convolution;
using Microsoft.ML.ConvNet.Ops;
using Microsoft.ML.ConvNet.Tensors;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Layers;

/// <summary>
/// 2-D convolution, as all frameworks mean it: cross-correlation, without turning the kernel.
/// y[n, i, j, o] = b[o] + sum over u, v, c of x[n, i S + u D - P, j S + v D - P, c] w[u, v, c, o].
/// Input <c>[H, W, C]</c>; output <c>[(H + P - ((F - 1) D + 1)) / S + 1, ..., Filters]</c>; parameters weight
/// <c>[F, F, C / Groups, Filters]</c> and bias <c>[Filters]</c>.
/// </summary>
/// <param name="Filters">The number of output channels.</param>
/// <param name="KernelSize">The height and width of the window F.</param>
public sealed record Conv2D(int Filters, Size2D KernelSize) : Layer
{
    /// <summary>The step S from window to window.</summary>
    public Size2D Stride { get; init; } = 1;

    /// <summary>Zeros around the input.</summary>
    public Padding Padding { get; init; }

    /// <summary>The distance D between the elements of a window (Yu and Koltun, 2016); 1 for adjacent ones.</summary>
    public Size2D Dilation { get; init; } = 1;

    /// <summary>
    /// Into how many groups the channels are divided, each convolved on its own (Krizhevsky et al., 2012); the number of input channels
    /// gives a depthwise convolution.
    /// </summary>
    public int Groups { get; init; } = 1;

    /// <summary>Whether a bias is added to each output channel.</summary>
    public bool UseBias { get; init; } = true;

    /// <summary>What the weights hold before training.</summary>
    public Initialization Initialization { get; init; } = Initialization.HeNormal;

    internal override string NamePrefix => "conv";

    /// <inheritdoc/>
    public override string Describe() =>
        Invariant($"Conv2D {KernelSize}, {Filters} filters")
        + (Stride == 1 ? string.Empty : $", stride {Stride}")
        + (Padding == default ? string.Empty : $", padding {Padding}")
        + (Dilation == 1 ? string.Empty : $", dilation {Dilation}")
        + (Groups == 1 ? string.Empty : Invariant($", groups {Groups}"))
        + (UseBias ? string.Empty : ", no bias");

    internal override Shape InferShape(LayerContext context)
    {
        context.RequireImage();
        context.RequirePositive(Filters, "the number of filters");
        ConvolutionLowering.RequireGroups(context, Groups, Filters);
        (WindowAxis vertical, WindowAxis horizontal) =
            Window.Fit(context, KernelSize, Stride, Padding, Dilation, ceiling: false);
        ConvolutionLowering.RequireSmallStride(context, Stride);
        return [vertical.Output, horizontal.Output, Filters];
    }

    internal override IReadOnlyList<LayerParameter> Parameters(IReadOnlyList<Shape> inputs)
    {
        int channels = inputs[0].Channels / Groups;
        int area = KernelSize.Height * KernelSize.Width;
        LayerParameter weight = new("weight", [KernelSize.Height, KernelSize.Width, channels, Filters], Initialization)
        {
            Decays = true,
            FanIn = area * channels,
            FanOut = area * Filters / Groups,
        };
        return ConvolutionLowering.Parameters(weight, UseBias);
    }

    internal override OpValue Lower(LoweringContext context)
    {
        Shape input = context.InputShapes[0];
        LayerContext site = new(this, context.Name, [input], strict: false);
        (WindowAxis vertical, WindowAxis horizontal) = Window.Fit(site, KernelSize, Stride, Padding, Dilation, ceiling: false);
        ConvolutionShape geometry = ConvolutionLowering.Geometry(
            input.Height, input.Width, input.Channels, vertical, horizontal, Filters, KernelSize, Stride, Dilation, Groups);
        return ConvolutionLowering.Emit(context, geometry, UseBias);
    }
}
