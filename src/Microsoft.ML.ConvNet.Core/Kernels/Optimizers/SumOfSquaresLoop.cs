using Microsoft.ML.ConvNet.Kernels.Simd;

namespace Microsoft.ML.ConvNet.Kernels.Optimizers;

/// <summary>A segment's sum of squares.</summary>
internal unsafe struct SumOfSquaresLoop : ISimdTask
{
    /// <summary>The elements.</summary>
    public float* X;

    /// <summary>The results, one a segment.</summary>
    public double* Sums;

    /// <summary>All elements.</summary>
    public nint Count;

    /// <summary>The elements of a segment.</summary>
    public nint SegmentLength;

    /// <summary>The elements that are summed in float32.</summary>
    public int BlockLength;

    /// <inheritdoc/>
    public readonly void Run<TSimd, TVector>(int item, void* scratch)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        nint end = nint.Min((item + 1) * SegmentLength, Count);
        double total = 0;
        for (nint start = item * SegmentLength; start < end; start += BlockLength)
        {
            total += Block<TSimd, TVector>(X + start, nint.Min(BlockLength, end - start));
        }

        Sums[item] = total;
    }

    private static float Block<TSimd, TVector>(float* x, nint count)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector sum0 = TSimd.Zero;
        TVector sum1 = TSimd.Zero;
        TVector sum2 = TSimd.Zero;
        TVector sum3 = TSimd.Zero;
        nint i = 0;
        for (; i <= count - (4 * TSimd.Width); i += 4 * TSimd.Width)
        {
            TVector x0 = TSimd.Load(x + i);
            TVector x1 = TSimd.Load(x + i + TSimd.Width);
            TVector x2 = TSimd.Load(x + i + (2 * TSimd.Width));
            TVector x3 = TSimd.Load(x + i + (3 * TSimd.Width));
            sum0 = TSimd.MultiplyAdd(x0, x0, sum0);
            sum1 = TSimd.MultiplyAdd(x1, x1, sum1);
            sum2 = TSimd.MultiplyAdd(x2, x2, sum2);
            sum3 = TSimd.MultiplyAdd(x3, x3, sum3);
        }

        for (; i < count; i += TSimd.Width)
        {
            TVector last = TSimd.LoadPartial(x + i, nint.Min(TSimd.Width, count - i));
            sum0 = TSimd.MultiplyAdd(last, last, sum0);
        }

        return TSimd.Sum(TSimd.Add(TSimd.Add(sum0, sum1), TSimd.Add(sum2, sum3)));
    }
}
