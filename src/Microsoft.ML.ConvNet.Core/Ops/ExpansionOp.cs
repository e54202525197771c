using Microsoft.ML.ConvNet.Kernels.Arrays;
using Microsoft.ML.ConvNet.Kernels.Elementwise;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Ops;

/// <summary>
/// Repeats the input along the dimensions in which it has 1 element and the output has more; a parameter, along the batch.
/// </summary>
/// <param name="Input">The shape of the input.</param>
/// <param name="Shape">The shape of the output.</param>
/// <param name="IsConstant">Whether the input is a parameter, the same for all samples.</param>
internal sealed unsafe record ExpansionOp(Shape Input, Shape Shape, bool IsConstant) : Op
{
    private readonly StridedShape _loops = StridedShape.Broadcast(Shape, Input);

    /// <inheritdoc/>
    public override string Kind => IsConstant ? "constant" : "expand";

    /// <inheritdoc/>
    public override BackwardReads BackwardReads => BackwardReads.None;

    /// <inheritdoc/>
    public override void Forward(in Execution execution, OpBinding binding) =>
        ElementMap.Run<CopyTerm>(
            execution.Gang,
            Loops(execution),
            execution.Buffers[binding.Output],
            new Operand(execution.Buffers[binding.Inputs[0]], 0),
            default,
            default,
            0,
            accumulate: false);

    /// <inheritdoc/>
    public override void Backward(in Execution execution, OpBinding binding) =>
        OperandGradient.Write<CopyTerm>(
            execution,
            binding,
            0,
            Loops(execution),
            !IsConstant && _loops.IsFull(0),
            new Operand(execution.Buffers[binding.OutputGradient], StridedShape.Full),
            default,
            default);

    private StridedShape Loops(in Execution execution) => _loops.ForBatch(execution.Batch, IsConstant ? 1u : 0u);
}
