using Microsoft.ML.ConvNet.Kernels.Losses;

namespace Microsoft.ML.ConvNet.Ops;

/// <summary>loss[n] = the mean over the outputs of (x - target)^2.</summary>
internal sealed unsafe record SquaredErrorLossOp(int Outputs) : LossOp
{
    /// <inheritdoc/>
    public override string Kind => "squared error";

    /// <inheritdoc/>
    protected override int Length => Outputs;

    /// <inheritdoc/>
    protected override void Run(in Execution execution, OpBinding binding, float* losses, float* gradient, float scale) =>
        SquaredError.ForwardBackward(
            execution.Gang,
            execution.Batch,
            Outputs,
            execution.Buffers[binding.Inputs[0]],
            execution.TargetValues,
            losses,
            gradient,
            scale);
}
