using Microsoft.ML.ConvNet.Ops;
using Microsoft.ML.ConvNet.Tensors;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Layers;

/// <summary>
/// Convolution over a sequence (Waibel et al., 1989), without turning the kernel:
/// y[n, i, o] = b[o] + sum over u, c of x[n, i S + u D - P, c] w[u, c, o]. Input <c>[L, C]</c>; output
/// <c>[(L + P - ((F - 1) D + 1)) / S + 1, Filters]</c>; parameters weight <c>[F, C / Groups, Filters]</c> and bias <c>[Filters]</c>.
/// </summary>
/// <param name="Filters">The number of output channels.</param>
/// <param name="KernelSize">The length of the window F.</param>
public sealed record Conv1D(int Filters, int KernelSize) : Layer
{
    /// <summary>The step S from window to window.</summary>
    public int Stride { get; init; } = 1;

    /// <summary>Zeros before and after the input.</summary>
    public Padding1D Padding { get; init; }

    /// <summary>The distance D between the elements of a window; 1 for adjacent ones.</summary>
    public int Dilation { get; init; } = 1;

    /// <summary>Into how many groups the channels are divided, each convolved on its own.</summary>
    public int Groups { get; init; } = 1;

    /// <summary>Whether a bias is added to each output channel.</summary>
    public bool UseBias { get; init; } = true;

    /// <summary>What the weights hold before training.</summary>
    public Initialization Initialization { get; init; } = Initialization.HeNormal;

    internal override string NamePrefix => "conv";

    /// <inheritdoc/>
    public override string Describe() =>
        Invariant($"Conv1D {KernelSize}, {Filters} filters")
        + (Stride == 1 ? string.Empty : Invariant($", stride {Stride}"))
        + (Padding == default ? string.Empty : $", padding {Padding}")
        + (Dilation == 1 ? string.Empty : Invariant($", dilation {Dilation}"))
        + (Groups == 1 ? string.Empty : Invariant($", groups {Groups}"))
        + (UseBias ? string.Empty : ", no bias");

    internal override Shape InferShape(LayerContext context)
    {
        context.RequireSequence();
        context.RequirePositive(Filters, "the number of filters");
        ConvolutionLowering.RequireGroups(context, Groups, Filters);
        WindowAxis axis = Window.FitSequence(context, KernelSize, Stride, Padding, Dilation, ceiling: false);
        ConvolutionLowering.RequireSmallStride(context, new Size2D(1, Stride));
        return [axis.Output, Filters];
    }

    internal override IReadOnlyList<LayerParameter> Parameters(IReadOnlyList<Shape> inputs)
    {
        int channels = inputs[0].Channels / Groups;
        LayerParameter weight = new("weight", [KernelSize, channels, Filters], Initialization)
        {
            Decays = true,
            FanIn = KernelSize * channels,
            FanOut = KernelSize * (Filters / Groups),
        };
        return ConvolutionLowering.Parameters(weight, UseBias);
    }

    internal override OpValue Lower(LoweringContext context)
    {
        Shape input = context.InputShapes[0];
        LayerContext site = new(this, context.Name, [input], strict: false);
        WindowAxis axis = Window.FitSequence(site, KernelSize, Stride, Padding, Dilation, ceiling: false);
        return ConvolutionLowering.Emit(
            context,
            ConvolutionLowering.Geometry(
                1,
                input[0],
                input.Channels,
                Window.SingleRow,
                axis,
                Filters,
                new Size2D(1, KernelSize),
                new Size2D(1, Stride),
                new Size2D(1, Dilation),
                Groups),
            UseBias);
    }
}
