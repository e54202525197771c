using Microsoft.ML.ConvNet.Kernels.Losses;

namespace Microsoft.ML.ConvNet.Ops;

/// <summary>Softmax and focal loss in one: loss[n] = -w (1 - p)^gamma log p for p = softmax(x[n])[target[n]].</summary>
internal sealed unsafe record FocalLossOp(int Classes, float Gamma) : LossOp
{
    /// <inheritdoc/>
    public override string Kind => "focal loss";

    /// <inheritdoc/>
    protected override int Length => Classes;

    /// <inheritdoc/>
    protected override void Run(in Execution execution, OpBinding binding, float* losses, float* gradient, float scale)
    {
        fixed (float* weights = ClassWeights)
        {
            Focal.ForwardBackward(
                execution.Gang,
                execution.Batch,
                Classes,
                execution.Buffers[binding.Inputs[0]],
                execution.TargetClasses,
                losses,
                gradient,
                scale,
                Gamma,
                weights,
                execution.SecondClasses,
                execution.FirstShares);
        }
    }
}
