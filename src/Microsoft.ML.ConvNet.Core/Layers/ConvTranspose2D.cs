using Microsoft.ML.ConvNet.Kernels.Convolution;
using Microsoft.ML.ConvNet.Ops;
using Microsoft.ML.ConvNet.Tensors;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Layers;

/// <summary>
/// Transposed convolution: the data gradient of a convolution, as a layer (Zeiler et al., 2010; Dumoulin and Visin, 2016). Each input
/// pixel adds its multiple of the kernel to the output: y[n, i S + u D - P, j S + v D - P, o] += x[n, i, j, c] w[u, v, o, c], and then
/// b[o]. Input <c>[H, W, C]</c>; output <c>[(H - 1) S - P + (F - 1) D + 1 + OutputPadding, ..., Filters]</c>; parameters weight
/// <c>[F, F, Filters / Groups, C]</c>, that of the convolution whose gradient it is, and bias <c>[Filters]</c>.
/// </summary>
/// <param name="Filters">The number of output channels.</param>
/// <param name="KernelSize">The height and width of the window F.</param>
public sealed record ConvTranspose2D(int Filters, Size2D KernelSize) : Layer
{
    /// <summary>The longest output: positions then fit an int with room to spare.</summary>
    private const long MaximumExtent = 1 << 29;

    /// <summary>The step S in the output from one input pixel to the next.</summary>
    public Size2D Stride { get; init; } = 1;

    /// <summary>
    /// Rows and columns that are cut off the output; with <see cref="Padding.Same"/>, as many as make it the input's size times the
    /// stride.
    /// </summary>
    public Padding Padding { get; init; }

    /// <summary>
    /// Rows added below the output and columns added on its right, which tell apart the sizes that a convolution with stride takes to
    /// the same; smaller than the stride or the dilation.
    /// </summary>
    public Size2D OutputPadding { get; init; }

    /// <summary>The distance D between the elements of a window; 1 for adjacent ones.</summary>
    public Size2D Dilation { get; init; } = 1;

    /// <summary>Into how many groups the channels are divided, each convolved on its own.</summary>
    public int Groups { get; init; } = 1;

    /// <summary>Whether a bias is added to each output channel.</summary>
    public bool UseBias { get; init; } = true;

    /// <summary>What the weights hold before training.</summary>
    public Initialization Initialization { get; init; } = Initialization.HeNormal;

    internal override string NamePrefix => "convtranspose";

    /// <inheritdoc/>
    public override string Describe() =>
        Invariant($"ConvTranspose2D {KernelSize}, {Filters} filters")
        + (Stride == 1 ? string.Empty : $", stride {Stride}")
        + (Padding == default ? string.Empty : $", padding {Padding}")
        + (OutputPadding == 0 ? string.Empty : $", output padding {OutputPadding}")
        + (Dilation == 1 ? string.Empty : $", dilation {Dilation}")
        + (Groups == 1 ? string.Empty : Invariant($", groups {Groups}"))
        + (UseBias ? string.Empty : ", no bias");

    internal override Shape InferShape(LayerContext context)
    {
        context.RequireImage();
        context.RequirePositive(Filters, "the number of filters");
        ConvolutionLowering.RequireGroups(context, Groups, Filters);
        context.RequirePositive(KernelSize, "window");
        context.RequirePositive(Stride, "stride");
        context.RequirePositive(Dilation, "dilation");
        if (Padding.Top < 0 || Padding.Bottom < 0 || Padding.Left < 0 || Padding.Right < 0)
        {
            throw context.Error($"padding is 0 or more on every side. Received: {Padding}.");
        }

        ConvolutionLowering.RequireSmallStride(context, Stride);
        if (OutputPadding.Height < 0 || OutputPadding.Width < 0
            || OutputPadding.Height >= Math.Max(Stride.Height, Dilation.Height)
            || OutputPadding.Width >= Math.Max(Stride.Width, Dilation.Width))
        {
            throw context.Error(
                "output padding is 0 or more and smaller than the stride or the dilation. "
                + $"Received: output padding {OutputPadding}, stride {Stride}, dilation {Dilation}.");
        }

        if (Padding.IsSame && OutputPadding != 0)
        {
            throw context.Error($"padding that keeps the size leaves no room for output padding. Received: output padding {OutputPadding}.");
        }

        long height = OutputLength(
            context.Input.Height, Extent(KernelSize.Height, Dilation.Height), Stride.Height, Padding.Top + (long)Padding.Bottom, OutputPadding.Height);
        long width = OutputLength(
            context.Input.Width, Extent(KernelSize.Width, Dilation.Width), Stride.Width, Padding.Left + (long)Padding.Right, OutputPadding.Width);
        long longest = Math.Max(
            height + Padding.Top + Padding.Bottom + Extent(KernelSize.Height, Dilation.Height),
            width + Padding.Left + Padding.Right + Extent(KernelSize.Width, Dilation.Width));
        if (height < 1 || width < 1 || longest > MaximumExtent)
        {
            string dilated = Dilation == 1 ? string.Empty : $", dilation {Dilation}";
            throw context.Error(
                Invariant($"the output is at least 1x1 and at most {MaximumExtent:N0} long, padding and window included. ")
                + Invariant($"Received: an output of {height}x{width} from the input {context.Input}, window {KernelSize}, stride {Stride}, ")
                + $"padding {Padding}{dilated}; use less padding, or a smaller stride or window.");
        }

        return [(int)height, (int)width, Filters];
    }

    internal override IReadOnlyList<LayerParameter> Parameters(IReadOnlyList<Shape> inputs)
    {
        int channels = inputs[0].Channels;
        int area = KernelSize.Height * KernelSize.Width;
        LayerParameter weight = new("weight", [KernelSize.Height, KernelSize.Width, Filters / Groups, channels], Initialization)
        {
            Decays = true,
            FanIn = Math.Max(1, area * (channels / Groups) / (Stride.Height * Stride.Width)),
            FanOut = area * (Filters / Groups),
        };
        return UseBias ? [weight, new LayerParameter("bias", [Filters], Initialization.Zeros)] : [weight];
    }

    internal override OpValue Lower(LoweringContext context)
    {
        Shape input = context.InputShapes[0];
        Shape output = context.OutputShape;
        WindowAxis vertical = MirroredAxis(input.Height, KernelSize.Height, Stride.Height, Dilation.Height, Padding.Top);
        WindowAxis horizontal = MirroredAxis(input.Width, KernelSize.Width, Stride.Width, Dilation.Width, Padding.Left);
        ConvolutionShape mirrored = ConvolutionLowering.Geometry(
            output.Height, output.Width, Filters, vertical, horizontal, input.Channels, KernelSize, Stride, Dilation, Groups);
        return context.Emit(new TransposedConvolutionOp(mirrored, UseBias));
    }

    // The axis of the convolution from the output to the input.
    private WindowAxis MirroredAxis(int input, int window, int stride, int dilation, int before) => Padding.IsSame
        ? new WindowAxis(input, (int)(Math.Max(Extent(window, dilation) - stride, 0) / 2), 0, 0)
        : new WindowAxis(input, before, 0, 0);

    private long OutputLength(int input, long extent, int stride, long padding, int more) =>
        Padding.IsSame ? (long)input * stride : ((input - 1L) * stride) - padding + extent + more;

    private static long Extent(int window, int dilation) => ((window - 1L) * dilation) + 1;
}
