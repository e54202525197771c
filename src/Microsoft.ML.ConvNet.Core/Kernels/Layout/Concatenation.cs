using Microsoft.ML.ConvNet.Kernels.Simd;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Kernels.Layout;

/// <summary>
/// Concatenation along the channels: a tensor [rows, channels] is the slice from <c>offset</c> of one [rows, totalChannels].
/// </summary>
internal static unsafe class Concatenation
{
    /// <summary>Writes x [rows, channels] into its slice of y.</summary>
    public static void Forward(WorkerGang gang, int rows, int channels, int totalChannels, int offset, float* x, float* y) =>
        Run(gang, rows, channels, x, channels, y + offset, totalChannels, accumulate: false);

    /// <summary>dx [rows, channels] = its slice of dy, or dx += it.</summary>
    public static void Backward(
        WorkerGang gang, int rows, int channels, int totalChannels, int offset, float* dy, float* dx, bool accumulate) =>
        Run(gang, rows, channels, dy + offset, totalChannels, dx, channels, accumulate);

    private static void Run(
        WorkerGang gang, int rows, int channels, float* from, nint fromStride, float* to, nint toStride, bool accumulate)
    {
        long work = (long)rows * channels;
        int parts = SimdLoop.Parts(gang, work, rows);
        SliceLoop loop = new()
        {
            From = from,
            FromStride = fromStride,
            To = to,
            ToStride = toStride,
            Rows = rows,
            Channels = channels,
            Parts = parts,
            Accumulate = accumulate,
        };
        SimdLoop.For(gang, parts, &loop, work);
    }

    private struct SliceLoop : ISimdTask
    {
        public float* From;
        public nint FromStride;
        public float* To;
        public nint ToStride;
        public int Rows;
        public int Channels;
        public int Parts;
        public bool Accumulate;

        public readonly void Run<TSimd, TVector>(int item, void* scratch)
            where TSimd : struct, ISimd<TVector>
            where TVector : struct
        {
            nint channels = Channels;
            int row = Share.Start(Rows, item, Parts);
            int end = Share.End(Rows, item, Parts);
            float* from = From + (row * FromStride);
            float* to = To + (row * ToStride);
            for (; row < end; row++, from += FromStride, to += ToStride)
            {
                nint c = 0;
                for (; c <= channels - TSimd.Width; c += TSimd.Width)
                {
                    Accumulation.Put<TSimd, TVector>(to + c, TSimd.Load(from + c), Accumulate);
                }

                if (c < channels)
                {
                    TVector value = TSimd.LoadPartial(from + c, channels - c);
                    Accumulation.PutPartial<TSimd, TVector>(to + c, value, channels - c, Accumulate);
                }
            }
        }
    }
}
