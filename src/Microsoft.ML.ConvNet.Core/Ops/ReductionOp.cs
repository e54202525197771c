using Microsoft.ML.ConvNet.Kernels.Arrays;
using Microsoft.ML.ConvNet.Kernels.Elementwise;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Ops;

/// <summary>The sum of the input, times a number, over the dimensions in which the output has 1 element.</summary>
/// <param name="Input">The shape of the input.</param>
/// <param name="Kept">The shape of the output, with 1 in the dimensions that are reduced.</param>
/// <param name="Scale">What each sum is multiplied by: 1, or for means the reciprocal of their number of elements.</param>
internal sealed unsafe record ReductionOp(Shape Input, Shape Kept, float Scale) : Op
{
    private readonly StridedShape _loops = StridedShape.Broadcast(Input, Kept);

    /// <inheritdoc/>
    public override string Kind => Scale == 1 ? "sum" : "mean";

    /// <inheritdoc/>
    public override BackwardReads BackwardReads => BackwardReads.None;

    /// <inheritdoc/>
    public override void Forward(in Execution execution, OpBinding binding) =>
        ElementSum.Run<CopyTerm>(
            execution.Gang,
            _loops.ForBatch(execution.Batch, 0),
            new Operand(execution.Buffers[binding.Output], 0),
            new Operand(execution.Buffers[binding.Inputs[0]], StridedShape.Full),
            default,
            default,
            Scale,
            accumulate: false);

    /// <inheritdoc/>
    public override void Backward(in Execution execution, OpBinding binding) =>
        ElementMap.Run<ScaledTerm>(
            execution.Gang,
            _loops.ForBatch(execution.Batch, 0),
            execution.Buffers[binding.InputGradients[0]],
            new Operand(execution.Buffers[binding.OutputGradient], 0),
            default,
            default,
            Scale,
            binding.Accumulate[0]);

    /// <inheritdoc/>
    public override string Describe() => $"{Input} to {Kept}";
}
