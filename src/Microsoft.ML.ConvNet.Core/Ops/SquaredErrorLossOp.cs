using Microsoft.ML.ConvNet.Kernels;

namespace Microsoft.ML.ConvNet.Ops;

/// <summary>loss[n] = the mean over the outputs of (x - target)^2; the gradient is that of the mean over the batch.</summary>
internal sealed unsafe record SquaredErrorLossOp(int Outputs) : Op
{
    /// <inheritdoc/>
    public override string Kind => "squared error";

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
        SquaredError.ForwardBackward(
            execution.Gang,
            execution.Batch,
            Outputs,
            execution.Buffers[binding.Inputs[0]],
            execution.TargetValues,
            execution.Losses,
            gradient,
            1f / execution.Batch);
}
