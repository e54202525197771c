using Microsoft.ML.ConvNet.Kernels.Layout;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Ops;

/// <summary>The inputs one behind the other along the innermost dimension; their other dimensions are the same.</summary>
/// <param name="Shape">The shape of the output.</param>
/// <param name="Channels">The innermost dimension of each input.</param>
internal sealed unsafe record ConcatenationOp(Shape Shape, IReadOnlyList<int> Channels) : Op
{
    /// <summary>Where each input's channels begin in the output; inputs may be missing whose ops write them there themselves.</summary>
    public IReadOnlyList<int> Offsets { get; init; } = OffsetsOf(Channels);

    /// <inheritdoc/>
    public override string Kind => "concatenation";

    /// <summary>The rows of channels that a sample has: all dimensions but the innermost of <see cref="Shape"/>.</summary>
    public int Rows => RowsOf(Shape).Rows;

    /// <inheritdoc/>
    public override BackwardReads BackwardReads => BackwardReads.None;

    /// <inheritdoc/>
    public override void Forward(in Execution execution, OpBinding binding)
    {
        (int rows, int total) = RowsOf(Shape);
        for (int i = 0; i < Channels.Count; i++)
        {
            Concatenation.Forward(
                execution.Gang,
                execution.Batch * rows,
                Channels[i],
                total,
                Offsets[i],
                execution.Buffers[binding.Inputs[i]],
                execution.Buffers[binding.Output]);
        }
    }

    /// <inheritdoc/>
    public override void Backward(in Execution execution, OpBinding binding)
    {
        (int rows, int total) = RowsOf(Shape);
        for (int i = 0; i < Channels.Count; i++)
        {
            if (binding.InputGradients[i] >= 0)
            {
                Concatenation.Backward(
                    execution.Gang,
                    execution.Batch * rows,
                    Channels[i],
                    total,
                    Offsets[i],
                    execution.Buffers[binding.OutputGradient],
                    execution.Buffers[binding.InputGradients[i]],
                    binding.Accumulate[i]);
            }
        }
    }

    private static int[] OffsetsOf(IReadOnlyList<int> channels)
    {
        int[] offsets = new int[channels.Count];
        for (int i = 1; i < offsets.Length; i++)
        {
            offsets[i] = offsets[i - 1] + channels[i - 1];
        }

        return offsets;
    }
}
