using Microsoft.ML.ConvNet.Kernels.Products;
using Microsoft.ML.ConvNet.Kernels.Simd;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Kernels.Convolution.Direct;

/// <summary>
/// The gradient of a convolution with respect to its weights: for each tap and channel, the sum over all results of the input that
/// the tap reads times the result's gradient.
/// </summary>
/// <remarks>
/// <para>The reduction runs over pixels, tile after tile. For a tile the window of inputs is gathered as in the forward pass, and the
/// output gradients of a panel of channels are laid side by side (up to 64 KB); then, for all taps and channels of the window,
/// <see cref="OuterProductMicrokernel"/> sums over the tile's pixels and adds the sums to the gradient.</para>
/// <para>A small gradient gives too few tasks, so the tiles are divided among partial gradients, added in order at the end. How many
/// there are follows from shape and batch, never from the threads.</para>
/// </remarks>
internal static unsafe class ConvolutionWeightGradient
{
    private const int TilePixels = 448;

    // Fewer channels at a time than in the forward pass leave room in the window for more pixels: a longer reduction before sums are added
    // to the gradient.
    private const int MostBlockChannels = 256;
    private const int PanelsPerTask = 4;
    private const int EnoughTasks = 32;

    // Products that a partial gradient is worth: it has to be added to the others.
    private const long PartialProducts = 1024 * 1024;
    private const nint MostPartialFloats = 4 * 1024 * 1024;
    private const int ReductionChunk = 4096;

    // Scratch memory: a tile of sums for panels that are not full, then the panel of output gradients, then the window.
    private const int SparePanel = 32;
    private const int SpareLength = MatrixProductTiles.MostRows * SparePanel;
    private const int PanelLength = ConvolutionPass.MostTilePixels * SparePanel;

    /// <summary>Floats of scratch memory that a thread needs.</summary>
    public static nint ScratchLength(in ConvolutionGeometry geometry) =>
        SpareLength + PanelLength + ConvolutionPass.WindowLength(geometry);

    /// <summary>Floats of the partial gradients of any batch up to the given one.</summary>
    public static nint WorkspaceLength(in ConvolutionShape shape, int maximumBatch)
    {
        ConvolutionGeometry geometry = ConvolutionGeometry.Forward(shape);
        int partials = Partials(shape, geometry, maximumBatch, int.MaxValue);
        return partials > 1 ? partials * shape.WeightsLength : 0;
    }

    /// <summary>Computes dw [KH, KW, C / groups, outputs] from x and dy.</summary>
    public static void Run(
        WorkerGang gang, in ConvolutionShape shape, int batch, float* x, float* dy, float* dw, float* workspace, bool accumulate)
    {
        ConvolutionGeometry geometry = ConvolutionGeometry.Forward(shape);
        ConvolutionPass pass = ConvolutionPass.Of(geometry, batch);
        pass.ReducesPixels = true;
        pass.ChannelBlock = ChannelBlock(geometry);
        int tiles = 0;
        if (batch > 0)
        {
            pass.Plan(TilePixels, threads: 1);
            tiles = pass.Tiles;
        }

        if (tiles == 0)
        {
            if (!accumulate)
            {
                new Span<float>(dw, checked((int)shape.WeightsLength)).Clear();
            }

            return;
        }

        pass.ChannelBlock = ChannelBlock(geometry);
        pass.Source = x;
        Gradient gradient = new()
        {
            Pass = pass,
            Tiles = tiles,
            Partials = Partials(shape, geometry, batch, tiles),
            ChannelBlocks = ChannelBlocks(geometry),
            PanelTasks = PanelTasks(geometry),
            Length = shape.WeightsLength,
            OutputGradient = dy,
            Workspace = workspace,
            WeightGradient = dw,
            Accumulates = accumulate,
        };
        int tasks = gradient.Partials * geometry.Groups * gradient.ChannelBlocks * gradient.PanelTasks;
        int chunks = gradient.Partials > 1 ? checked((int)Rounding.DivideUp(gradient.Length, ReductionChunk)) : 0;
        PartialTask task = new(&gradient);
        SimdLoop.For(gang, tasks, &task);
        ReductionTask reduction = new(&gradient);
        SimdLoop.For(gang, chunks, &reduction);
    }

    private static int ChannelBlock(in ConvolutionGeometry g) => Math.Min(g.ChannelBlock, MostBlockChannels);

    private static int ChannelBlocks(in ConvolutionGeometry g) => Rounding.DivideUp(g.Channels, ChannelBlock(g));

    private static int PanelTasks(in ConvolutionGeometry g) => Rounding.DivideUp(g.Panels, PanelsPerTask);

    /// <summary>
    /// Partial gradients: enough for <see cref="EnoughTasks"/>, each with work that is worth it, within the tiles and within 16 MB.
    /// </summary>
    private static int Partials(in ConvolutionShape shape, in ConvolutionGeometry g, int batch, int tiles)
    {
        long blocks = (long)g.Groups * ChannelBlocks(g) * PanelTasks(g);
        long wanted = Rounding.DivideUp(EnoughTasks, blocks);
        long pixels = (long)batch * shape.OutputHeight * shape.OutputWidth;
        long worth = pixels * shape.WeightsLength / blocks / PartialProducts;
        long most = Math.Min(worth, MostPartialFloats / shape.WeightsLength);
        return (int)Math.Min(Math.Clamp(most, 1, wanted), tiles);
    }

    private static void RunTask<TSimd, TVector>(Gradient* gradient, int item, void* scratch)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        ConvolutionPass* pass = &gradient->Pass;
        ConvolutionGeometry g = pass->Geometry;
        int panelTask = item % gradient->PanelTasks;
        item /= gradient->PanelTasks;
        int channel = item % gradient->ChannelBlocks * pass->ChannelBlock;
        item /= gradient->ChannelBlocks;
        int group = item % g.Groups;
        int partial = item / g.Groups;
        int channels = Math.Min(pass->ChannelBlock, g.Channels - channel);
        int firstPanel = panelTask * PanelsPerTask;
        int endPanel = Math.Min(firstPanel + PanelsPerTask, g.Panels);
        int firstTile = Share.Start(gradient->Tiles, partial, gradient->Partials);
        int endTile = Share.End(gradient->Tiles, partial, gradient->Partials);
        float* spare = (float*)scratch;
        for (int index = firstTile; index < endTile; index++)
        {
            ConvolutionTile tile = pass->Tile(index);
            ConvolutionWindow window = pass->IsDirect
                ? ConvolutionWindow.Direct(pass, tile, group, channel)
                : ConvolutionWindow.Gather<TSimd, TVector>(pass, tile, group, channel, channels, spare + SpareLength + PanelLength);
            OuterProductTile product = new()
            {
                Images = tile.Images,
                Lines = tile.Rows,
                Pixels = tile.Columns,
                PixelStep = window.ResultColumnPitch,
                LineSkip = window.ResultRowPitch - (tile.Columns * window.ResultColumnPitch),
                ImageSkip = window.ImagePitch - (tile.Rows * window.ResultRowPitch),
                Adds = index > firstTile || (gradient->Partials == 1 && gradient->Accumulates),
            };
            for (int panel = firstPanel; panel < endPanel; panel++)
            {
                int columns = g.PanelColumns(panel);
                product.Panel = PackPanel<TSimd, TVector>(gradient, tile, group, panel, spare + SpareLength);
                RunPanel<TSimd, TVector>(gradient, window, &product, partial, group, panel, channel, channels, spare);
            }
        }
    }

    /// <summary>The output gradients of a tile's pixels and a panel's channels, side by side, filled with zeros.</summary>
    private static float* PackPanel<TSimd, TVector>(Gradient* gradient, in ConvolutionTile tile, int group, int panel, float* packed)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        ConvolutionPass* pass = &gradient->Pass;
        ConvolutionGeometry g = pass->Geometry;
        int columns = g.PanelColumns(panel);
        int first = ConvolutionGeometry.FirstOutput(panel);
        int used = g.PanelOutputs(panel);
        nint pitch = pass->ResultChannels;
        float* from = gradient->OutputGradient + ((nint)group * g.OutputChannels) + first;
        int lines = tile.Images * tile.Rows;
        if (pitch == columns && (lines == 1 || tile.Columns == g.Columns.Count))
        {
            return from + pass->ResultOffset(tile.Image, tile.Row, tile.Column);
        }

        float* to = packed;
        int width = TSimd.Width;
        int firstUsed = Math.Min(used, width);
        int secondUsed = used - firstUsed;
        for (int line = 0; line < lines; line++)
        {
            float* pixel = from + pass->ResultOffset(tile.Image + (line / tile.Rows), tile.Row + (line % tile.Rows), tile.Column);
            for (int column = 0; column < tile.Columns; column++)
            {
                TSimd.Store(to, firstUsed == width ? TSimd.Load(pixel) : TSimd.LoadPartial(pixel, firstUsed));
                if (columns > width)
                {
                    float* second = pixel + width;
                    TSimd.Store(to + width, secondUsed == width ? TSimd.Load(second) : TSimd.LoadPartial(second, secondUsed));
                }

                to += columns;
                pixel += pitch;
            }
        }

        return packed;
    }

    private static void RunPanel<TSimd, TVector>(
        Gradient* gradient,
        in ConvolutionWindow window,
        OuterProductTile* product,
        int partial,
        int group,
        int panel,
        int channel,
        int channels,
        float* spare)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        ConvolutionPass* pass = &gradient->Pass;
        ConvolutionGeometry g = pass->Geometry;
        int columns = g.PanelColumns(panel);
        int first = ConvolutionGeometry.FirstOutput(panel);
        int used = g.PanelOutputs(panel);
        nint pitch = pass->ResultChannels;
        float* result = gradient->Partials == 1 ? gradient->WeightGradient : gradient->Workspace + (partial * gradient->Length);
        result += ((nint)group * g.OutputChannels) + first;

        // Inputs of neighbouring taps that are neighbours in memory make one run, if the gradient has them side by side too.
        bool isMerged = window.TapColumnPitch == channels && channels == g.Channels;
        int runs = isMerged ? 1 : g.Columns.Taps;
        int run = isMerged ? g.Columns.Taps * channels : channels;
        EvenParts pieces = new(run, MatrixProductTiles.Rows);
        bool isWide = columns > TSimd.Width;
        for (int tapRow = 0; tapRow < g.Rows.Taps; tapRow++)
        {
            for (int tapColumn = 0; tapColumn < runs; tapColumn++)
            {
                float* input = window.Origin + (tapRow * window.TapRowPitch) + (tapColumn * window.TapColumnPitch);
                nint tap = ((nint)tapRow * g.Columns.Taps) + tapColumn;
                float* to = result + (((tap * g.Channels) + channel) * pitch);
                for (int piece = 0; piece < pieces.Count; piece++)
                {
                    int start = pieces.Start(piece);
                    product->Input = input + start;
                    RunTile<TSimd, TVector>(
                        product, pieces.Length(piece), isWide, to + (start * pitch), pitch, used < columns ? spare : null, used);
                }
            }
        }
    }

    private static void RunTile<TSimd, TVector>(
        OuterProductTile* product, int rows, bool isWide, float* to, nint pitch, float* spare, int used)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        if (spare == null)
        {
            product->Result = to;
            product->ResultPitch = pitch;
            MatrixProductTiles.Run<TSimd, TVector>(product, rows, isWide);
            return;
        }

        bool adds = product->Adds;
        product->Adds = false;
        product->Result = spare;
        product->ResultPitch = SparePanel;
        MatrixProductTiles.Run<TSimd, TVector>(product, rows, isWide);
        product->Adds = adds;
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < used; column += TSimd.Width)
            {
                int count = Math.Min(used - column, TSimd.Width);
                TVector sum = TSimd.Load(spare + (row * SparePanel) + column);
                float* at = to + (row * pitch) + column;
                TSimd.StorePartial(at, adds ? TSimd.Add(TSimd.LoadPartial(at, count), sum) : sum, count);
            }
        }
    }

    /// <summary>Adds the partial gradients of a chunk of weights in order.</summary>
    private static void Reduce<TSimd, TVector>(Gradient* gradient, int item)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        nint start = (nint)item * ReductionChunk;
        nint end = Math.Min(start + ReductionChunk, gradient->Length);
        for (nint i = start; i < end; i += TSimd.Width)
        {
            nint count = Math.Min(TSimd.Width, end - i);
            TVector sum = TSimd.LoadPartial(gradient->Workspace + i, count);
            for (int partial = 1; partial < gradient->Partials; partial++)
            {
                sum = TSimd.Add(sum, TSimd.LoadPartial(gradient->Workspace + (partial * gradient->Length) + i, count));
            }

            float* to = gradient->WeightGradient + i;
            TSimd.StorePartial(to, gradient->Accumulates ? TSimd.Add(TSimd.LoadPartial(to, count), sum) : sum, count);
        }
    }

    private struct Gradient
    {
        public ConvolutionPass Pass;
        public int Tiles;
        public int Partials;
        public int ChannelBlocks;
        public int PanelTasks;
        public nint Length;
        public float* OutputGradient;
        public float* Workspace;
        public float* WeightGradient;
        public bool Accumulates;
    }

    /// <summary>Some panels of a block of channels of a partial gradient.</summary>
    private readonly struct PartialTask(Gradient* gradient) : ISimdTask
    {
        /// <inheritdoc/>
        public void Run<TSimd, TVector>(int item, void* scratch)
            where TSimd : struct, ISimd<TVector>
            where TVector : struct => RunTask<TSimd, TVector>(gradient, item, scratch);
    }

    /// <summary>The sum of the partial gradients for a chunk of weights.</summary>
    private readonly struct ReductionTask(Gradient* gradient) : ISimdTask
    {
        /// <inheritdoc/>
        public void Run<TSimd, TVector>(int item, void* scratch)
            where TSimd : struct, ISimd<TVector>
            where TVector : struct => Reduce<TSimd, TVector>(gradient, item);
    }
}
