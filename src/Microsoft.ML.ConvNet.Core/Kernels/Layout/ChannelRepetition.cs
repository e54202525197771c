using Microsoft.ML.ConvNet.Kernels.Reductions;
using Microsoft.ML.ConvNet.Kernels.Simd;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Kernels.Layout;

/// <summary>Repeats every channel of rows [rows, channels] side by side, and sums the gradients of the repetitions.</summary>
internal static unsafe class ChannelRepetition
{
    private const int BlockLength = 1 << 12;

    /// <summary>y[row, c M + m] = x[row, c].</summary>
    public static void Forward(WorkerGang gang, int rows, int channels, int repeats, float* x, float* y)
    {
        ForwardLoop loop = new() { X = x, Y = y, Count = (nint)rows * channels, Repeats = repeats };
        For(gang, loop.Count, repeats, &loop);
    }

    /// <summary>dx[row, c] = the sum over m of dy[row, c M + m], or dx += it.</summary>
    public static void Backward(WorkerGang gang, int rows, int channels, int repeats, float* dy, float* dx, bool accumulate)
    {
        BackwardLoop loop = new() { Dy = dy, Dx = dx, Count = (nint)rows * channels, Repeats = repeats, Accumulate = accumulate };
        For(gang, loop.Count, repeats, &loop);
    }

    private static void For<TLoop>(WorkerGang gang, nint count, int repeats, TLoop* loop)
        where TLoop : unmanaged, ISimdTask =>
        SimdLoop.For(gang, (int)Rounding.DivideUp(count, BlockLength), loop, count * (repeats + 1));

    // A number is written as a whole vector; what is too much of it is overwritten by the next number's.
    private struct ForwardLoop : ISimdTask
    {
        public float* X;
        public float* Y;
        public nint Count;
        public int Repeats;

        public readonly void Run<TSimd, TVector>(int item, void* scratch)
            where TSimd : struct, ISimd<TVector>
            where TVector : struct
        {
            nint repeats = Repeats;
            nint i = (nint)item * BlockLength;
            nint end = nint.Min(i + BlockLength, Count);
            float* y = Y + (i * repeats);
            float* last = Y + (end * repeats);
            for (; i < end; i++, y += repeats)
            {
                TVector value = TSimd.Create(X[i]);
                nint m = 0;
                for (; m < repeats && y + m + TSimd.Width <= last; m += TSimd.Width)
                {
                    TSimd.Store(y + m, value);
                }

                if (m < repeats)
                {
                    TSimd.StorePartial(y + m, value, repeats - m);
                }
            }
        }
    }

    private struct BackwardLoop : ISimdTask
    {
        public float* Dy;
        public float* Dx;
        public nint Count;
        public int Repeats;
        public bool Accumulate;

        public readonly void Run<TSimd, TVector>(int item, void* scratch)
            where TSimd : struct, ISimd<TVector>
            where TVector : struct
        {
            nint repeats = Repeats;
            nint i = (nint)item * BlockLength;
            nint end = nint.Min(i + BlockLength, Count);
            float* dy = Dy + (i * repeats);
            for (; i < end; i++, dy += repeats)
            {
                float sum = repeats < TSimd.Width ? SumOfFew(dy, repeats) : Reduction.SumOfRow<TSimd, TVector>(dy, repeats, 0);
                Dx[i] = Accumulate ? Dx[i] + sum : sum;
            }
        }

        private static float SumOfFew(float* dy, nint count)
        {
            float sum = dy[0];
            for (nint m = 1; m < count; m++)
            {
                sum += dy[m];
            }

            return sum;
        }
    }
}
