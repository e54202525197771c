using Microsoft.ML.ConvNet.Kernels.Convolution;
using Microsoft.ML.ConvNet.Kernels.Convolution.Direct;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Ops;

/// <summary>
/// Transposed convolution with optional bias, residual and activation: the data gradient of <paramref name="Mirrored"/>, the convolution
/// that leads from the output back to the input. Its own data gradient is that convolution. Inputs: x, w, then b, then r.
/// </summary>
/// <param name="Mirrored">The convolution whose input has the shape of this op's output.</param>
/// <param name="HasBias">Whether a bias is added.</param>
/// <param name="HasResidual">Whether another activation is added before the function; in inference only.</param>
/// <param name="Activation">The fused function, if any.</param>
internal sealed unsafe record TransposedConvolutionOp(
    ConvolutionShape Mirrored, bool HasBias, bool HasResidual = false, ActivationFunction? Activation = null) : Op, IFusibleOp
{
    // Where the window covers the whole output, the work is a matrix product with one column a number of the output.
    private bool RepeatsBias => HasBias && Mirrored.Canonical().InputChannels != Mirrored.InputChannels;

    /// <inheritdoc/>
    public override string Kind => "transposed convolution";

    /// <inheritdoc/>
    public override BackwardReads BackwardReads =>
        Activation == null ? BackwardReads.Inputs : BackwardReads.Inputs | BackwardReads.Output;

    /// <inheritdoc/>
    public override long MultiplyAdds =>
        (long)Mirrored.OutputHeight * Mirrored.OutputWidth * Mirrored.OutputChannels
        * Mirrored.KernelHeight * Mirrored.KernelWidth * Mirrored.GroupInputChannels;

    /// <inheritdoc/>
    public override nint PreparedLength => ConvolutionAlgorithm.Direct.PackedTransposedWeightsLength(Mirrored);

    /// <inheritdoc/>
    public override nint PreparedBackwardLength => ConvolutionAlgorithm.Direct.PackedWeightsLength(Mirrored);

    /// <inheritdoc/>
    public override nuint ScratchBytes => ConvolutionAlgorithm.Direct.ScratchBytes(Mirrored);

    /// <inheritdoc/>
    public override nint WorkspaceLength(int batch, bool training) => RepeatsBias ? Mirrored.Canonical().InputChannels : 0;

    /// <inheritdoc/>
    public override nint BackwardWorkspaceLength(int batch) => ConvolutionAlgorithm.Direct.WeightGradientWorkspaceLength(Mirrored, batch);

    /// <inheritdoc/>
    public Op WithActivation(ActivationFunction? activation) => this with { Activation = activation };

    /// <inheritdoc/>
    public Op WithResidual() => this with { HasResidual = true };

    /// <inheritdoc/>
    public override void Prepare(in Execution execution, OpBinding binding) =>
        ConvolutionAlgorithm.Direct.PackTransposedWeights(
            execution.Gang, Mirrored, execution.Buffers[binding.Inputs[1]], execution.Buffers[binding.Prepared]);

    /// <inheritdoc/>
    public override void PrepareBackward(in Execution execution, OpBinding binding) =>
        ConvolutionAlgorithm.Direct.PackWeights(
            execution.Gang, Mirrored, execution.Buffers[binding.Inputs[1]], execution.Buffers[binding.PreparedBackward]);

    /// <inheritdoc/>
    public override void Forward(in Execution execution, OpBinding binding)
    {
        Epilogue epilogue = IFusibleOp.EpilogueOf(this, HasBias, execution, binding);
        if (RepeatsBias)
        {
            float* repeated = execution.Buffers[binding.Workspace];
            Span<float> bias = new(epilogue.Bias, Mirrored.InputChannels);
            for (int pixel = 0; pixel < Mirrored.InputHeight * Mirrored.InputWidth; pixel++)
            {
                bias.CopyTo(new Span<float>(repeated + ((nint)pixel * bias.Length), bias.Length));
            }

            epilogue.Bias = repeated;
        }

        DirectConvolution.Transposed(
            execution.Gang,
            Mirrored,
            execution.Batch,
            execution.Buffers[binding.Inputs[0]],
            execution.Buffers[binding.Prepared],
            epilogue,
            execution.Buffers[binding.Output],
            accumulate: false);
    }

    /// <inheritdoc/>
    public override void Backward(in Execution execution, OpBinding binding)
    {
        int rows = execution.Batch * Mirrored.InputHeight * Mirrored.InputWidth;
        float* dy = execution.Buffers[binding.OutputGradient];
        IFusibleOp.BackwardEpilogue(this, HasBias, execution, binding, rows, Mirrored.InputChannels);
        if (binding.InputGradients[1] >= 0)
        {
            ConvolutionAlgorithm.Direct.BackwardWeights(
                execution.Gang,
                Mirrored,
                execution.Batch,
                dy,
                execution.Buffers[binding.Inputs[0]],
                execution.Buffers[binding.InputGradients[1]],
                execution.Buffers[binding.BackwardWorkspace],
                binding.Accumulate[1]);
        }

        if (binding.InputGradients[0] >= 0)
        {
            DirectConvolution.Forward(
                execution.Gang,
                Mirrored,
                execution.Batch,
                dy,
                execution.Buffers[binding.PreparedBackward],
                default,
                execution.Buffers[binding.InputGradients[0]],
                binding.Accumulate[0]);
        }
    }

    /// <inheritdoc/>
    public override string Describe()
    {
        string groups = Mirrored.Groups == 1 ? string.Empty : Invariant($" groups {Mirrored.Groups}");
        string bias = HasBias ? " + bias" : string.Empty;
        string stride = Invariant($"stride {Mirrored.StrideHeight}x{Mirrored.StrideWidth}");
        return Invariant($"{Mirrored.KernelHeight}x{Mirrored.KernelWidth} {stride}{groups}{bias}{IFusibleOp.Describe(this)}");
    }
}
