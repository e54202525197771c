using Microsoft.ML.ConvNet.Kernels.Convolution.Direct;
using Microsoft.ML.ConvNet.Kernels.Products;
using Microsoft.ML.ConvNet.Kernels.Simd;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Kernels.Convolution.Depthwise;

/// <summary>
/// Depthwise convolution: each channel has its own filter. A vector holds neighbouring channels of a pixel; four neighbouring
/// pixels share each load of the weights. Serves the forward pass and, as a gather, each phase of the data gradient.
/// </summary>
/// <remarks>A sum runs over the taps inside of the source, row after row; taps in the padding are left out.</remarks>
internal static unsafe class DepthwiseConvolution
{
    private const int TaskFloats = 64 * 1024;

    /// <summary>Runs the pass, whose weights are [taps, channels].</summary>
    public static void Run(WorkerGang gang, ConvolutionPass* pass)
    {
        int height = pass->Geometry.Rows.Count;
        int width = pass->Geometry.Columns.Count;
        if (pass->Images == 0 || height == 0 || width == 0)
        {
            return;
        }

        long lines = (long)pass->Images * height;
        long lineFloats = Math.Max(1, (long)width * pass->ResultChannels);
        pass->TileImages = 1;
        pass->ColumnTiles = 1;
        pass->PanelsPerTask = 1;
        pass->TileRows = (int)Math.Clamp(Math.Min(TaskFloats / lineFloats, lines / (4L * gang.Size)), 1, height);
        LineTask task = new(pass);
        SimdLoop.For(gang, pass->Tiles, &task);
    }

    /// <summary>Some lines of an image.</summary>
    private readonly struct LineTask(ConvolutionPass* pass) : ISimdTask
    {
        /// <inheritdoc/>
        public void Run<TSimd, TVector>(int item, void* scratch)
            where TSimd : struct, ISimd<TVector>
            where TVector : struct
        {
            ConvolutionTile tile = pass->Tile(item);
            for (int row = tile.Row; row < tile.Row + tile.Rows; row++)
            {
                RunLine<TSimd, TVector>(pass, tile.Image, row);
            }
        }
    }

    private static void RunLine<TSimd, TVector>(ConvolutionPass* pass, int image, int row)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        ConvolutionAxis rows = pass->Geometry.Rows;
        ConvolutionAxis columns = pass->Geometry.Columns;
        nint channels = pass->ResultChannels;
        int sourceRow = rows.Origin + (row * rows.Stride);
        (int firstRow, int endRow) = TapsInside(rows, sourceRow);
        nint line = ((nint)image * rows.SourceLength) + sourceRow;
        DepthwisePixels pixels = new()
        {
            TapRowPitch = rows.TapStep * columns.SourceLength * channels,
            TapColumnPitch = columns.TapStep * channels,
            SourceStep = columns.Stride * channels,
            ResultStep = columns.ResultStep * channels,
            Channels = channels,
            FirstTapRow = firstRow,
            EndTapRow = endRow,
            TapColumns = columns.Taps,
            Weights = pass->Weights,
            Bias = pass->Epilogue.Bias,
            Accumulates = pass->Accumulates,
            Floor = pass->Epilogue.Floor,
            Ceiling = pass->Epilogue.Ceiling,
        };
        nint start = pass->ResultOffset(image, row, 0);
        int tapRows = endRow - firstRow;
        bool isLine = columns is { Taps: DepthwiseLine.TapColumns, TapStep: 1, ResultStep: 1, Stride: 1 or 2 }
            && tapRows is >= 1 and <= 3 && !pass->Accumulates;
        for (int column = 0; column < columns.Count;)
        {
            int sourceColumn = columns.Origin + (column * columns.Stride);
            if (isLine && sourceColumn >= 0)
            {
                // The windows that end inside of the source.
                int inside = Math.Min(
                    columns.Count - column,
                    (columns.SourceLength - DepthwiseLine.TapColumns - sourceColumn + columns.Stride) / columns.Stride);
                int count = inside / DepthwiseLine.Pixels * DepthwiseLine.Pixels;
                if (count > 0)
                {
                    nint at = start + (column * channels);
                    DepthwiseLine inner = new()
                    {
                        Source = pass->Source + (((line * columns.SourceLength) + sourceColumn) * channels) + (firstRow * pixels.TapRowPitch),
                        Weights = pass->Weights + (firstRow * DepthwiseLine.TapColumns * channels),
                        Bias = pass->Epilogue.Bias,
                        Residual = pass->Epilogue.Residual == null ? null : pass->Epilogue.Residual + at,
                        Result = pass->Result + at,
                        TapRowPitch = pixels.TapRowPitch,
                        Channels = channels,
                        Floor = pixels.Floor,
                        Ceiling = pixels.Ceiling,
                        Stride = columns.Stride,
                        Rows = tapRows,
                        Count = count,
                    };
                    inner.Run<TSimd, TVector>();
                    column += count;
                    continue;
                }
            }

            (pixels.FirstTapColumn, pixels.EndTapColumn) = TapsInside(columns, sourceColumn);
            pixels.Source = pass->Source + (((line * columns.SourceLength) + sourceColumn) * channels);
            nint offset = start + (column * pixels.ResultStep);
            pixels.Result = pass->Result + offset;
            pixels.Residual = pass->Epilogue.Residual == null ? null : pass->Epilogue.Residual + offset;
            int last = sourceColumn + (3 * columns.Stride) + ((columns.Taps - 1) * columns.TapStep);
            if (sourceColumn >= 0 && column + 4 <= columns.Count && last < columns.SourceLength)
            {
                pixels.Run<TSimd, TVector, Four>();
                column += 4;
            }
            else
            {
                pixels.Run<TSimd, TVector, One>();
                column++;
            }
        }

        if (pass->Epilogue.Activation != null)
        {
            bool isWhole = columns.ResultStep == 1;
            int runs = isWhole ? 1 : columns.Count;
            nint count = isWhole ? columns.Count * channels : channels;
            for (int run = 0; run < runs; run++)
            {
                float* at = pass->Result + start + (run * pixels.ResultStep);
                pass->Epilogue.Activation(at, at, count, pass->Epilogue.Alpha);
            }
        }
    }

    /// <summary>The taps of a window that starts at <paramref name="position"/> which fall inside of the source.</summary>
    private static (int First, int End) TapsInside(in ConvolutionAxis axis, int position)
    {
        int step = Math.Max(axis.TapStep, 1);
        int first = position >= 0 ? 0 : Rounding.DivideUp(-position, step);
        int end = position >= axis.SourceLength ? 0 : Rounding.DivideUp(axis.SourceLength - position, step);
        end = Math.Min(end, axis.Taps);
        return (Math.Min(first, end), end);
    }

    /// <summary>One pixel of the result or four neighbours. Distances are counted in floats.</summary>
    private struct DepthwisePixels
    {
        public float* Source;
        public float* Weights;
        public float* Bias;
        public float* Residual;
        public float* Result;
        public nint TapRowPitch;
        public nint TapColumnPitch;
        public nint SourceStep;
        public nint ResultStep;
        public nint Channels;
        public nint FirstTapRow;
        public nint EndTapRow;
        public nint FirstTapColumn;
        public nint EndTapColumn;
        public nint TapColumns;
        public float Floor;
        public float Ceiling;
        public bool Accumulates;

        public readonly void Run<TSimd, TVector, TPixels>()
            where TSimd : struct, ISimd<TVector>
            where TVector : struct
            where TPixels : struct, ITileCount
        {
            nint channel = 0;
            for (; channel + TSimd.Width <= Channels; channel += TSimd.Width)
            {
                Run<TSimd, TVector, TPixels, Zero>(channel, TSimd.Width);
            }

            if (channel < Channels)
            {
                Run<TSimd, TVector, TPixels, One>(channel, Channels - channel);
            }
        }

        private readonly void Run<TSimd, TVector, TPixels, TPartial>(nint channel, nint count)
            where TSimd : struct, ISimd<TVector>
            where TVector : struct
            where TPixels : struct, ITileCount
            where TPartial : struct, ITileCount
        {
            TVector sum0 = TSimd.Zero, sum1 = TSimd.Zero, sum2 = TSimd.Zero, sum3 = TSimd.Zero;
            if (Accumulates)
            {
                float* from = Result + channel;
                sum0 = DepthwiseChannels.Load<TSimd, TVector, TPartial>(from, count);
                if (TPixels.Count > 1)
                {
                    sum1 = DepthwiseChannels.Load<TSimd, TVector, TPartial>(from + ResultStep, count);
                    sum2 = DepthwiseChannels.Load<TSimd, TVector, TPartial>(from + (2 * ResultStep), count);
                    sum3 = DepthwiseChannels.Load<TSimd, TVector, TPartial>(from + (3 * ResultStep), count);
                }
            }

            nint channels = Channels;
            nint step = SourceStep;
            nint step2 = 2 * step, step3 = 3 * step;
            for (nint row = FirstTapRow; row < EndTapRow; row++)
            {
                float* source = Source + (row * TapRowPitch) + (FirstTapColumn * TapColumnPitch) + channel;
                float* weights = Weights + (((row * TapColumns) + FirstTapColumn) * channels) + channel;
                for (nint column = FirstTapColumn; column < EndTapColumn; column++)
                {
                    TVector weight = DepthwiseChannels.Load<TSimd, TVector, TPartial>(weights, count);
                    sum0 = TSimd.MultiplyAdd(DepthwiseChannels.Load<TSimd, TVector, TPartial>(source, count), weight, sum0);
                    if (TPixels.Count > 1)
                    {
                        sum1 = TSimd.MultiplyAdd(DepthwiseChannels.Load<TSimd, TVector, TPartial>(source + step, count), weight, sum1);
                        sum2 = TSimd.MultiplyAdd(DepthwiseChannels.Load<TSimd, TVector, TPartial>(source + step2, count), weight, sum2);
                        sum3 = TSimd.MultiplyAdd(DepthwiseChannels.Load<TSimd, TVector, TPartial>(source + step3, count), weight, sum3);
                    }

                    source += TapColumnPitch;
                    weights += channels;
                }
            }

            TVector floor = TSimd.Create(Floor);
            TVector ceiling = TSimd.Create(Ceiling);
            TVector bias = Bias == null ? TSimd.Zero : DepthwiseChannels.Load<TSimd, TVector, TPartial>(Bias + channel, count);
            DepthwiseChannels.Finish<TSimd, TVector, TPartial>(sum0, bias, Residual, floor, ceiling, Result, channel, count);
            if (TPixels.Count > 1)
            {
                DepthwiseChannels.Finish<TSimd, TVector, TPartial>(sum1, bias, Residual, floor, ceiling, Result, channel + ResultStep, count);
                DepthwiseChannels.Finish<TSimd, TVector, TPartial>(sum2, bias, Residual, floor, ceiling, Result, channel + (2 * ResultStep), count);
                DepthwiseChannels.Finish<TSimd, TVector, TPartial>(sum3, bias, Residual, floor, ceiling, Result, channel + (3 * ResultStep), count);
            }
        }
    }
}
