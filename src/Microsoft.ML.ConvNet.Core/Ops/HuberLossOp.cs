using Microsoft.ML.ConvNet.Kernels.Losses;

namespace Microsoft.ML.ConvNet.Ops;

/// <summary>loss[n] = the mean over the outputs of d^2 / 2 up to delta, and of delta (|d| - delta / 2) beyond, for d = x - target.</summary>
internal sealed unsafe record HuberLossOp(int Outputs, float Delta) : LossOp
{
    /// <inheritdoc/>
    public override string Kind => "Huber loss";

    /// <inheritdoc/>
    protected override int Length => Outputs;

    /// <inheritdoc/>
    protected override void Run(in Execution execution, OpBinding binding, float* losses, float* gradient, float scale) =>
        Huber.ForwardBackward(
            execution.Gang,
            execution.Batch,
            Outputs,
            execution.Buffers[binding.Inputs[0]],
            execution.TargetValues,
            losses,
            gradient,
            scale,
            Delta);
}
