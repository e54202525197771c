using System.Runtime.CompilerServices;
using Microsoft.ML.ConvNet.Kernels.Simd;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Kernels.Reductions;

/// <summary>Sums whose order depends only on the shape and the vector tier.</summary>
internal static unsafe class Reduction
{
    // A narrow matrix is divided by rows into segments, a wide one by columns.
    private const int NarrowColumns = 256;
    private const int WideBlockColumns = 128;
    private const int MaximumSegments = 16;
    private const int SegmentLength = 1 << 14;
    private const int BlockLength = 1 << 13;

    /// <summary>
    /// sums[c] = the sum of x [rows, columns] over its rows, or sums[c] += it: float32 in blocks of 8192 elements, whose sums are added
    /// in float64. The error is under 1e-6 of the sum of the magnitudes.
    /// </summary>
    public static void ColumnSums(WorkerGang gang, int rows, int columns, float* x, float* sums, bool accumulate) =>
        ColumnSums<SumTerm>(gang, rows, columns, x, x, sums, accumulate);

    /// <summary>The same for the sums of a term of x and another matrix [rows, columns]; it has one sum and no means.</summary>
    public static void ColumnSums<TTerm>(WorkerGang gang, int rows, int columns, float* x, float* other, float* sums, bool accumulate)
        where TTerm : struct, IColumnTerm
    {
        long work = (long)rows * columns;
        if (columns > NarrowColumns)
        {
            WideLoop<TTerm> wide = new() { X = x, Other = other, Sums = sums, Rows = rows, Columns = columns, Accumulate = accumulate };
            SimdLoop.For(gang, Rounding.DivideUp(columns, WideBlockColumns), &wide, work);
            return;
        }

        int segments = (int)Math.Clamp(work / SegmentLength, 1, MaximumSegments);
        double* partial = stackalloc double[segments * columns];
        NarrowLoop<TTerm> loop = new() { X = x, Other = other, Partial = partial, Rows = rows, Columns = columns, Segments = segments };
        SimdLoop.For(gang, segments, &loop, work);
        for (int c = 0; c < columns; c++)
        {
            double sum = 0;
            for (int segment = 0; segment < segments; segment++)
            {
                sum += partial[(segment * columns) + c];
            }

            sums[c] = accumulate ? (float)(sums[c] + sum) : (float)sum;
        }
    }

    /// <summary>The sum of x - shift over <paramref name="count"/> elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static float SumOfRow<TSimd, TVector>(float* x, nint count, float shift)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector offset = TSimd.Create(shift);
        TVector sum = TSimd.Zero;
        nint i = 0;
        for (; i <= count - TSimd.Width; i += TSimd.Width)
        {
            sum = TSimd.Add(sum, TSimd.Subtract(TSimd.Load(x + i), offset));
        }

        if (i < count)
        {
            TVector last = TSimd.Subtract(TSimd.LoadPartial(x + i, count - i), offset);
            sum = TSimd.Add(sum, TSimd.Select(TSimd.FirstLanes(count - i), last, TSimd.Zero));
        }

        return TSimd.Sum(sum);
    }

    private struct NarrowLoop<TTerm> : ISimdTask
        where TTerm : struct, IColumnTerm
    {
        public float* X;
        public float* Other;
        public double* Partial;
        public int Rows;
        public int Columns;
        public int Segments;

        [SkipLocalsInit]
        public readonly void Run<TSimd, TVector>(int item, void* scratch)
            where TSimd : struct, ISimd<TVector>
            where TVector : struct
        {
            float* block = stackalloc float[ColumnFold.MaximumFoldedLength];
            ColumnFold fold = ColumnFold.For(Columns, TSimd.Width);
            double* sums = Partial + ((nint)item * Columns);
            new Span<double>(sums, Columns).Clear();
            int blockRows = Math.Max(1, BlockLength / Columns);
            int end = Share.End(Rows, item, Segments);
            for (int row = Share.Start(Rows, item, Segments); row < end; row += blockRows)
            {
                nint count = (nint)Math.Min(blockRows, end - row) * Columns;
                nint offset = (nint)row * Columns;
                ColumnReduction.Sum<TSimd, TVector, TTerm>(
                    X + offset, Other + offset, null, count / fold.Length, count % fold.Length, fold.Length, fold.Length, block, null);
                fold.Fold<TSimd, TVector>(block);
                for (int c = 0; c < Columns; c++)
                {
                    sums[c] += block[c];
                }
            }
        }
    }

    private struct WideLoop<TTerm> : ISimdTask
        where TTerm : struct, IColumnTerm
    {
        public float* X;
        public float* Other;
        public float* Sums;
        public int Rows;
        public int Columns;
        public bool Accumulate;

        [SkipLocalsInit]
        public readonly void Run<TSimd, TVector>(int item, void* scratch)
            where TSimd : struct, ISimd<TVector>
            where TVector : struct
        {
            const int BlockRows = BlockLength / WideBlockColumns;
            float* block = stackalloc float[WideBlockColumns];
            double* totals = stackalloc double[WideBlockColumns];
            int start = item * WideBlockColumns;
            int width = Math.Min(WideBlockColumns, Columns - start);
            new Span<double>(totals, width).Clear();
            for (int row = 0; row < Rows; row += BlockRows)
            {
                nint offset = ((nint)row * Columns) + start;
                ColumnReduction.Sum<TSimd, TVector, TTerm>(
                    X + offset, Other + offset, null, Math.Min(BlockRows, Rows - row), 0, Columns, width, block, null);
                for (int c = 0; c < width; c++)
                {
                    totals[c] += block[c];
                }
            }

            for (int c = 0; c < width; c++)
            {
                Sums[start + c] = Accumulate ? (float)(Sums[start + c] + totals[c]) : (float)totals[c];
            }
        }
    }
}
