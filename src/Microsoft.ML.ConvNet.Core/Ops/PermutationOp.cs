using Microsoft.ML.ConvNet.Kernels.Arrays;
using Microsoft.ML.ConvNet.Kernels.Layout;
using Microsoft.ML.ConvNet.Tensors;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Ops;

/// <summary>The input with its dimensions in another order.</summary>
/// <param name="Input">The shape of the input.</param>
/// <param name="Axes">For each dimension of the output, which one of the input it is.</param>
internal sealed unsafe record PermutationOp(Shape Input, IReadOnlyList<int> Axes) : Op
{
    private readonly StridedShape _loops = StridedShape.Permutation(Input, [.. Axes]);
    private readonly StridedShape _inverse = StridedShape.Permutation(
        new Shape([.. Axes.Select(axis => Input[axis])]), [.. Enumerable.Range(0, Axes.Count).OrderBy(dimension => Axes[dimension])]);

    /// <inheritdoc/>
    public override string Kind => "permutation";

    /// <inheritdoc/>
    public override BackwardReads BackwardReads => BackwardReads.None;

    /// <summary>Whether the elements stay in their order, since only dimensions of 1 element move.</summary>
    public bool IsIdentity => _loops.Loops == 1;

    /// <inheritdoc/>
    public override void Forward(in Execution execution, OpBinding binding) =>
        Permutation.Run(
            execution.Gang,
            _loops.ForBatch(execution.Batch, 0),
            execution.Buffers[binding.Inputs[0]],
            execution.Buffers[binding.Output],
            accumulate: false);

    /// <inheritdoc/>
    public override void Backward(in Execution execution, OpBinding binding) =>
        Permutation.Run(
            execution.Gang,
            _inverse.ForBatch(execution.Batch, 0),
            execution.Buffers[binding.OutputGradient],
            execution.Buffers[binding.InputGradients[0]],
            binding.Accumulate[0]);

    /// <inheritdoc/>
    public override string Describe() => $"{Input} by ({string.Join(", ", Axes.Select(axis => Invariant($"{axis}")))})";
}
