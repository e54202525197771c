using Microsoft.ML.ConvNet.Kernels.Losses;

namespace Microsoft.ML.ConvNet.Ops;

/// <summary>Sigmoid and binary cross-entropy in one: loss[n] = the mean over the outputs of softplus(x) - target x.</summary>
internal sealed unsafe record BinaryCrossEntropyLossOp(int Outputs) : LossOp
{
    /// <inheritdoc/>
    public override string Kind => "binary cross-entropy";

    /// <inheritdoc/>
    protected override int Length => Outputs;

    /// <inheritdoc/>
    protected override void Run(in Execution execution, OpBinding binding, float* losses, float* gradient, float scale) =>
        BinaryCrossEntropy.ForwardBackward(
            execution.Gang,
            execution.Batch,
            Outputs,
            execution.Buffers[binding.Inputs[0]],
            execution.TargetValues,
            losses,
            gradient,
            scale);
}
