using System.Runtime.CompilerServices;
using Microsoft.ML.ConvNet.Kernels.Simd;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Kernels.Elementwise;

/// <summary>
/// Inverted dropout (Srivastava et al., 2014) of a matrix [rows, columns], a row a sample: an element is 0 with probability rate and
/// multiplied by 1 / (1 - rate) else. The backward pass draws the same mask again; none is stored.
/// </summary>
internal static unsafe class Dropout
{
    private const int PartColumns = 64 * DropoutMask.GroupLength;
    private const int WorkAnElement = 4;

    /// <summary>y = the masked and scaled x; y may be x.</summary>
    /// <param name="gang">The threads.</param>
    /// <param name="rows">The samples.</param>
    /// <param name="columns">The elements of a sample.</param>
    /// <param name="x">The input.</param>
    /// <param name="y">The output.</param>
    /// <param name="rate">The probability that an element is dropped, in [0, 1).</param>
    /// <param name="seed">The key of the random numbers.</param>
    /// <param name="layer">The layer's number, under 2^24.</param>
    /// <param name="epoch">The epoch.</param>
    /// <param name="sampleIds">The identity of each row's sample.</param>
    public static void Forward(
        WorkerGang gang, int rows, int columns, float* x, float* y, float rate, ulong seed, uint layer, uint epoch, uint* sampleIds) =>
        Run(gang, rows, columns, x, y, rate, seed, layer, epoch, sampleIds, accumulate: false);

    /// <summary>dx = the equally masked and scaled dy, or dx += it; the arguments are those of <see cref="Forward"/>.</summary>
    public static void Backward(
        WorkerGang gang,
        int rows,
        int columns,
        float* dy,
        float* dx,
        float rate,
        ulong seed,
        uint layer,
        uint epoch,
        uint* sampleIds,
        bool accumulate) =>
        Run(gang, rows, columns, dy, dx, rate, seed, layer, epoch, sampleIds, accumulate);

    private static void Run(
        WorkerGang gang,
        int rows,
        int columns,
        float* from,
        float* to,
        float rate,
        ulong seed,
        uint layer,
        uint epoch,
        uint* sampleIds,
        bool accumulate)
    {
        int parts = Rounding.DivideUp(columns, PartColumns);
        DropoutLoop loop = new()
        {
            From = from,
            To = to,
            SampleIds = sampleIds,
            Columns = columns,
            Parts = parts,
            Threshold = DropoutMask.Threshold(rate),
            Scale = 1f / (1f - rate),
            Seed = seed,
            Layer = layer,
            Epoch = epoch,
            Accumulate = accumulate,
        };
        SimdLoop.For(gang, rows * parts, &loop, (long)rows * columns * WorkAnElement);
    }

    private struct DropoutLoop : ISimdTask
    {
        public float* From;
        public float* To;
        public uint* SampleIds;
        public int Columns;
        public int Parts;
        public uint Threshold;
        public float Scale;
        public ulong Seed;
        public uint Layer;
        public uint Epoch;
        public bool Accumulate;

        [SkipLocalsInit]
        public readonly void Run<TSimd, TVector>(int item, void* scratch)
            where TSimd : struct, ISimd<TVector>
            where TVector : struct
        {
            float* factors = stackalloc float[DropoutMask.GroupLength];
            (int row, int part) = Math.DivRem(item, Parts);
            int start = part * PartColumns;
            int end = Math.Min(start + PartColumns, Columns);
            float* from = From + ((nint)row * Columns);
            float* to = To + ((nint)row * Columns);
            for (int column = start; column < end; column += DropoutMask.GroupLength)
            {
                uint group = (uint)column / DropoutMask.GroupLength;
                DropoutMask.Fill(factors, Seed, group, Layer, Epoch, SampleIds[row], Threshold, Scale);
                Group<TSimd, TVector>(from + column, factors, to + column, Math.Min(DropoutMask.GroupLength, end - column), Accumulate);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Group<TSimd, TVector>(float* from, float* factors, float* to, nint count, bool accumulate)
            where TSimd : struct, ISimd<TVector>
            where TVector : struct
        {
            nint i = 0;
            for (; i <= count - TSimd.Width; i += TSimd.Width)
            {
                Accumulation.Put<TSimd, TVector>(to + i, TSimd.Multiply(TSimd.Load(from + i), TSimd.Load(factors + i)), accumulate);
            }

            if (i < count)
            {
                nint rest = count - i;
                TVector value = TSimd.Multiply(TSimd.LoadPartial(from + i, rest), TSimd.LoadPartial(factors + i, rest));
                Accumulation.PutPartial<TSimd, TVector>(to + i, value, rest, accumulate);
            }
        }
    }
}
