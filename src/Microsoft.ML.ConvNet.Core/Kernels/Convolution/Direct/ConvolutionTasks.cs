using System.Runtime.CompilerServices;
using Microsoft.ML.ConvNet.Kernels.Products;
using Microsoft.ML.ConvNet.Kernels.Simd;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Kernels.Convolution.Direct;

/// <summary>Runs a <see cref="ConvolutionPass"/>: windows, panels and tiles around <see cref="MatrixProductMicrokernel"/>.</summary>
/// <remarks>
/// A task takes some panels of a tile of results. For each block of channels it gathers the window of source pixels once (a
/// copy of lines, not of patches) and lets panel after panel run over all results of the tile: the window (up to 256 KB) and the
/// panel's weights of the block (up to 147 KB) stay in the second-level cache. Where a window's taps of a row are
/// neighbours in memory, they make one run.
/// </remarks>
internal static unsafe class ConvolutionTasks
{
    /// <summary>Pixels of a tile: enough to read weights from the third-level cache at a small part of its bandwidth.</summary>
    public const int TilePixels = 224;

    // Scratch memory: a tile of results and one of residuals for panels that are not full, then their bias, then the window.
    private const int SparePanel = 32;
    private const int SpareTile = MatrixProductTiles.MostRows * SparePanel;
    private const int SpareLength = (2 * SpareTile) + SparePanel;

    /// <summary>Floats of scratch memory that a thread needs.</summary>
    public static nint ScratchLength(in ConvolutionGeometry geometry) => SpareLength + ConvolutionPass.WindowLength(geometry);

    /// <summary>Plans and runs the pass.</summary>
    public static void Run(WorkerGang gang, ConvolutionPass* pass)
    {
        if (pass->Images == 0 || pass->Geometry.Rows.Count == 0 || pass->Geometry.Columns.Count == 0)
        {
            return;
        }

        pass->Plan(TilePixels, gang.Size);
        TileTask task = new(pass);
        SimdLoop.For(gang, pass->Tasks, &task);
    }

    private static void RunTask<TSimd, TVector>(ConvolutionPass* pass, int item, void* scratch)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        ConvolutionTile tile = pass->Tile(pass->TileOf(item));
        int group = pass->GroupOf(item);
        int firstPanel = pass->PanelTaskOf(item) * pass->PanelsPerTask;
        int endPanel = Math.Min(firstPanel + pass->PanelsPerTask, pass->Geometry.Panels);
        float* spare = (float*)scratch;
        int channels = pass->Geometry.Channels;
        ConvolutionTaps taps = ConvolutionTaps.Of(pass, tile);
        ConvolutionPass part = taps.Of(pass);
        for (int channel = 0; channel < channels; channel += pass->ChannelBlock)
        {
            int count = Math.Min(pass->ChannelBlock, channels - channel);
            ConvolutionWindow window = pass->IsDirect
                ? ConvolutionWindow.Direct(pass, tile, group, channel)
                : ConvolutionWindow.Gather<TSimd, TVector>(&part, tile, group, channel, count, spare + SpareLength);
            for (int panel = firstPanel; panel < endPanel; panel++)
            {
                for (ConvolutionTaps some = taps.FirstPart; some.Part < taps.Parts; some = some.NextPart)
                {
                    RunPanel<TSimd, TVector>(pass, tile, window, some, group, panel, channel, count, spare);
                }
            }
        }

        if (pass->Epilogue.Activation != null)
        {
            Activate(pass, tile, group, firstPanel, endPanel);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunPanel<TSimd, TVector>(
        ConvolutionPass* pass,
        in ConvolutionTile tile,
        in ConvolutionWindow window,
        in ConvolutionTaps taps,
        int group,
        int panel,
        int channel,
        int channels,
        float* spare)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        ConvolutionGeometry g = pass->Geometry;
        int columns = g.PanelColumns(panel);
        int firstOutput = ConvolutionGeometry.FirstOutput(panel);
        int used = g.PanelOutputs(panel);
        nint output = ((nint)group * g.OutputChannels) + firstOutput;
        bool isMerged = window.TapColumnPitch == channels;
        nint runs = isMerged ? 1 : taps.Columns;
        nint run = isMerged ? (nint)taps.Columns * channels : channels;
        MatrixProductTile product = new()
        {
            RowStride = window.ResultColumnPitch,
            TapRows = taps.Columns == 0 ? 0 : taps.Rows,
            TapColumns = runs,
            Run = run,
            TapColumnSkip = isMerged ? 0 : window.TapColumnPitch - run,
            TapRowSkip = window.TapRowPitch - (isMerged ? run : runs * window.TapColumnPitch),
            Panel = pass->Weights + (group * g.PackedGroupLength) + g.PanelStart(panel) + ((nint)channel * g.Taps * columns)
                + ((((nint)taps.FirstRow * g.Columns.Taps) + taps.FirstColumn) * channels * columns),
            ResultPitch = g.Columns.ResultStep * pass->PixelPitch,
            Continues = channel > 0 || pass->Accumulates || taps.Part > 0,
            IsLast = channel + channels == g.Channels && taps.Part == taps.Parts - 1,
            Bias = pass->Epilogue.Bias == null ? null : pass->Epilogue.Bias + output,
            Floor = pass->Epilogue.Floor,
            Ceiling = pass->Epilogue.Ceiling,
        };
        PanelRun panelRun = new()
        {
            Product = &product,
            Residual = pass->Epilogue.Residual == null || !product.IsLast ? null : pass->Epilogue.Residual + output,
            Result = pass->Result + output,
            Spare = used < columns ? spare : null,
            Used = used,
            IsWide = columns > TSimd.Width,
        };
        if (used < columns && product.Bias != null)
        {
            float* bias = spare + (2 * SpareTile);
            CopyPartial<TSimd, TVector>(product.Bias, bias, used);
            product.Bias = bias;
        }

        int half = MatrixProductTiles.HalfRows;
        EvenParts pieces = new(tile.Columns, MatrixProductTiles.Rows);
        int lines = tile.Images * tile.Rows;
        for (int line = 0; line < lines; line++)
        {
            int image = line / tile.Rows;
            int row = line % tile.Rows;
            float* left = window.Origin + (taps.Part * window.TapRowPitch) + (image * window.ImagePitch) + (row * window.ResultRowPitch);
            nint result = pass->ResultOffset(tile.Image + image, tile.Row + row, tile.Column);
            if (tile.Columns <= half && line + 1 < lines)
            {
                // Two short lines are the two halves of a tile.
                line++;
                image = line / tile.Rows;
                row = line % tile.Rows;
                float* bottom = window.Origin + (taps.Part * window.TapRowPitch) + (image * window.ImagePitch) + (row * window.ResultRowPitch);
                nint bottomResult = pass->ResultOffset(tile.Image + image, tile.Row + row, tile.Column);
                panelRun.Run<TSimd, TVector>(left, bottom, result, bottomResult, 2 * tile.Columns);
                continue;
            }

            for (int piece = 0; piece < pieces.Count; piece++)
            {
                int start = pieces.Start(piece);
                int rows = pieces.Length(piece);
                int top = (rows + 1) / 2;
                float* from = left + (start * window.ResultColumnPitch);
                nint to = result + (start * product.ResultPitch);
                panelRun.Run<TSimd, TVector>(
                    from, from + (top * window.ResultColumnPitch), to, to + (top * product.ResultPitch), rows);
            }
        }
    }

    private static void CopyPartial<TSimd, TVector>(float* from, float* to, int count)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        int width = TSimd.Width;
        TSimd.StorePartial(to, TSimd.LoadPartial(from, Math.Min(count, width)), Math.Min(count, width));
        if (count > width)
        {
            TSimd.StorePartial(to + width, TSimd.LoadPartial(from + width, count - width), count - width);
        }
    }

    private static void Activate(ConvolutionPass* pass, in ConvolutionTile tile, int group, int firstPanel, int endPanel)
    {
        ConvolutionGeometry g = pass->Geometry;
        int first = ConvolutionGeometry.FirstOutput(firstPanel);
        int outputs = Math.Min(endPanel * MatrixProductTiles.Columns, g.OutputChannels) - first;
        bool isWhole = outputs == pass->PixelPitch && g.Columns.ResultStep == 1;
        for (int line = 0; line < tile.Images * tile.Rows; line++)
        {
            nint offset = pass->ResultOffset(tile.Image + (line / tile.Rows), tile.Row + (line % tile.Rows), tile.Column);
            float* at = pass->Result + offset + ((nint)group * g.OutputChannels) + first;
            int pixels = isWhole ? 1 : tile.Columns;
            nint count = isWhole ? (nint)tile.Columns * outputs : outputs;
            for (int pixel = 0; pixel < pixels; pixel++)
            {
                pass->Epilogue.Activation(at, at, count, pass->Epilogue.Alpha);
                at += g.Columns.ResultStep * pass->PixelPitch;
            }
        }
    }

    /// <summary>The tiles of one panel. A panel that is not full works in spare memory, so that nothing behind its columns is touched.</summary>
    private struct PanelRun
    {
        public MatrixProductTile* Product;
        public float* Residual;
        public float* Result;
        public float* Spare;
        public int Used;
        public bool IsWide;

        public readonly void Run<TSimd, TVector>(float* top, float* bottom, nint resultTop, nint resultBottom, int rows)
            where TSimd : struct, ISimd<TVector>
            where TVector : struct
        {
            MatrixProductTile* product = Product;
            product->Top = top;
            product->Bottom = bottom;
            if (Spare == null)
            {
                product->ResultTop = Result + resultTop;
                product->ResultBottom = Result + resultBottom;
                product->ResidualTop = Residual == null ? null : Residual + resultTop;
                product->ResidualBottom = Residual == null ? null : Residual + resultBottom;
                MatrixProductTiles.Run<TSimd, TVector>(product, rows, IsWide);
                return;
            }

            nint pitch = product->ResultPitch;
            int half = (rows + 1) / 2;
            float* spareResidual = Spare + SpareTile;
            for (int row = 0; row < rows; row++)
            {
                nint at = row < half ? resultTop + (row * pitch) : resultBottom + ((row - half) * pitch);
                if (product->Continues)
                {
                    CopyPartial<TSimd, TVector>(Result + at, Spare + (row * SparePanel), Used);
                }

                if (Residual != null)
                {
                    CopyPartial<TSimd, TVector>(Residual + at, spareResidual + (row * SparePanel), Used);
                }
            }

            product->ResultPitch = SparePanel;
            product->ResultTop = Spare;
            product->ResultBottom = Spare + (half * SparePanel);
            product->ResidualTop = Residual == null ? null : spareResidual;
            product->ResidualBottom = Residual == null ? null : spareResidual + (half * SparePanel);
            MatrixProductTiles.Run<TSimd, TVector>(product, rows, IsWide);
            product->ResultPitch = pitch;
            for (int row = 0; row < rows; row++)
            {
                nint at = row < half ? resultTop + (row * pitch) : resultBottom + ((row - half) * pitch);
                CopyPartial<TSimd, TVector>(Spare + (row * SparePanel), Result + at, Used);
            }
        }
    }

    /// <summary>Some panels of a tile of results.</summary>
    private readonly struct TileTask(ConvolutionPass* pass) : ISimdTask
    {
        /// <inheritdoc/>
        public void Run<TSimd, TVector>(int item, void* scratch)
            where TSimd : struct, ISimd<TVector>
            where TVector : struct => RunTask<TSimd, TVector>(pass, item, scratch);
    }
}
