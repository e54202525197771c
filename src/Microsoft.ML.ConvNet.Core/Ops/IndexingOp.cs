using Microsoft.ML.ConvNet.Kernels.Layout;

namespace Microsoft.ML.ConvNet.Ops;

/// <summary>Elements of the input at listed positions, and a constant where there is none.</summary>
/// <param name="Kind">What it is called in a printed plan: slice, padding, gather.</param>
/// <param name="Plan">Which elements.</param>
/// <param name="Value">The constant.</param>
internal sealed unsafe record IndexingOp(string Kind, IndexingPlan Plan, float Value = 0) : Op
{
    /// <inheritdoc/>
    public override string Kind { get; } = Kind;

    /// <inheritdoc/>
    public override BackwardReads BackwardReads => BackwardReads.None;

    /// <inheritdoc/>
    public override void Forward(in Execution execution, OpBinding binding) =>
        Indexing.Forward(
            execution.Gang, Plan, execution.Batch, execution.Buffers[binding.Inputs[0]], execution.Buffers[binding.Output], Value);

    /// <inheritdoc/>
    public override void Backward(in Execution execution, OpBinding binding) =>
        Indexing.Backward(
            execution.Gang,
            Plan,
            execution.Batch,
            execution.Buffers[binding.OutputGradient],
            execution.Buffers[binding.InputGradients[0]],
            binding.Accumulate[0]);
}
