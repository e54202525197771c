using Microsoft.ML.ConvNet.Kernels.Convolution;

namespace Microsoft.ML.ConvNet.Ops;

/// <summary>
/// Sums of products of the input with weights, y = f(x * w + b + r): a convolution, or a matrix product, which is one of single pixels.
/// Inputs: x, w, then b, then r.
/// </summary>
/// <param name="Geometry">Sizes, stride, padding, dilation and groups.</param>
/// <param name="HasBias">Whether a bias is added.</param>
internal abstract unsafe record WeightedOp(ConvolutionShape Geometry, bool HasBias) : Op, IFusibleOp
{
    /// <inheritdoc/>
    public bool HasResidual { get; init; }

    /// <inheritdoc/>
    public ActivationFunction? Activation { get; init; }

    /// <summary>How the forward pass is computed.</summary>
    public ConvolutionAlgorithm ForwardAlgorithm { get; init; } = ConvolutionAlgorithm.Direct;

    /// <summary>How the data gradient is computed.</summary>
    public ConvolutionAlgorithm DataGradientAlgorithm { get; init; } = ConvolutionAlgorithm.Direct;

    /// <summary>How the weight gradient is computed.</summary>
    public ConvolutionAlgorithm WeightGradientAlgorithm { get; init; } = ConvolutionAlgorithm.Direct;

    /// <inheritdoc/>
    public override BackwardReads BackwardReads =>
        Activation == null ? BackwardReads.Inputs : BackwardReads.Inputs | BackwardReads.Output;

    /// <inheritdoc/>
    public override long MultiplyAdds =>
        (long)Geometry.OutputHeight * Geometry.OutputWidth * Geometry.OutputChannels
        * Geometry.KernelHeight * Geometry.KernelWidth * Geometry.GroupInputChannels;

    /// <inheritdoc/>
    public override nint PreparedLength => ForwardAlgorithm.PackedWeightsLength(Geometry);

    /// <inheritdoc/>
    public override nint PreparedBackwardLength => DataGradientAlgorithm.PackedTransposedWeightsLength(Geometry);

    /// <inheritdoc/>
    public override nuint ScratchBytes => Math.Max(
        ConvolutionAlgorithm.Direct.ScratchBytes(Geometry),
        Math.Max(
            WeightGradientAlgorithm.ScratchBytes(Geometry),
            Math.Max(ForwardAlgorithm.ScratchBytes(Geometry), DataGradientAlgorithm.ScratchBytes(Geometry))));

    /// <inheritdoc/>
    public override nint BackwardWorkspaceLength(int batch) =>
        WeightGradientAlgorithm.WeightGradientWorkspaceLength(Geometry, batch);

    /// <inheritdoc/>
    public Op WithActivation(ActivationFunction? activation) => this with { Activation = activation };

    /// <inheritdoc/>
    public Op WithResidual() => this with { HasResidual = true };

    /// <summary>The same op with a bias.</summary>
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
    public override void Forward(in Execution execution, OpBinding binding) =>
        Forward(execution, binding, IFusibleOp.EpilogueOf(this, HasBias, execution, binding), execution.Buffers[binding.Output]);

    /// <inheritdoc/>
    public override void Backward(in Execution execution, OpBinding binding)
    {
        int rows = execution.Batch * Geometry.OutputHeight * Geometry.OutputWidth;
        float* dy = execution.Buffers[binding.OutputGradient];
        IFusibleOp.BackwardEpilogue(this, HasBias, execution, binding, rows, Geometry.OutputChannels);
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

    /// <summary>Runs the forward kernel with an epilogue and a place for its results.</summary>
    protected void Forward(in Execution execution, OpBinding binding, in Epilogue epilogue, float* y) =>
        ForwardAlgorithm.Forward(
            execution.Gang,
            Geometry,
            execution.Batch,
            execution.Buffers[binding.Inputs[0]],
            execution.Buffers[binding.Prepared],
            epilogue,
            y);
}
