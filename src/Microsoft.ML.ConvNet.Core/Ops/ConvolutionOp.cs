using Microsoft.ML.ConvNet.Kernels.Convolution;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Ops;

/// <summary>
/// Convolution (cross-correlation) with optional bias, residual and activation:
/// y[n, i, j, o] = f(b[o] + sum over u, v, c of x[n, i s + u d - p, j s + v d - p, c] w[u, v, c, o] + r[n, i, j, o]).
/// Inputs: x, w, then b, then r.
/// </summary>
/// <param name="Geometry">Sizes, stride, padding, dilation and groups.</param>
/// <param name="HasBias">Whether a bias is added.</param>
internal sealed unsafe record ConvolutionOp(ConvolutionShape Geometry, bool HasBias) : WeightedOp(Geometry, HasBias)
{
    /// <inheritdoc/>
    public override string Kind => "convolution";

    /// <summary>The slice of the channels of a wider output that the op writes; null where the output is its own.</summary>
    public ChannelSlice? Slice { get; init; }

    /// <summary>Whether the op can write a slice of a wider output.</summary>
    public bool CanWriteSlice => !HasResidual && !Geometry.IsDepthwise && Slice == null;

    /// <summary>Whether the largest of each 2x2 block of the output is stored in its place; in inference only.</summary>
    public bool Pools { get; init; }

    /// <summary>Whether the op can pool its output.</summary>
    public bool CanPool =>
        ForwardAlgorithm.CanPool && !HasResidual && !Pools && Slice == null
        && Activation is null or { IsRelu: true } or { IsClippedRelu: true };

    /// <inheritdoc/>
    public override string Algorithm => ForwardAlgorithm.Name(Geometry);

    /// <inheritdoc/>
    public override string BackwardAlgorithm
    {
        get
        {
            string data = DataGradientAlgorithm.Name(Geometry);
            string weights = WeightGradientAlgorithm.Name(Geometry);
            return data == weights ? data : $"{data}, weights {weights}";
        }
    }

    /// <summary>The op with the algorithms that should take the least time.</summary>
    public ConvolutionOp WithBestAlgorithms() => this with
    {
        ForwardAlgorithm = ConvolutionAlgorithm.ForForward(Geometry),
        DataGradientAlgorithm = ConvolutionAlgorithm.ForDataGradient(Geometry),
        WeightGradientAlgorithm = ConvolutionAlgorithm.ForWeightGradient(Geometry),
    };

    /// <summary>The op with sums in their plain order.</summary>
    public ConvolutionOp WithDirectAlgorithms() => this with
    {
        ForwardAlgorithm = ConvolutionAlgorithm.Direct,
        DataGradientAlgorithm = ConvolutionAlgorithm.Direct,
        WeightGradientAlgorithm = ConvolutionAlgorithm.Direct,
    };

    /// <inheritdoc/>
    public override void Forward(in Execution execution, OpBinding binding)
    {
        Epilogue epilogue = IFusibleOp.EpilogueOf(this, HasBias, execution, binding);
        epilogue.Pools = Pools;
        float* y = execution.Buffers[binding.Output];
        if (Slice is { } slice)
        {
            epilogue.Pitch = slice.Total;
            y += slice.First;
        }

        Forward(execution, binding, epilogue, y);
    }

    /// <inheritdoc/>
    public override string Describe()
    {
        string groups = Geometry.Groups == 1 ? string.Empty : Invariant($" groups {Geometry.Groups}");
        string stride = Geometry.StrideHeight == 1 && Geometry.StrideWidth == 1
            ? string.Empty
            : Invariant($" stride {Geometry.StrideHeight}x{Geometry.StrideWidth}");
        string slice = Slice is { } part ? Invariant($" into channels {part.First} to {part.First + Geometry.OutputChannels - 1}") : string.Empty;
        string pooling = Pools ? " + max pooling 2x2" : string.Empty;
        return Invariant($"{Geometry.KernelHeight}x{Geometry.KernelWidth}{stride}{groups}{IFusibleOp.Describe(this)}{pooling}{slice}");
    }
}
