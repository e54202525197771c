using System.Runtime.CompilerServices;
using Microsoft.ML.ConvNet.Kernels.Reductions;
using Microsoft.ML.ConvNet.Kernels.Simd;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Kernels.Normalization;

/// <summary>An item: the mean of each channel of a block of rows, and the sum of the squared deviations from it.</summary>
internal unsafe struct BatchStatisticsLoop : ISimdTask
{
    /// <summary>The matrix [Rows, Channels].</summary>
    public float* X;

    /// <summary>The results: [blocks, 2, Channels].</summary>
    public float* Sums;

    /// <summary>The rows.</summary>
    public int Rows;

    /// <summary>The columns.</summary>
    public int Channels;

    /// <summary>The rows of a block.</summary>
    public int BlockRows;

    /// <inheritdoc/>
    [SkipLocalsInit]
    public readonly void Run<TSimd, TVector>(int item, void* scratch)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        float* folded = stackalloc float[2 * ColumnFold.MaximumFoldedLength];
        ColumnFold fold = ColumnFold.For(Channels, TSimd.Width);
        int rows = Math.Min(BlockRows, Rows - (item * BlockRows));
        nint count = (nint)rows * Channels;
        float* x = X + ((nint)item * BlockRows * Channels);
        float* mean = Sums + ((nint)item * 2 * Channels);
        float* squares = mean + Channels;
        bool direct = fold.Factor == 1;

        float* sums = direct ? mean : folded;
        Sum<TSimd, TVector, SumTerm>(x, null, fold, count, sums);
        TVector divisor = TSimd.Create(rows);
        for (nint c = 0; c < Channels; c += TSimd.Width)
        {
            nint part = nint.Min(TSimd.Width, Channels - c);
            TSimd.StorePartial(mean + c, TSimd.Divide(TSimd.LoadPartial(sums + c, part), divisor), part);
        }

        float* means = direct ? mean : folded + ColumnFold.MaximumFoldedLength;
        if (!direct)
        {
            fold.Repeat(mean, means);
        }

        sums = direct ? squares : folded;
        Sum<TSimd, TVector, SquaredDeviationTerm>(x, means, fold, count, sums);
        if (!direct)
        {
            Unsafe.CopyBlockUnaligned(squares, sums, (uint)Channels * sizeof(float));
        }
    }

    private static void Sum<TSimd, TVector, TTerm>(float* x, float* means, ColumnFold fold, nint count, float* sums)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TTerm : struct, IColumnTerm
    {
        nint length = fold.Length;
        ColumnReduction.Sum<TSimd, TVector, TTerm>(x, x, means, count / length, count % length, length, length, sums, null);
        fold.Fold<TSimd, TVector>(sums);
    }
}

/// <summary>An item: a part of the rows, normalised.</summary>
internal unsafe struct BatchNormalizationLoop : ISimdTask
{
    /// <summary>The input: Channels of each of the rows.</summary>
    public float* X;

    /// <summary>From a row of the input to the next: its channels, or those of a wider tensor.</summary>
    public nint SourcePitch;

    /// <summary>The means.</summary>
    public float* Mean;

    /// <summary>The variances.</summary>
    public float* Variance;

    /// <summary>The scales.</summary>
    public float* Gamma;

    /// <summary>The shifts.</summary>
    public float* Beta;

    /// <summary>The output.</summary>
    public float* Y;

    /// <summary>What is added, or null.</summary>
    public float* Residual;

    /// <summary>The least value of an output: 0 for ReLU, else negative infinity.</summary>
    public float Floor;

    /// <summary>What is added to the variances.</summary>
    public float Epsilon;

    /// <summary>The rows.</summary>
    public int Rows;

    /// <summary>The channels.</summary>
    public int Channels;

    /// <summary>The number of items.</summary>
    public int Parts;

    private const int ChannelBlock = 2 * ColumnFold.MaximumFoldedLength;

    /// <inheritdoc/>
    [SkipLocalsInit]
    public readonly void Run<TSimd, TVector>(int item, void* scratch)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        float* scales = stackalloc float[ChannelBlock];
        float* repeated = stackalloc float[2 * ColumnFold.MaximumFoldedLength];
        ColumnFold fold = SourcePitch == Channels ? ColumnFold.For(Channels, TSimd.Width) : ColumnFold.Apart(Channels);
        nint length = fold.Length;
        nint start = (nint)Share.Start(Rows, item, Parts) * Channels;
        nint end = (nint)Share.End(Rows, item, Parts) * Channels;
        float* means = Mean;
        float* shifts = Beta;
        if (fold.Factor > 1)
        {
            Scales<TSimd, TVector>(0, Channels, repeated);
            fold.Repeat(repeated, scales);
            means = repeated;
            shifts = repeated + ColumnFold.MaximumFoldedLength;
            fold.Repeat(Mean, means);
            fold.Repeat(Beta, shifts);
        }

        for (nint block = 0; block < length; block += ChannelBlock)
        {
            nint width = nint.Min(ChannelBlock, length - block);
            if (fold.Factor == 1)
            {
                Scales<TSimd, TVector>(block, width, scales);
            }

            float* source = X + (start / Channels * SourcePitch) + block;
            nint sourceStep = fold.Factor * SourcePitch;
            for (nint i = start + block; i < end; i += length, source += sourceStep)
            {
                Row<TSimd, TVector>(
                    source, means + block, scales, shifts + block, Residual == null ? null : Residual + i, Y + i, nint.Min(width, end - i));
            }
        }
    }

    private readonly void Scales<TSimd, TVector>(nint from, nint count, float* scales)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector epsilon = TSimd.Create(Epsilon);
        for (nint c = 0; c < count; c += TSimd.Width)
        {
            nint part = nint.Min(TSimd.Width, count - c);
            TVector deviation = TSimd.Sqrt(TSimd.Add(TSimd.LoadPartial(Variance + from + c, part), epsilon));
            TSimd.StorePartial(scales + c, TSimd.Divide(TSimd.LoadPartial(Gamma + from + c, part), deviation), part);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly void Row<TSimd, TVector>(
        float* x, float* means, float* scales, float* shifts, float* residual, float* y, nint count)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector floor = TSimd.Create(Floor);
        nint c = 0;
        for (; c <= count - TSimd.Width; c += TSimd.Width)
        {
            TVector deviation = TSimd.Subtract(TSimd.Load(x + c), TSimd.Load(means + c));
            TVector value = TSimd.MultiplyAdd(deviation, TSimd.Load(scales + c), TSimd.Load(shifts + c));
            value = residual == null ? value : TSimd.Add(value, TSimd.Load(residual + c));
            TSimd.Store(y + c, TSimd.Max(floor, value));
        }

        if (c < count)
        {
            nint rest = count - c;
            TVector deviation = TSimd.Subtract(TSimd.LoadPartial(x + c, rest), TSimd.LoadPartial(means + c, rest));
            TVector value = TSimd.MultiplyAdd(deviation, TSimd.LoadPartial(scales + c, rest), TSimd.LoadPartial(shifts + c, rest));
            value = residual == null ? value : TSimd.Add(value, TSimd.LoadPartial(residual + c, rest));
            TSimd.StorePartial(y + c, TSimd.Max(floor, value), rest);
        }
    }
}
