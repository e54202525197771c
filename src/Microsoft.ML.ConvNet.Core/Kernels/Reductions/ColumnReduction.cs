using System.Runtime.CompilerServices;
using Microsoft.ML.ConvNet.Kernels.Simd;

namespace Microsoft.ML.ConvNet.Kernels.Reductions;

/// <summary>What a reduction over the rows of a matrix sums.</summary>
internal interface IColumnTerm
{
    /// <summary>Whether there is a second sum.</summary>
    static abstract bool HasSecond { get; }

    /// <summary>Whether <see cref="Terms"/> reads the second matrix.</summary>
    static abstract bool ReadsOther { get; }

    /// <summary>Whether <see cref="Terms"/> reads the column's mean.</summary>
    static abstract bool ReadsMean { get; }

    /// <summary>An element's share in the sums.</summary>
    static abstract TVector Terms<TSimd, TVector>(TVector x, TVector other, TVector mean, out TVector second)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct;
}

/// <summary>The sum of x.</summary>
internal readonly struct SumTerm : IColumnTerm
{
    /// <inheritdoc/>
    public static bool HasSecond => false;

    /// <inheritdoc/>
    public static bool ReadsOther => false;

    /// <inheritdoc/>
    public static bool ReadsMean => false;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Terms<TSimd, TVector>(TVector x, TVector other, TVector mean, out TVector second)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        second = TSimd.Zero;
        return x;
    }
}

/// <summary>The sum of (x - mean)^2.</summary>
internal readonly struct SquaredDeviationTerm : IColumnTerm
{
    /// <inheritdoc/>
    public static bool HasSecond => false;

    /// <inheritdoc/>
    public static bool ReadsOther => false;

    /// <inheritdoc/>
    public static bool ReadsMean => true;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Terms<TSimd, TVector>(TVector x, TVector other, TVector mean, out TVector second)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        second = TSimd.Zero;
        TVector deviation = TSimd.Subtract(x, mean);
        return TSimd.Multiply(deviation, deviation);
    }
}

/// <summary>The sums of other and of other (x - mean).</summary>
internal readonly struct GradientTerm : IColumnTerm
{
    /// <inheritdoc/>
    public static bool HasSecond => true;

    /// <inheritdoc/>
    public static bool ReadsOther => true;

    /// <inheritdoc/>
    public static bool ReadsMean => true;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Terms<TSimd, TVector>(TVector x, TVector other, TVector mean, out TVector second)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        second = TSimd.Multiply(other, TSimd.Subtract(x, mean));
        return other;
    }
}

/// <summary>Sums over the rows of a block of a matrix, column by column, four rows at a time.</summary>
internal static unsafe class ColumnReduction
{
    /// <summary>
    /// Overwrites <paramref name="first"/> and, where there is one, <paramref name="second"/> with the sums of <paramref name="width"/> columns over
    /// <paramref name="rows"/> rows and the first <paramref name="lastRow"/> columns of one more.
    /// </summary>
    public static void Sum<TSimd, TVector, TTerm>(
        float* x, float* other, float* mean, nint rows, nint lastRow, nint stride, nint width, float* first, float* second)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TTerm : struct, IColumnTerm
    {
        nint quads = rows / 4;
        Quads<TSimd, TVector, TTerm>(x, other, mean, quads, stride, width, first, second);
        for (nint row = quads * 4; row <= rows; row++)
        {
            nint columns = row == rows ? lastRow : width;
            AddRow<TSimd, TVector, TTerm>(x + (row * stride), other + (row * stride), mean, columns, first, second);
        }
    }

    private static void Quads<TSimd, TVector, TTerm>(
        float* x, float* other, float* mean, nint quads, nint stride, nint width, float* first, float* second)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TTerm : struct, IColumnTerm
    {
        new Span<float>(first, (int)width).Clear();
        if (TTerm.HasSecond)
        {
            new Span<float>(second, (int)width).Clear();
        }

        for (nint quad = 0; quad < quads; quad++, x += 4 * stride, other += 4 * stride)
        {
            nint c = 0;
            for (; c <= width - TSimd.Width; c += TSimd.Width)
            {
                TVector m = TTerm.ReadsMean ? TSimd.Load(mean + c) : TSimd.Zero;
                TVector a = Terms<TSimd, TVector, TTerm>(x + c, other + c, m, out TVector a2);
                TVector b = Terms<TSimd, TVector, TTerm>(x + c + stride, other + c + stride, m, out TVector b2);
                TVector d = Terms<TSimd, TVector, TTerm>(x + c + (2 * stride), other + c + (2 * stride), m, out TVector d2);
                TVector e = Terms<TSimd, TVector, TTerm>(x + c + (3 * stride), other + c + (3 * stride), m, out TVector e2);
                TVector sum = TSimd.Add(TSimd.Add(a, b), TSimd.Add(d, e));
                TSimd.Store(first + c, TSimd.Add(TSimd.Load(first + c), sum));
                if (TTerm.HasSecond)
                {
                    sum = TSimd.Add(TSimd.Add(a2, b2), TSimd.Add(d2, e2));
                    TSimd.Store(second + c, TSimd.Add(TSimd.Load(second + c), sum));
                }
            }

            if (c < width)
            {
                for (int row = 0; row < 4; row++)
                {
                    nint offset = (row * stride) + c;
                    AddRow<TSimd, TVector, TTerm>(x + offset, other + offset, mean + c, width - c, first + c, second + c);
                }
            }
        }
    }

    private static void AddRow<TSimd, TVector, TTerm>(
        float* x, float* other, float* mean, nint columns, float* first, float* second)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TTerm : struct, IColumnTerm
    {
        for (nint c = 0; c < columns; c += TSimd.Width)
        {
            nint count = nint.Min(TSimd.Width, columns - c);
            TVector m = TTerm.ReadsMean ? TSimd.LoadPartial(mean + c, count) : TSimd.Zero;
            TVector o = TTerm.ReadsOther ? TSimd.LoadPartial(other + c, count) : TSimd.Zero;
            TVector a = TTerm.Terms<TSimd, TVector>(TSimd.LoadPartial(x + c, count), o, m, out TVector a2);
            Accumulation.PutPartial<TSimd, TVector>(first + c, a, count, accumulate: true);
            if (TTerm.HasSecond)
            {
                Accumulation.PutPartial<TSimd, TVector>(second + c, a2, count, accumulate: true);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Terms<TSimd, TVector, TTerm>(float* x, float* other, TVector mean, out TVector second)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TTerm : struct, IColumnTerm =>
        TTerm.Terms<TSimd, TVector>(TSimd.Load(x), TTerm.ReadsOther ? TSimd.Load(other) : TSimd.Zero, mean, out second);
}
