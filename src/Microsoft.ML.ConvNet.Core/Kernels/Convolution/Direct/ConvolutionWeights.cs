using Microsoft.ML.ConvNet.Kernels.Simd;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Kernels.Convolution.Direct;

/// <summary>
/// Packs weights [KH, KW, C / groups, outputs] in the order in which the microkernel reads them: panels of one or two vectors of
/// output channels, filled with zeros; in a panel a row of columns for each step of the reduction of <see cref="ConvolutionGeometry"/>.
/// </summary>
internal static unsafe class ConvolutionWeights
{
    private const int TransposeBlock = 16;

    /// <summary>Floats of the packed weights of one geometry.</summary>
    public static nint Length(in ConvolutionGeometry geometry) =>
        geometry.IsDepthwise ? geometry.Reduction * geometry.Groups : geometry.PackedGroupLength * geometry.Groups;

    /// <summary>Packs the weights for one geometry.</summary>
    /// <param name="gang">The threads.</param>
    /// <param name="shape">The convolution.</param>
    /// <param name="geometry">The forward convolution, or a phase of the data gradient.</param>
    /// <param name="isTransposed">The reduction runs over output channels: a data gradient.</param>
    /// <param name="weights">[KH, KW, C / groups, outputs].</param>
    /// <param name="packed"><see cref="Length"/> floats.</param>
    public static void Pack(
        WorkerGang gang, in ConvolutionShape shape, in ConvolutionGeometry geometry, bool isTransposed, float* weights, float* packed)
    {
        if (geometry.Reduction == 0)
        {
            return;
        }

        Packing packing = new()
        {
            Shape = shape,
            Geometry = geometry,
            IsTransposed = isTransposed,
            Weights = weights,
            Packed = packed,
        };
        if (geometry.IsDepthwise)
        {
            PackDepthwise(&packing);
            return;
        }

        gang.For(geometry.Groups * geometry.Panels, &PackPanel, &packing);
    }

    private static void PackDepthwise(Packing* packing)
    {
        ConvolutionGeometry g = packing->Geometry;
        float* to = packing->Packed;
        for (int row = 0; row < g.Rows.Taps; row++)
        {
            for (int column = 0; column < g.Columns.Taps; column++)
            {
                Copy(packing->Weights + (packing->Tap(row, column) * g.Groups), to, g.Groups);
                to += g.Groups;
            }
        }
    }

    private static void PackPanel(void* state, int item, void* scratch)
    {
        Packing* packing = (Packing*)state;
        ConvolutionGeometry g = packing->Geometry;
        int group = item / g.Panels;
        int panel = item % g.Panels;
        int columns = g.PanelColumns(panel);
        int first = ConvolutionGeometry.FirstOutput(panel);
        int used = g.PanelOutputs(panel);
        float* to = packing->Packed + (group * g.PackedGroupLength) + g.PanelStart(panel);
        if (used < columns)
        {
            Clear(to, g.Reduction * columns);
        }

        int block = g.ChannelBlock;
        nint pitch = packing->Shape.OutputChannels;
        nint tapLength = packing->Shape.GroupInputChannels * pitch;
        for (int channel = 0; channel < g.Channels; channel += block)
        {
            int channels = Math.Min(block, g.Channels - channel);
            for (int row = 0; row < g.Rows.Taps; row++)
            {
                for (int column = 0; column < g.Columns.Taps; column++)
                {
                    float* tap = packing->Weights + (packing->Tap(row, column) * tapLength);
                    if (packing->IsTransposed)
                    {
                        Transpose(tap + (first * pitch) + (group * g.Channels) + channel, pitch, used, channels, to, columns);
                    }
                    else
                    {
                        CopyRows(tap + (channel * pitch) + (group * g.OutputChannels) + first, pitch, used, channels, to, columns);
                    }

                    to += (nint)channels * columns;
                }
            }
        }
    }

    private static void CopyRows(float* from, nint fromPitch, int length, int rows, float* to, nint toPitch)
    {
        for (int row = 0; row < rows; row++)
        {
            Copy(from, to, length);
            from += fromPitch;
            to += toPitch;
        }
    }

    /// <summary>to[c, r] = from[r, c], in blocks whose lines stay in the first-level cache.</summary>
    internal static void Transpose(float* from, nint fromPitch, int rows, int columns, float* to, nint toPitch)
    {
        int evenRows = Simd128.IsSupported ? rows / Simd128.Width * Simd128.Width : 0;
        int evenColumns = columns / Simd128.Width * Simd128.Width;
        for (int start = 0; start < evenColumns; start += TransposeBlock)
        {
            int end = Math.Min(start + TransposeBlock, evenColumns);
            for (int row = 0; row < evenRows; row += Simd128.Width)
            {
                for (int column = start; column < end; column += Simd128.Width)
                {
                    Simd128.Transpose(from + (row * fromPitch) + column, fromPitch, to + (column * toPitch) + row, toPitch);
                }
            }
        }

        for (int row = 0; row < rows; row++)
        {
            for (int column = row < evenRows ? evenColumns : 0; column < columns; column++)
            {
                to[(column * toPitch) + row] = from[(row * fromPitch) + column];
            }
        }
    }

    private static void Copy(float* from, float* to, nint count) => Buffer.MemoryCopy(from, to, count * sizeof(float), count * sizeof(float));

    private static void Clear(float* to, nint count) => new Span<float>(to, checked((int)count)).Clear();

    private struct Packing
    {
        public ConvolutionShape Shape;
        public ConvolutionGeometry Geometry;
        public bool IsTransposed;
        public float* Weights;
        public float* Packed;

        /// <summary>The place in the kernel of a tap of the geometry.</summary>
        public readonly nint Tap(int row, int column)
        {
            nint kernelRow = Geometry.Rows.FirstTap + (row * Geometry.Rows.TapIndexStep);
            nint kernelColumn = Geometry.Columns.FirstTap + (column * Geometry.Columns.TapIndexStep);
            return (kernelRow * Shape.KernelWidth) + kernelColumn;
        }
    }
}
