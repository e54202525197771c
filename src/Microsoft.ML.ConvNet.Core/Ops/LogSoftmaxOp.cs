using Microsoft.ML.ConvNet.Kernels.Normalization;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Ops;

/// <summary>y = x - log(sum of exp(x)), over the innermost dimension.</summary>
internal sealed unsafe record LogSoftmaxOp(Shape Shape) : Op
{
    /// <inheritdoc/>
    public override string Kind => "log-softmax";

    /// <inheritdoc/>
    public override BackwardReads BackwardReads => BackwardReads.Output;

    /// <inheritdoc/>
    public override bool CanRunInPlace => true;

    /// <inheritdoc/>
    public override void Forward(in Execution execution, OpBinding binding)
    {
        (int rows, int classes) = RowsOf(Shape);
        LogSoftmax.Forward(
            execution.Gang,
            execution.Batch * rows,
            classes,
            execution.Buffers[binding.Inputs[0]],
            execution.Buffers[binding.Output]);
    }

    /// <inheritdoc/>
    public override void Backward(in Execution execution, OpBinding binding)
    {
        (int rows, int classes) = RowsOf(Shape);
        LogSoftmax.Backward(
            execution.Gang,
            execution.Batch * rows,
            classes,
            execution.Buffers[binding.Output],
            execution.Buffers[binding.OutputGradient],
            execution.Buffers[binding.InputGradients[0]],
            binding.Accumulate[0]);
    }
}
