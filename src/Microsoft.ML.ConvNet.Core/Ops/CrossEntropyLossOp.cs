using Microsoft.ML.ConvNet.Kernels;

namespace Microsoft.ML.ConvNet.Ops;

/// <summary>
/// Softmax and cross-entropy in one: loss[n] = -log softmax(x[n])[target[n]]. The gradient is that of the mean over the batch:
/// (softmax(x) - one-hot) / N. It is computed together with the loss, in place of the logits' gradient.
/// </summary>
internal sealed unsafe record CrossEntropyLossOp(int Classes, float LabelSmoothing) : Op
{
    /// <inheritdoc/>
    public override string Kind => "softmax cross-entropy";

    /// <inheritdoc/>
    public override void Forward(in Execution execution, OpBinding binding) => Run(execution, binding, gradient: null);

    /// <inheritdoc/>
    public override void ForwardTraining(in Execution execution, OpBinding binding)
    {
        // The backward run computes both.
    }

    /// <inheritdoc/>
    public override void Backward(in Execution execution, OpBinding binding) =>
        Run(execution, binding, execution.Buffers[binding.InputGradients[0]]);

    private void Run(in Execution execution, OpBinding binding, float* gradient) =>
        CrossEntropy.ForwardBackward(
            execution.Gang,
            execution.Batch,
            Classes,
            execution.Buffers[binding.Inputs[0]],
            execution.TargetClasses,
            execution.Losses,
            gradient,
            1f / execution.Batch,
            LabelSmoothing);
}
