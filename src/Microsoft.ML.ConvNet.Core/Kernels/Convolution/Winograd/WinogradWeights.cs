using System.Runtime.CompilerServices;
using Microsoft.ML.ConvNet.Kernels.Convolution.Direct;
using Microsoft.ML.ConvNet.Kernels.Simd;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Kernels.Convolution.Winograd;

/// <summary>
/// Transforms weights [3, 3, C, outputs] and packs them: for each product of a tile the panels of a matrix product [C, outputs].
/// </summary>
internal static unsafe class WinogradWeights<TTransform>
    where TTransform : struct, IWinogradTransform
{
    private const int Taps = 9;
    private const int MostColumns = 32;
    private const int BlockChannels = 16;

    /// <summary>Floats of the packed weights.</summary>
    public static nint Length(in ConvolutionShape shape) =>
        WinogradPass.PanelsOf(shape).PackedGroupLength * TTransform.Window * TTransform.Window;

    /// <summary>Packs the weights.</summary>
    /// <param name="gang">The threads.</param>
    /// <param name="shape">The convolution that is run: for a data gradient the turned one.</param>
    /// <param name="isTurned">
    /// The weights are those of the forward convolution, [3, 3, outputs of the run, C of the run], and are turned by 180 degrees.
    /// </param>
    /// <param name="weights">The weights.</param>
    /// <param name="packed"><see cref="Length"/> floats.</param>
    public static void Pack(WorkerGang gang, in ConvolutionShape shape, bool isTurned, float* weights, float* packed)
    {
        Packing packing = new()
        {
            Panels = WinogradPass.PanelsOf(shape),
            IsTurned = isTurned,
            Weights = weights,
            Packed = packed,
        };
        BlockTask task = new(&packing);
        SimdLoop.For(gang, packing.Panels.Panels * packing.Blocks, &task);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PackBlock<TSimd, TVector>(Packing* packing, int item)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        ConvolutionGeometry g = packing->Panels;
        int panel = item / packing->Blocks;
        int firstChannel = item % packing->Blocks * BlockChannels;
        int channels = Math.Min(BlockChannels, g.Channels - firstChannel);
        int columns = g.PanelColumns(panel);
        int firstOutput = ConvolutionGeometry.FirstOutput(panel);
        int used = g.PanelOutputs(panel);

        // [tap, channel, column], filled with zeros.
        float* block = stackalloc float[Taps * BlockChannels * MostColumns];
        for (int tap = 0; tap < Taps; tap++)
        {
            float* to = block + (tap * BlockChannels * MostColumns);
            if (packing->IsTurned)
            {
                float* from = packing->Weights
                    + (((((nint)(Taps - 1 - tap) * g.OutputChannels) + firstOutput) * g.Channels) + firstChannel);
                new Span<float>(to, BlockChannels * MostColumns).Clear();
                ConvolutionWeights.Transpose(from, g.Channels, used, channels, to, MostColumns);
            }
            else
            {
                float* from = packing->Weights + (((((nint)tap * g.Channels) + firstChannel) * g.OutputChannels) + firstOutput);
                for (int channel = 0; channel < channels; channel++)
                {
                    new Span<float>(from + ((nint)channel * g.OutputChannels), used).CopyTo(new Span<float>(to, MostColumns));
                    new Span<float>(to + used, MostColumns - used).Clear();
                    to += MostColumns;
                }
            }
        }

        float* vectors = stackalloc float[6 * 3 * 16];
        float* result = packing->Packed + g.PanelStart(panel) + ((nint)firstChannel * columns);
        for (int channel = 0; channel < channels; channel++)
        {
            for (int column = 0; column < columns; column += TSimd.Width)
            {
                Transform<TSimd, TVector>(
                    block + (channel * MostColumns) + column, vectors, result + ((nint)channel * columns) + column, g.PackedGroupLength);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Transform<TSimd, TVector>(float* taps, float* vectors, float* to, nint pitch)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        const nint tap = BlockChannels * MostColumns;
        nint window = TTransform.Window;
        nint width = TSimd.Width;
        for (nint j = 0; j < 3; j++)
        {
            TVector v0 = TSimd.Load(taps + (j * tap));
            TVector v1 = TSimd.Load(taps + ((j + 3) * tap));
            TVector v2 = TSimd.Load(taps + ((j + 6) * tap));
            TVector v3 = TSimd.Zero;
            TVector v4 = TSimd.Zero;
            TVector v5 = TSimd.Zero;
            TTransform.Weights<TSimd, TVector>(ref v0, ref v1, ref v2, ref v3, ref v4, ref v5);
            float* at = vectors + (j * width);
            TSimd.Store(at, v0);
            TSimd.Store(at + (3 * width), v1);
            TSimd.Store(at + (6 * width), v2);
            TSimd.Store(at + (9 * width), v3);
            if (window > 4)
            {
                TSimd.Store(at + (12 * width), v4);
                TSimd.Store(at + (15 * width), v5);
            }
        }

        for (nint i = 0; i < window; i++)
        {
            TVector v0 = TSimd.Load(vectors);
            TVector v1 = TSimd.Load(vectors + width);
            TVector v2 = TSimd.Load(vectors + (2 * width));
            TVector v3 = TSimd.Zero;
            TVector v4 = TSimd.Zero;
            TVector v5 = TSimd.Zero;
            TTransform.Weights<TSimd, TVector>(ref v0, ref v1, ref v2, ref v3, ref v4, ref v5);
            TSimd.Store(to, v0);
            TSimd.Store(to + pitch, v1);
            TSimd.Store(to + (2 * pitch), v2);
            TSimd.Store(to + (3 * pitch), v3);
            if (window > 4)
            {
                TSimd.Store(to + (4 * pitch), v4);
                TSimd.Store(to + (5 * pitch), v5);
            }

            vectors += 3 * width;
            to += window * pitch;
        }
    }

    private struct Packing
    {
        public ConvolutionGeometry Panels;
        public bool IsTurned;
        public float* Weights;
        public float* Packed;

        public readonly int Blocks => Rounding.DivideUp(Panels.Channels, BlockChannels);
    }

    /// <summary>Some channels of a panel.</summary>
    private readonly struct BlockTask(Packing* packing) : ISimdTask
    {
        /// <inheritdoc/>
        public void Run<TSimd, TVector>(int item, void* scratch)
            where TSimd : struct, ISimd<TVector>
            where TVector : struct => PackBlock<TSimd, TVector>(packing, item);
    }
}
