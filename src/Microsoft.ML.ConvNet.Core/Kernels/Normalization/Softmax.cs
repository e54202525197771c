using System.Runtime.CompilerServices;
using Microsoft.ML.ConvNet.Kernels.Simd;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Kernels.Normalization;

/// <summary>
/// The softmax of rows [rows, classes]: y = e^(x - max) / sum. A row that holds NaN or plus infinity, or nothing but minus infinity,
/// gives NaN.
/// </summary>
internal static unsafe class Softmax
{
    private const long ExponentialWork = 4;

    /// <summary>y = softmax(x) of every row; y may be x.</summary>
    public static void Forward(WorkerGang gang, int rows, int classes, float* x, float* y)
    {
        long work = (long)rows * classes * ExponentialWork;
        int parts = SimdLoop.Parts(gang, work, rows);
        SoftmaxLoop loop = new() { X = x, Y = y, Rows = rows, Classes = classes, Parts = parts };
        SimdLoop.For(gang, parts, &loop, work);
    }

    /// <summary>dx = y (dy - sum(y dy)) of every row, or dx += it. dx may be dy.</summary>
    public static void Backward(WorkerGang gang, int rows, int classes, float* y, float* dy, float* dx, bool accumulate)
    {
        long work = (long)rows * classes * 3;
        int parts = SimdLoop.Parts(gang, work, rows);
        SoftmaxGradientLoop loop = new()
        {
            Y = y,
            Dy = dy,
            Dx = dx,
            Rows = rows,
            Classes = classes,
            Parts = parts,
            Accumulate = accumulate,
        };
        SimdLoop.For(gang, parts, &loop, work);
    }

    /// <summary>The largest element of a row; not defined where one is NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static float MaxOfRow<TSimd, TVector>(float* x, nint count)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector best = TSimd.Create(float.NegativeInfinity);
        nint i = 0;
        for (; i <= count - TSimd.Width; i += TSimd.Width)
        {
            best = TSimd.Max(best, TSimd.Load(x + i));
        }

        if (i < count)
        {
            TVector last = TSimd.LoadPartial(x + i, count - i);
            best = TSimd.Max(best, TSimd.Select(TSimd.FirstLanes(count - i), last, best));
        }

        return TSimd.MaxAcross(best);
    }

    /// <summary>y = e^(x - max), unless y is null; returns the sum.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static float ExponentialsOfRow<TSimd, TVector>(float* x, float* y, nint count, float max)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector shift = TSimd.Create(max);
        TVector sum = TSimd.Zero;
        nint i = 0;
        for (; i <= count - TSimd.Width; i += TSimd.Width)
        {
            TVector e = VectorMath.Exp<TSimd, TVector>(TSimd.Subtract(TSimd.Load(x + i), shift));
            sum = TSimd.Add(sum, e);
            if (y != null)
            {
                TSimd.Store(y + i, e);
            }
        }

        if (i < count)
        {
            nint rest = count - i;
            TVector e = VectorMath.Exp<TSimd, TVector>(TSimd.Subtract(TSimd.LoadPartial(x + i, rest), shift));
            sum = TSimd.Add(sum, TSimd.Select(TSimd.FirstLanes(rest), e, TSimd.Zero));
            if (y != null)
            {
                TSimd.StorePartial(y + i, e, rest);
            }
        }

        return TSimd.Sum(sum);
    }

    private struct SoftmaxLoop : ISimdTask
    {
        public float* X;
        public float* Y;
        public int Rows;
        public int Classes;
        public int Parts;

        public readonly void Run<TSimd, TVector>(int item, void* scratch)
            where TSimd : struct, ISimd<TVector>
            where TVector : struct
        {
            int end = Share.End(Rows, item, Parts);
            for (int row = Share.Start(Rows, item, Parts); row < end; row++)
            {
                float* x = X + ((nint)row * Classes);
                float* y = Y + ((nint)row * Classes);
                float max = MaxOfRow<TSimd, TVector>(x, Classes);
                float sum = ExponentialsOfRow<TSimd, TVector>(x, y, Classes, max);
                Divide<TSimd, TVector>(y, Classes, sum);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Divide<TSimd, TVector>(float* y, nint count, float sum)
            where TSimd : struct, ISimd<TVector>
            where TVector : struct
        {
            TVector divisor = TSimd.Create(sum);
            nint i = 0;
            for (; i <= count - TSimd.Width; i += TSimd.Width)
            {
                TSimd.Store(y + i, TSimd.Divide(TSimd.Load(y + i), divisor));
            }

            if (i < count)
            {
                TSimd.StorePartial(y + i, TSimd.Divide(TSimd.LoadPartial(y + i, count - i), divisor), count - i);
            }
        }
    }

    private struct SoftmaxGradientLoop : ISimdTask
    {
        public float* Y;
        public float* Dy;
        public float* Dx;
        public int Rows;
        public int Classes;
        public int Parts;
        public bool Accumulate;

        public readonly void Run<TSimd, TVector>(int item, void* scratch)
            where TSimd : struct, ISimd<TVector>
            where TVector : struct
        {
            int end = Share.End(Rows, item, Parts);
            for (int row = Share.Start(Rows, item, Parts); row < end; row++)
            {
                nint offset = (nint)row * Classes;
                Row<TSimd, TVector>(Y + offset, Dy + offset, Dx + offset, Classes, Accumulate);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Row<TSimd, TVector>(float* y, float* dy, float* dx, nint count, bool accumulate)
            where TSimd : struct, ISimd<TVector>
            where TVector : struct
        {
            TVector products = TSimd.Zero;
            nint i = 0;
            for (; i <= count - TSimd.Width; i += TSimd.Width)
            {
                products = TSimd.MultiplyAdd(TSimd.Load(y + i), TSimd.Load(dy + i), products);
            }

            nint rest = count - i;
            if (rest > 0)
            {
                products = TSimd.MultiplyAdd(TSimd.LoadPartial(y + i, rest), TSimd.LoadPartial(dy + i, rest), products);
            }

            TVector mean = TSimd.Create(TSimd.Sum(products));
            for (i = 0; i <= count - TSimd.Width; i += TSimd.Width)
            {
                TVector value = TSimd.Multiply(TSimd.Load(y + i), TSimd.Subtract(TSimd.Load(dy + i), mean));
                Accumulation.Put<TSimd, TVector>(dx + i, value, accumulate);
            }

            if (rest > 0)
            {
                TVector value = TSimd.Multiply(
                    TSimd.LoadPartial(y + i, rest), TSimd.Subtract(TSimd.LoadPartial(dy + i, rest), mean));
                Accumulation.PutPartial<TSimd, TVector>(dx + i, value, rest, accumulate);
            }
        }
    }
}
