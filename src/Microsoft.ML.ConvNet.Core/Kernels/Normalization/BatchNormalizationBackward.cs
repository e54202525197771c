using System.Runtime.CompilerServices;
using Microsoft.ML.ConvNet.Kernels.Elementwise;
using Microsoft.ML.ConvNet.Kernels.Elementwise.Activations;
using Microsoft.ML.ConvNet.Kernels.Reductions;
using Microsoft.ML.ConvNet.Kernels.Simd;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Kernels.Normalization;

/// <summary>An item: the sums of dy and of dy (x - mean) over a block of rows; before, dy passes back through max(0, .) where that was applied.</summary>
internal unsafe struct BatchGradientSumsLoop : ISimdTask
{
    /// <summary>The input of the forward pass [Rows, Channels].</summary>
    public float* X;

    /// <summary>The gradient of the output.</summary>
    public float* Dy;

    /// <summary>The output of max(0, .), or null.</summary>
    public float* Rectified;

    /// <summary>The means.</summary>
    public float* Mean;

    /// <summary>The results: [blocks, 2, Channels].</summary>
    public float* Sums;

    /// <summary>The rows.</summary>
    public int Rows;

    /// <summary>The channels.</summary>
    public int Channels;

    /// <summary>The rows of a block.</summary>
    public int BlockRows;

    /// <inheritdoc/>
    [SkipLocalsInit]
    public readonly void Run<TSimd, TVector>(int item, void* scratch)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        float* folded = stackalloc float[3 * ColumnFold.MaximumFoldedLength];
        ColumnFold fold = ColumnFold.For(Channels, TSimd.Width);
        nint length = fold.Length;
        nint start = (nint)item * BlockRows * Channels;
        nint count = (nint)Math.Min(BlockRows, Rows - (item * BlockRows)) * Channels;
        float* first = Sums + ((nint)item * 2 * Channels);
        float* second = first + Channels;
        if (Rectified != null)
        {
            ElementwiseKernels.ActivateBackwardSpan<Relu>(Rectified + start, Dy + start, Dy + start, count, 0);
        }

        if (fold.Factor == 1)
        {
            ColumnReduction.Sum<TSimd, TVector, GradientTerm>(
                X + start, Dy + start, Mean, count / length, 0, length, length, first, second);
            return;
        }

        float* foldedSecond = folded + ColumnFold.MaximumFoldedLength;
        float* means = foldedSecond + ColumnFold.MaximumFoldedLength;
        fold.Repeat(Mean, means);
        ColumnReduction.Sum<TSimd, TVector, GradientTerm>(
            X + start, Dy + start, means, count / length, count % length, length, length, folded, foldedSecond);
        fold.Fold<TSimd, TVector>(folded);
        fold.Fold<TSimd, TVector>(foldedSecond);
        Unsafe.CopyBlockUnaligned(first, folded, (uint)Channels * sizeof(float));
        Unsafe.CopyBlockUnaligned(second, foldedSecond, (uint)Channels * sizeof(float));
    }
}

/// <summary>An item: dx of a part of the rows.</summary>
internal unsafe struct BatchGradientLoop : ISimdTask
{
    /// <summary>The input of the forward pass [Rows, Channels].</summary>
    public float* X;

    /// <summary>The gradient of the output.</summary>
    public float* Dy;

    /// <summary>The means.</summary>
    public float* Mean;

    /// <summary>The factors: [3, Channels].</summary>
    public float* Factors;

    /// <summary>The gradient of the input.</summary>
    public float* Dx;

    /// <summary>The rows.</summary>
    public int Rows;

    /// <summary>The channels.</summary>
    public int Channels;

    /// <summary>The number of items.</summary>
    public int Parts;

    /// <summary>Whether the result is added to what is there.</summary>
    public bool Accumulate;

    /// <inheritdoc/>
    [SkipLocalsInit]
    public readonly void Run<TSimd, TVector>(int item, void* scratch)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        const int Longest = ColumnFold.MaximumFoldedLength;
        float* repeated = stackalloc float[4 * Longest];
        ColumnFold fold = ColumnFold.For(Channels, TSimd.Width);
        nint start = (nint)Share.Start(Rows, item, Parts) * Channels;
        nint end = (nint)Share.End(Rows, item, Parts) * Channels;
        float* means = Mean;
        float* a = Factors;
        float* b = a + Channels;
        float* c = b + Channels;
        if (fold.Factor > 1)
        {
            fold.Repeat(means, repeated);
            fold.Repeat(a, repeated + Longest);
            fold.Repeat(b, repeated + (2 * Longest));
            fold.Repeat(c, repeated + (3 * Longest));
            means = repeated;
            a = repeated + Longest;
            b = repeated + (2 * Longest);
            c = repeated + (3 * Longest);
        }

        for (nint i = start; i < end; i += fold.Length)
        {
            Row<TSimd, TVector>(X + i, Dy + i, means, a, b, c, Dx + i, nint.Min(fold.Length, end - i));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly void Row<TSimd, TVector>(
        float* x, float* dy, float* means, float* a, float* b, float* c, float* dx, nint count)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        nint i = 0;
        for (; i <= count - TSimd.Width; i += TSimd.Width)
        {
            TVector deviation = TSimd.Subtract(TSimd.Load(x + i), TSimd.Load(means + i));
            TVector value = TSimd.MultiplyAdd(deviation, TSimd.Load(b + i), TSimd.Load(c + i));
            value = TSimd.MultiplyAdd(TSimd.Load(dy + i), TSimd.Load(a + i), value);
            Accumulation.Put<TSimd, TVector>(dx + i, value, Accumulate);
        }

        if (i < count)
        {
            nint rest = count - i;
            TVector deviation = TSimd.Subtract(TSimd.LoadPartial(x + i, rest), TSimd.LoadPartial(means + i, rest));
            TVector value = TSimd.MultiplyAdd(deviation, TSimd.LoadPartial(b + i, rest), TSimd.LoadPartial(c + i, rest));
            value = TSimd.MultiplyAdd(TSimd.LoadPartial(dy + i, rest), TSimd.LoadPartial(a + i, rest), value);
            Accumulation.PutPartial<TSimd, TVector>(dx + i, value, rest, Accumulate);
        }
    }
}
