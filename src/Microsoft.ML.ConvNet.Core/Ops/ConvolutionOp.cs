using Microsoft.ML.ConvNet.Kernels.Convolution;

namespace Microsoft.ML.ConvNet.Ops;

/// <summary>
/// Convolution (cross-correlation) with optional bias, residual and activation:
/// y[n, i, j, o] = f(b[o] + sum over u, v, c of x[n, i s + u d - p, j s + v d - p, c] w[u, v, c, o] + r[n, i, j, o]).
/// Inputs: x, w, then b, then r.
/// </summary>
/// <param name="Geometry">Sizes, stride, padding, dilation and groups.</param>
/// <param name="HasBias">Whether a bias is added.</param>
/// <param name="HasResidual">Whether another activation is added before the function; in inference only.</param>
/// <param name="Activation">The fused function, if any.</param>
internal sealed unsafe record ConvolutionOp(
    ConvolutionShape Geometry, bool HasBias, bool HasResidual = false, ActivationFunction? Activation = null) : Op, IWeightedOp
{
    /// <inheritdoc/>
    public override string Kind => "convolution";

    /// <summary>How the forward pass is computed.</summary>
    public ConvolutionAlgorithm ForwardAlgorithm { get; init; } = ConvolutionAlgorithm.Direct;

    /// <summary>How the data gradient is computed.</summary>
    public ConvolutionAlgorithm DataGradientAlgorithm { get; init; } = ConvolutionAlgorithm.Direct;

    /// <summary>How the weight gradient is computed.</summary>
    public ConvolutionAlgorithm WeightGradientAlgorithm { get; init; } = ConvolutionAlgorithm.Direct;

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

    /// <inheritdoc/>
    public override BackwardReads BackwardReads =>
        Activation == null ? BackwardReads.Inputs : BackwardReads.Inputs | BackwardReads.Output;

    /// <inheritdoc/>
    public override long MultiplyAdds =>
        (long)Geometry.OutputHeight * Geometry.OutputWidth * Geometry.OutputChannels
        * Geometry.KernelHeight * Geometry.KernelWidth * (Geometry.InputChannels / Geometry.Groups);

    /// <inheritdoc/>
    public override nint PreparedLength => ForwardAlgorithm.PackedWeightsLength(Geometry);

    /// <inheritdoc/>
    public override nint PreparedBackwardLength => DataGradientAlgorithm.PackedTransposedWeightsLength(Geometry);

    /// <inheritdoc/>
    public override nuint ScratchBytes => Math.Max(
        Convolution.ScratchBytes(Geometry),
        Math.Max(
            WeightGradientAlgorithm.ScratchBytes(Geometry),
            Math.Max(ForwardAlgorithm.ScratchBytes(Geometry), DataGradientAlgorithm.ScratchBytes(Geometry))));

    /// <inheritdoc/>
    public override nint BackwardWorkspaceLength(int batch) =>
        WeightGradientAlgorithm.WeightGradientWorkspaceLength(Geometry, batch);

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
    public Op WithActivation(ActivationFunction? activation) => this with { Activation = activation };

    /// <inheritdoc/>
    public Op WithResidual() => this with { HasResidual = true };

    /// <inheritdoc/>
    public Op WithBias() => this with { HasBias = true };

    /// <inheritdoc/>
    public override void Prepare(in Execution execution, OpBinding binding) =>
        ForwardAlgorithm.PackWeights(
            execution.Gang, Geometry, execution.Buffers[binding.Inputs[1]], execution.Buffers[binding.Prepared]);

    /// <inheritdoc/>
    public override void PrepareBackward(in Execution execution, OpBinding binding) =>
        DataGradientAlgorithm.PackTransposedWeights(
            execution.Gang, Geometry, execution.Buffers[binding.Inputs[1]], execution.Buffers[binding.PreparedBackward]);

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

        ForwardAlgorithm.Forward(
            execution.Gang,
            Geometry,
            execution.Batch,
            execution.Buffers[binding.Inputs[0]],
            execution.Buffers[binding.Prepared],
            epilogue,
            y);
    }

    /// <inheritdoc/>
    public override void Backward(in Execution execution, OpBinding binding)
    {
        int rows = execution.Batch * Geometry.OutputHeight * Geometry.OutputWidth;
        float* dy = execution.Buffers[binding.OutputGradient];
        Activation?.Backward(
            execution.Gang, execution.Buffers[binding.Output], dy, dy, (nint)rows * Geometry.OutputChannels, accumulate: false);
        if (binding.InputGradients[1] >= 0)
        {
            WeightGradientAlgorithm.BackwardWeights(
                execution.Gang,
                Geometry,
                execution.Batch,
                execution.Buffers[binding.Inputs[0]],
                dy,
                execution.Buffers[binding.InputGradients[1]],
                execution.Buffers[binding.BackwardWorkspace],
                binding.Accumulate[1]);
        }

        if (HasBias && binding.InputGradients[2] >= 0)
        {
            Convolution.BackwardBias(
                execution.Gang,
                rows,
                Geometry.OutputChannels,
                dy,
                execution.Buffers[binding.InputGradients[2]],
                binding.Accumulate[2]);
        }

        if (binding.InputGradients[0] >= 0)
        {
            DataGradientAlgorithm.BackwardData(
                execution.Gang,
                Geometry,
                execution.Batch,
                dy,
                execution.Buffers[binding.PreparedBackward],
                execution.Buffers[binding.InputGradients[0]],
                binding.Accumulate[0]);
        }
    }

    /// <inheritdoc/>
    public override string Describe()
    {
        string groups = Geometry.Groups == 1 ? string.Empty : $" groups {Geometry.Groups}";
        string stride = Geometry.StrideHeight == 1 && Geometry.StrideWidth == 1
            ? string.Empty
            : $" stride {Geometry.StrideHeight}x{Geometry.StrideWidth}";
        string slice = Slice is { } part ? $" into channels {part.First} to {part.First + Geometry.OutputChannels - 1}" : string.Empty;
        string pooling = Pools ? " + max pooling 2x2" : string.Empty;
        return $"{Geometry.KernelHeight}x{Geometry.KernelWidth}{stride}{groups}{IFusibleOp.Describe(this)}{pooling}{slice}";
    }
}
