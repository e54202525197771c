using Microsoft.ML.ConvNet.Kernels.Losses;

namespace Microsoft.ML.ConvNet.Ops;

/// <summary>
/// Softmax and cross-entropy in one: loss[n] = -log softmax(x[n])[target[n]], with the gradient softmax(x) - one-hot, computed together
/// with the loss, in place of the logits' gradient.
/// </summary>
internal sealed unsafe record CrossEntropyLossOp(int Classes, float LabelSmoothing) : LossOp
{
    /// <inheritdoc/>
    public override string Kind => "softmax cross-entropy";

    /// <inheritdoc/>
    protected override int Length => Classes;

    /// <inheritdoc/>
    protected override void Run(in Execution execution, OpBinding binding, float* losses, float* gradient, float scale)
    {
        fixed (float* weights = ClassWeights)
        {
            CrossEntropy.ForwardBackward(
                execution.Gang,
                execution.Batch,
                Classes,
                execution.Buffers[binding.Inputs[0]],
                execution.TargetClasses,
                losses,
                gradient,
                scale,
                LabelSmoothing,
                weights,
                execution.SecondClasses,
                execution.FirstShares);
        }
    }
}
