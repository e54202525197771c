using System.Runtime.CompilerServices;
using Microsoft.ML.ConvNet.Kernels.Reductions;
using Microsoft.ML.ConvNet.Kernels.Simd;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Kernels.Normalization;

/// <summary>
/// The logarithm of the softmax of rows [rows, classes]: y = (x - max) - ln sum e^(x - max). A row that holds NaN or plus infinity, or
/// nothing but minus infinity, gives NaN.
/// </summary>
internal static unsafe class LogSoftmax
{
    private const long ExponentialWork = 4;

    /// <summary>y = log softmax(x) of every row; y may be x.</summary>
    public static void Forward(WorkerGang gang, int rows, int classes, float* x, float* y)
    {
        long work = (long)rows * classes * ExponentialWork;
        int parts = SimdLoop.Parts(gang, work, rows);
        LogSoftmaxLoop loop = new() { X = x, Y = y, Rows = rows, Classes = classes, Parts = parts };
        SimdLoop.For(gang, parts, &loop, work);
    }

    /// <summary>dx = dy - e^y sum(dy) of every row, or dx += it. dx may be dy.</summary>
    public static void Backward(WorkerGang gang, int rows, int classes, float* y, float* dy, float* dx, bool accumulate)
    {
        long work = (long)rows * classes * ExponentialWork;
        int parts = SimdLoop.Parts(gang, work, rows);
        LogSoftmaxGradientLoop loop = new()
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

    private struct LogSoftmaxLoop : ISimdTask
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
                float max = Softmax.MaxOfRow<TSimd, TVector>(x, Classes);
                float sum = Softmax.ExponentialsOfRow<TSimd, TVector>(x, null, Classes, max);
                Subtract<TSimd, TVector>(x, Y + ((nint)row * Classes), Classes, max, (float)Math.Log(sum));
            }
        }

        // y = (x - max) - logarithm: the first difference is exact where the result is near 0.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Subtract<TSimd, TVector>(float* x, float* y, nint count, float max, float logarithm)
            where TSimd : struct, ISimd<TVector>
            where TVector : struct
        {
            TVector first = TSimd.Create(max);
            TVector second = TSimd.Create(logarithm);
            nint i = 0;
            for (; i <= count - TSimd.Width; i += TSimd.Width)
            {
                TSimd.Store(y + i, TSimd.Subtract(TSimd.Subtract(TSimd.Load(x + i), first), second));
            }

            if (i < count)
            {
                TVector last = TSimd.LoadPartial(x + i, count - i);
                TSimd.StorePartial(y + i, TSimd.Subtract(TSimd.Subtract(last, first), second), count - i);
            }
        }
    }

    private struct LogSoftmaxGradientLoop : ISimdTask
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
            TVector sum = TSimd.Create(Reduction.SumOfRow<TSimd, TVector>(dy, count, 0));
            nint i = 0;
            for (; i <= count - TSimd.Width; i += TSimd.Width)
            {
                TVector probability = VectorMath.Exp<TSimd, TVector>(TSimd.Load(y + i));
                Accumulation.Put<TSimd, TVector>(
                    dx + i, TSimd.MultiplyAddNegated(probability, sum, TSimd.Load(dy + i)), accumulate);
            }

            if (i < count)
            {
                nint rest = count - i;
                TVector probability = VectorMath.Exp<TSimd, TVector>(TSimd.LoadPartial(y + i, rest));
                Accumulation.PutPartial<TSimd, TVector>(
                    dx + i, TSimd.MultiplyAddNegated(probability, sum, TSimd.LoadPartial(dy + i, rest)), rest, accumulate);
            }
        }
    }
}
