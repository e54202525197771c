using Microsoft.ML.ConvNet.Kernels.Products;
using Microsoft.ML.ConvNet.Kernels.Reductions;

namespace Microsoft.ML.ConvNet.Ops;

/// <summary>
/// y = f(x W + b + r): a matrix product of rows of <paramref name="InputCount"/> with a matrix of
/// <paramref name="InputCount"/> by <paramref name="OutputCount"/>. Inputs: x, W, then b, then r.
/// </summary>
internal sealed unsafe record DenseOp(
    int InputCount, int OutputCount, bool HasBias, bool HasResidual = false, ActivationFunction? Activation = null) : Op, IWeightedOp
{
    /// <inheritdoc/>
    public override string Kind => "matrix product";

    /// <inheritdoc/>
    public override BackwardReads BackwardReads =>
        Activation == null ? BackwardReads.Inputs : BackwardReads.Inputs | BackwardReads.Output;

    /// <inheritdoc/>
    public override long MultiplyAdds => (long)InputCount * OutputCount;

    /// <inheritdoc/>
    public override nint PreparedLength => MatrixProduct.PackedWeightsLength(InputCount, OutputCount);

    /// <inheritdoc/>
    public override nint PreparedBackwardLength => MatrixProduct.PackedTransposedWeightsLength(InputCount, OutputCount);

    /// <inheritdoc/>
    public override nuint ScratchBytes => MatrixProduct.ScratchBytes(InputCount, OutputCount);

    /// <inheritdoc/>
    public override nint BackwardWorkspaceLength(int batch) =>
        MatrixProduct.WeightGradientWorkspaceLength(InputCount, OutputCount, batch);

    /// <inheritdoc/>
    public Op WithActivation(ActivationFunction? activation) => this with { Activation = activation };

    /// <inheritdoc/>
    public Op WithResidual() => this with { HasResidual = true };

    /// <inheritdoc/>
    public Op WithBias() => this with { HasBias = true };

    /// <inheritdoc/>
    public override void Prepare(in Execution execution, OpBinding binding) =>
        MatrixProduct.PackWeights(
            execution.Gang,
            InputCount,
            OutputCount,
            execution.Buffers[binding.Inputs[1]],
            execution.Buffers[binding.Prepared]);

    /// <inheritdoc/>
    public override void PrepareBackward(in Execution execution, OpBinding binding) =>
        MatrixProduct.PackTransposedWeights(
            execution.Gang,
            InputCount,
            OutputCount,
            execution.Buffers[binding.Inputs[1]],
            execution.Buffers[binding.PreparedBackward]);

    /// <inheritdoc/>
    public override void Forward(in Execution execution, OpBinding binding) =>
        MatrixProduct.Forward(
            execution.Gang,
            execution.Batch,
            InputCount,
            OutputCount,
            execution.Buffers[binding.Inputs[0]],
            execution.Buffers[binding.Prepared],
            IFusibleOp.EpilogueOf(this, HasBias, execution, binding),
            execution.Buffers[binding.Output]);

    /// <inheritdoc/>
    public override void Backward(in Execution execution, OpBinding binding)
    {
        float* dy = execution.Buffers[binding.OutputGradient];
        Activation?.Backward(
            execution.Gang, execution.Buffers[binding.Output], dy, dy, (nint)execution.Batch * OutputCount, accumulate: false);
        if (binding.InputGradients[1] >= 0)
        {
            MatrixProduct.BackwardWeights(
                execution.Gang,
                execution.Batch,
                InputCount,
                OutputCount,
                execution.Buffers[binding.Inputs[0]],
                dy,
                execution.Buffers[binding.InputGradients[1]],
                execution.Buffers[binding.BackwardWorkspace],
                binding.Accumulate[1]);
        }

        if (HasBias && binding.InputGradients[2] >= 0)
        {
            Reduction.ColumnSums(
                execution.Gang,
                execution.Batch,
                OutputCount,
                dy,
                execution.Buffers[binding.InputGradients[2]],
                binding.Accumulate[2]);
        }

        if (binding.InputGradients[0] >= 0)
        {
            MatrixProduct.BackwardData(
                execution.Gang,
                execution.Batch,
                InputCount,
                OutputCount,
                dy,
                execution.Buffers[binding.PreparedBackward],
                execution.Buffers[binding.InputGradients[0]],
                binding.Accumulate[0]);
        }
    }

    /// <inheritdoc/>
    public override string Describe() => $"{InputCount} by {OutputCount}{IFusibleOp.Describe(this)}";
}
