using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Kernels.Arrays;

/// <summary>
/// How a few tensors lie in memory under the loops over one full shape: the length of each loop, outermost first, and how far apart its
/// elements are in each tensor, 0 where a tensor is broadcast. Loops of one element are left out, and neighbouring loops that every tensor
/// walks through as one are one, so that there are as few as can be. The tensor <see cref="Full"/> has the full shape without gaps.
/// </summary>
internal unsafe struct StridedShape
{
    /// <summary>The most dimensions of a sample.</summary>
    public const int MaximumRank = 8;

    /// <summary>The tensors beside the full one.</summary>
    public const int MaximumOperands = 3;

    /// <summary>The number of the tensor that has the full shape.</summary>
    public const int Full = MaximumOperands;

    /// <summary>The most loops: the dimensions of a sample, and the batch.</summary>
    public const int MaximumLoops = MaximumRank + 1;

    private fixed long _lengths[MaximumLoops];
    private fixed long _strides[MaximumLoops * (MaximumOperands + 1)];
    private fixed long _sizes[MaximumOperands + 1];
    private int _loops;

    /// <summary>The number of loops, from 1.</summary>
    public readonly int Loops => _loops;

    /// <summary>The shape of an operation on operands that are broadcast to a full shape: their dimensions are its own or 1.</summary>
    /// <param name="full">The full shape.</param>
    /// <param name="operands">Their shapes; where they have fewer dimensions, the outermost are missing.</param>
    public static StridedShape Broadcast(Shape full, params ReadOnlySpan<Shape> operands)
    {
        StridedShape shape = default;
        Span<long> strides = stackalloc long[MaximumRank * (MaximumOperands + 1)];
        strides.Clear();
        for (int operand = 0; operand < operands.Length; operand++)
        {
            shape._sizes[operand] = operands[operand].ElementCount;
            Contiguous(operands[operand], full, strides[(operand * MaximumRank)..]);
        }

        shape._sizes[Full] = full.ElementCount;
        Contiguous(full, full, strides[(Full * MaximumRank)..]);
        shape.Collapse(full.AsSpan(), strides);
        return shape;
    }

    /// <summary>The shape of a permutation: operand 0 is the tensor before it, the full tensor the one after it.</summary>
    /// <param name="input">The shape before.</param>
    /// <param name="axes">For each dimension after it, which one of the dimensions before it is.</param>
    public static StridedShape Permutation(Shape input, ReadOnlySpan<int> axes)
    {
        StridedShape shape = default;
        Span<long> before = stackalloc long[MaximumRank];
        Span<long> strides = stackalloc long[MaximumRank * (MaximumOperands + 1)];
        strides.Clear();
        Contiguous(input, input, before);
        int[] lengths = new int[axes.Length];
        for (int i = 0; i < axes.Length; i++)
        {
            lengths[i] = input[axes[i]];
            strides[i] = before[axes[i]];
        }

        Shape full = new(lengths);
        Contiguous(full, full, strides[(Full * MaximumRank)..]);
        shape._sizes[0] = input.ElementCount;
        shape._sizes[Full] = input.ElementCount;
        shape.Collapse(lengths, strides);
        return shape;
    }

    /// <summary>The length of a loop.</summary>
    public readonly nint Length(int loop) => (nint)_lengths[loop];

    /// <summary>How far apart the elements of a loop are in a tensor.</summary>
    public readonly nint Stride(int operand, int loop) => (nint)_strides[(operand * MaximumLoops) + loop];

    /// <summary>The elements of the full shape.</summary>
    public readonly nint Count
    {
        get
        {
            nint count = 1;
            for (int loop = 0; loop < _loops; loop++)
            {
                count *= (nint)_lengths[loop];
            }

            return count;
        }
    }

    /// <summary>Whether an operand has every element of the full shape, so that there is nothing to broadcast.</summary>
    public readonly bool IsFull(int operand) => _sizes[operand] == _sizes[Full];

    /// <summary>The shape for samples one behind the other.</summary>
    /// <param name="batch">The number of samples.</param>
    /// <param name="shared">The operands that all samples share, as bits.</param>
    public readonly StridedShape ForBatch(int batch, uint shared)
    {
        if (batch == 1)
        {
            return this;
        }

        StridedShape shape = this;
        bool merges = true;
        for (int operand = 0; operand <= Full; operand++)
        {
            merges &= BatchStride(operand, shared) == _strides[operand * MaximumLoops] * _lengths[0];
        }

        if (merges)
        {
            shape._lengths[0] *= batch;
            return shape;
        }

        shape._loops = _loops + 1;
        shape._lengths[0] = batch;
        for (int loop = 0; loop < _loops; loop++)
        {
            shape._lengths[loop + 1] = _lengths[loop];
        }

        for (int operand = 0; operand <= Full; operand++)
        {
            shape._strides[operand * MaximumLoops] = BatchStride(operand, shared);
            for (int loop = 0; loop < _loops; loop++)
            {
                shape._strides[(operand * MaximumLoops) + loop + 1] = _strides[(operand * MaximumLoops) + loop];
            }
        }

        return shape;
    }

    /// <summary>The same loops in another order.</summary>
    /// <param name="order">For each loop, which one of this shape's it is.</param>
    public readonly StridedShape Reordered(ReadOnlySpan<int> order)
    {
        StridedShape shape = this;
        for (int loop = 0; loop < order.Length; loop++)
        {
            shape._lengths[loop] = _lengths[order[loop]];
            for (int operand = 0; operand <= Full; operand++)
            {
                shape._strides[(operand * MaximumLoops) + loop] = _strides[(operand * MaximumLoops) + order[loop]];
            }
        }

        return shape;
    }

    private static void Contiguous(Shape shape, Shape full, Span<long> strides)
    {
        long stride = 1;
        int missing = full.Rank - shape.Rank;
        for (int i = shape.Rank - 1; i >= 0; i--)
        {
            strides[missing + i] = shape[i] == full[missing + i] ? stride : 0;
            stride *= shape[i];
        }
    }

    private readonly long BatchStride(int operand, uint shared) => ((shared >> operand) & 1) != 0 ? 0 : _sizes[operand];

    private void Collapse(ReadOnlySpan<int> lengths, ReadOnlySpan<long> strides)
    {
        for (int i = 0; i < lengths.Length; i++)
        {
            if (lengths[i] == 1)
            {
                continue;
            }

            bool merges = _loops > 0;
            for (int operand = 0; merges && operand <= Full; operand++)
            {
                merges = _strides[(operand * MaximumLoops) + _loops - 1] == strides[(operand * MaximumRank) + i] * lengths[i];
            }

            int loop = merges ? _loops - 1 : _loops++;
            _lengths[loop] = merges ? _lengths[loop] * lengths[i] : lengths[i];
            for (int operand = 0; operand <= Full; operand++)
            {
                _strides[(operand * MaximumLoops) + loop] = strides[(operand * MaximumRank) + i];
            }
        }

        if (_loops == 0)
        {
            _loops = 1;
            _lengths[0] = 1;
            for (int operand = 0; operand <= Full; operand++)
            {
                _strides[operand * MaximumLoops] = _sizes[operand];
            }
        }
    }
}
