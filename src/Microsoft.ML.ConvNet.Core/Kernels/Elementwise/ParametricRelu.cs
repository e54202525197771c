using System.Runtime.CompilerServices;
using Microsoft.ML.ConvNet.Kernels.Reductions;
using Microsoft.ML.ConvNet.Kernels.Simd;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Kernels.Elementwise;

/// <summary>
/// The parametric rectified linear unit of a matrix [rows, channels]: x above 0, weight x below, with a weight for each channel; its
/// derivative at 0 is the weight.
/// </summary>
/// <remarks>He, Zhang, Ren and Sun, 2015.</remarks>
internal static unsafe class ParametricRelu
{
    /// <summary>y = f(x); y may be x.</summary>
    public static void Forward(WorkerGang gang, int rows, int channels, float* x, float* weight, float* y) =>
        Scale(gang, rows, channels, x, x, weight, y, accumulate: false);

    /// <summary>dx = dy f'(x), or dx += it; dx may be dy.</summary>
    public static void BackwardData(
        WorkerGang gang, int rows, int channels, float* x, float* dy, float* weight, float* dx, bool accumulate) =>
        Scale(gang, rows, channels, x, dy, weight, dx, accumulate);

    /// <summary>The gradient of the weights, the sum of dy min(x, 0) over the rows, or that added to it.</summary>
    public static void BackwardWeight(
        WorkerGang gang, int rows, int channels, float* x, float* dy, float* gradient, bool accumulate) =>
        Reduction.ColumnSums<NegativePartTerm>(gang, rows, channels, x, dy, gradient, accumulate);

    private static void Scale(
        WorkerGang gang, int rows, int channels, float* x, float* scaled, float* weight, float* y, bool accumulate)
    {
        long work = 2L * rows * channels;
        int parts = SimdLoop.Parts(gang, work, rows);
        ScalingLoop loop = new()
        {
            X = x,
            Scaled = scaled,
            Weight = weight,
            Y = y,
            Rows = rows,
            Channels = channels,
            Parts = parts,
            Accumulate = accumulate,
        };
        SimdLoop.For(gang, parts, &loop, work);
    }

    /// <summary>The sum of other min(x, 0).</summary>
    private readonly struct NegativePartTerm : IColumnTerm
    {
        public static bool HasSecond => false;

        public static bool ReadsOther => true;

        public static bool ReadsMean => false;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Terms<TSimd, TVector>(TVector x, TVector other, TVector mean, out TVector second)
            where TSimd : struct, ISimd<TVector>
            where TVector : struct
        {
            second = TSimd.Zero;
            return TSimd.Multiply(other, TSimd.Min(TSimd.Zero, x));
        }
    }

    /// <summary>An item: what is scaled, by 1 where x is above 0 and by the weight elsewhere, for a part of the rows.</summary>
    private struct ScalingLoop : ISimdTask
    {
        public float* X;
        public float* Scaled;
        public float* Weight;
        public float* Y;
        public int Rows;
        public int Channels;
        public int Parts;
        public bool Accumulate;

        [SkipLocalsInit]
        public readonly void Run<TSimd, TVector>(int item, void* scratch)
            where TSimd : struct, ISimd<TVector>
            where TVector : struct
        {
            float* repeated = stackalloc float[ColumnFold.MaximumFoldedLength];
            ColumnFold fold = ColumnFold.For(Channels, TSimd.Width);
            float* weights = Weight;
            if (fold.Factor > 1)
            {
                fold.Repeat(Weight, repeated);
                weights = repeated;
            }

            nint end = (nint)Share.End(Rows, item, Parts) * Channels;
            for (nint i = (nint)Share.Start(Rows, item, Parts) * Channels; i < end; i += fold.Length)
            {
                Row<TSimd, TVector>(X + i, Scaled + i, weights, Y + i, nint.Min(fold.Length, end - i), Accumulate);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Row<TSimd, TVector>(float* x, float* scaled, float* weights, float* y, nint count, bool accumulate)
            where TSimd : struct, ISimd<TVector>
            where TVector : struct
        {
            nint i = 0;
            for (; i <= count - TSimd.Width; i += TSimd.Width)
            {
                TVector value = Value<TSimd, TVector>(TSimd.Load(x + i), TSimd.Load(scaled + i), TSimd.Load(weights + i));
                Accumulation.Put<TSimd, TVector>(y + i, value, accumulate);
            }

            if (i < count)
            {
                nint rest = count - i;
                TVector value = Value<TSimd, TVector>(
                    TSimd.LoadPartial(x + i, rest), TSimd.LoadPartial(scaled + i, rest), TSimd.LoadPartial(weights + i, rest));
                Accumulation.PutPartial<TSimd, TVector>(y + i, value, rest, accumulate);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static TVector Value<TSimd, TVector>(TVector x, TVector scaled, TVector weight)
            where TSimd : struct, ISimd<TVector>
            where TVector : struct =>
            TSimd.Select(TSimd.GreaterThan(x, TSimd.Zero), scaled, TSimd.Multiply(scaled, weight));
    }
}
