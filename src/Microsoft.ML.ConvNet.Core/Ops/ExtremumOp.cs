using Microsoft.ML.ConvNet.Kernels.Arrays;
using Microsoft.ML.ConvNet.Kernels.Elementwise;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Ops;

/// <summary>
/// The largest or smallest element over the dimensions in which the output has 1 element. Elements that share the extremum share its
/// gradient evenly.
/// </summary>
/// <param name="Input">The shape of the input.</param>
/// <param name="Kept">The shape of the output, with 1 in the dimensions that are reduced.</param>
/// <param name="IsMaximum">Whether it is the largest.</param>
internal sealed unsafe record ExtremumOp(Shape Input, Shape Kept, bool IsMaximum) : Op
{
    private readonly StridedShape _loops = StridedShape.Broadcast(Input, Kept, Kept);

    /// <inheritdoc/>
    public override string Kind => IsMaximum ? "maximum" : "minimum";

    /// <inheritdoc/>
    public override BackwardReads BackwardReads => BackwardReads.Inputs | BackwardReads.Output;

    /// <inheritdoc/>
    public override nint BackwardWorkspaceLength(int batch) => (nint)batch * Kept.ElementCount;

    /// <inheritdoc/>
    public override void Forward(in Execution execution, OpBinding binding) =>
        Extremum.Run(
            execution.Gang,
            _loops.ForBatch(execution.Batch, 0),
            new Operand(execution.Buffers[binding.Output], 0),
            execution.Buffers[binding.Inputs[0]],
            IsMaximum);

    /// <inheritdoc/>
    public override void Backward(in Execution execution, OpBinding binding)
    {
        StridedShape loops = _loops.ForBatch(execution.Batch, 0);
        Operand x = new(execution.Buffers[binding.Inputs[0]], StridedShape.Full);
        Operand y = new(execution.Buffers[binding.Output], 0);
        float* share = execution.Buffers[binding.BackwardWorkspace];
        ElementSum.Run<IsEqualTerm>(execution.Gang, loops, new Operand(share, 0), x, y, default, 1, accumulate: false);
        StridedShape each = StridedShape.Broadcast(Kept, Kept, Kept).ForBatch(execution.Batch, 0);
        ElementMap.Run<RatioTerm>(
            execution.Gang,
            each,
            share,
            new Operand(execution.Buffers[binding.OutputGradient], 0),
            new Operand(share, 1),
            default,
            0,
            accumulate: false);
        ElementMap.Run<WhereEqualTerm>(
            execution.Gang,
            loops,
            execution.Buffers[binding.InputGradients[0]],
            new Operand(share, 1),
            x,
            y,
            0,
            binding.Accumulate[0]);
    }

    /// <inheritdoc/>
    public override string Describe() => $"{Input} to {Kept}";
}
