using Microsoft.ML.ConvNet.Kernels.Products;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Kernels.Convolution.Direct;

/// <summary>
/// One run over a batch of a <see cref="ConvolutionGeometry"/>: its tensors, and how its results are divided into tiles and tasks.
/// The division follows caches and threads; no sum depends on it.
/// </summary>
internal unsafe struct ConvolutionPass
{
    /// <summary>Floats of a gathered window: 256 KB, a part of the second-level cache. A tile of the least size may need more.</summary>
    public const int WindowLimit = 64 * 1024;

    /// <summary>No tile of <see cref="Plan"/> has more pixels.</summary>
    public const int MostTilePixels = 512;

    private const int MostTileColumns = 256;
    private const int LineLength = 16;

    public ConvolutionGeometry Geometry;
    public int Images;

    /// <summary>[images, rows, columns, groups * channels].</summary>
    public float* Source;

    /// <summary>Packed by <see cref="ConvolutionWeights"/>.</summary>
    public float* Weights;

    /// <summary>[images, rows, columns, groups * output channels].</summary>
    public float* Result;

    public Epilogue Epilogue;

    /// <summary>The sums go on from what stands in the result.</summary>
    public bool Accumulates;

    /// <summary>
    /// Taps that lie in the padding for a whole tile are left out. Tiles do not follow from threads and batch then: which taps are left out may
    /// decide the sign of a zero.
    /// </summary>
    public bool ClipsTaps;

    /// <summary>The source is read where it stands, without a gathered window.</summary>
    public bool IsDirect;

    /// <summary>The reduction runs over pixels, a few channels at a time: a weight gradient. Else over channels, a few pixels at a time.</summary>
    public bool ReducesPixels;

    public int ChannelBlock;
    public int TileImages;
    public int TileRows;

    /// <summary>Tiles in a row, each of as many pieces of a microkernel's rows as the others, or one more.</summary>
    public int ColumnTiles;
    public int PanelsPerTask;

    /// <summary>A pass over a batch.</summary>
    public static ConvolutionPass Of(in ConvolutionGeometry geometry, int batch)
    {
        ConvolutionPass pass = new() { Geometry = geometry, Images = batch, ChannelBlock = geometry.ChannelBlock };
        if (geometry.IsPointwise && !geometry.IsDepthwise)
        {
            // All pixels of the batch are the rows of one matrix.
            int pixels = checked(batch * geometry.Rows.Count * geometry.Columns.Count);
            pass.Images = 1;
            pass.Geometry = geometry with { Rows = ConvolutionAxis.Identity(1), Columns = ConvolutionAxis.Identity(pixels) };
        }

        return pass;
    }

    public readonly int SourceChannels => Geometry.Groups * Geometry.Channels;

    public readonly int ResultChannels => Geometry.Groups * Geometry.OutputChannels;

    /// <summary>From one pixel of the result to the next.</summary>
    public readonly nint PixelPitch => Epilogue.Pitch > 0 ? Epilogue.Pitch : ResultChannels;

    public readonly int RowTiles => Rounding.DivideUp(Geometry.Rows.Count, TileRows);

    public readonly int Tiles => Rounding.DivideUp(Images, TileImages) * RowTiles * ColumnTiles;

    public readonly int PanelTasks => Rounding.DivideUp(Geometry.Panels, PanelsPerTask);

    /// <summary>Tasks: blocks of panels by tiles by groups. A thread reads the weights of few panels, as far as panels are divided.</summary>
    public readonly int Tasks => Tiles * Geometry.Groups * PanelTasks;

    /// <summary>The block of panels of a task.</summary>
    public readonly int PanelTaskOf(int task) => task / Geometry.Groups / Tiles;

    /// <summary>The tile of a task.</summary>
    public readonly int TileOf(int task) => task / Geometry.Groups % Tiles;

    /// <summary>The group of a task.</summary>
    public readonly int GroupOf(int task) => task % Geometry.Groups;

    /// <summary>Floats of scratch memory for a window that any tile may need.</summary>
    public static nint WindowLength(in ConvolutionGeometry geometry)
    {
        int columns = Math.Min(geometry.Columns.Count, MatrixProductTiles.MostRows);
        nint least = WindowPixels(geometry, 1, columns) * (geometry.ChannelBlock + LineLength);
        return Math.Max(WindowLimit, least);
    }

    /// <summary>
    /// Divides the results into tiles of about <paramref name="pixels"/> pixels, whole lines where they are not too long, several
    /// images where they are small, and these into at least as many tasks as keep the threads busy.
    /// </summary>
    public void Plan(int pixels, int threads)
    {
        int height = Geometry.Rows.Count;
        int width = Geometry.Columns.Count;
        int tile = MatrixProductTiles.Rows;
        if (Geometry.IsMostlyPadding && !ReducesPixels)
        {
            ClipsTaps = true;
            TileImages = 1;
            TileRows = 1;
            ColumnTiles = Rounding.DivideUp(width, tile);
            PanelsPerTask = Geometry.Panels;
            return;
        }

        int tileColumns = width <= MostTileColumns ? width : Rounding.RoundUp(Rounding.DivideUp(width, Rounding.DivideUp(width, pixels)), tile);
        while (tileColumns > MatrixProductTiles.MostRows && Window(1, 1, tileColumns) > WindowLimit)
        {
            tileColumns = Math.Max(Rounding.RoundUp(tileColumns / 2, tile), MatrixProductTiles.MostRows);
        }

        int pieces = Rounding.DivideUp(width, tile);
        ColumnTiles = tileColumns == width ? 1 : Rounding.DivideUp(pieces, Math.Max(1, tileColumns / tile));
        if (ColumnTiles > 1 && ColumnTiles < 8 * threads && height == 1 && Images == 1)
        {
            ColumnTiles = Math.Min(Rounding.RoundUp(ColumnTiles, threads), pieces);
        }

        TileRows = Math.Clamp(pixels / Math.Max(tileColumns, 1), 1, Math.Max(height, 1));
        while (TileRows > 1 && Window(1, TileRows, tileColumns) > WindowLimit)
        {
            TileRows--;
        }

        TileRows = Math.Max(1, Rounding.DivideUp(height, Rounding.DivideUp(height, TileRows)));
        TileImages = 1;
        if (TileRows >= height && ColumnTiles == 1)
        {
            TileImages = Math.Clamp(pixels / Math.Max(1, height * width), 1, Math.Max(1, Images));
            while (TileImages > 1 && Window(TileImages, TileRows, width) > WindowLimit)
            {
                TileImages--;
            }

            TileImages = Rounding.DivideUp(Images, Rounding.DivideUp(Images, TileImages));
        }

        PanelsPerTask = Geometry.Panels;
        IsDirect = IsDirectPossible();
        if (threads > 1)
        {
            Divide(threads);
        }

        if (Geometry.IsPointwise && IsDirect && Geometry.Columns.Count <= tile)
        {
            // One tile: the weights are read once, from end to end.
            ChannelBlock = Geometry.Channels;
        }
    }

    /// <summary>
    /// From one pixel of a gathered window to the next. What is read together must not fall into the same few sets of the first-level
    /// cache: the pixels of a weight gradient are no multiple of 512 bytes apart, those of neighbouring results no multiple of 2 KB (but
    /// for strides of 32 and more).
    /// </summary>
    public readonly int WindowPitch(int channels)
    {
        if (ReducesPixels)
        {
            return channels % (8 * LineLength) == 0 ? channels + LineLength : channels;
        }

        int stride = Geometry.Columns.Taps <= 1 ? 1 : Geometry.Columns.Stride;
        return stride * channels % 512 == 0 ? channels + LineLength : channels;
    }

    /// <summary>The results of a tile.</summary>
    public readonly ConvolutionTile Tile(int index)
    {
        int column = index % ColumnTiles;
        int row = index / ColumnTiles % RowTiles;
        int image = index / ColumnTiles / RowTiles;
        ConvolutionTile tile = new()
        {
            Image = image * TileImages,
            Row = row * TileRows,
            Column = FirstColumn(column),
        };
        tile.Images = Math.Min(TileImages, Images - tile.Image);
        tile.Rows = Math.Min(TileRows, Geometry.Rows.Count - tile.Row);
        tile.Columns = FirstColumn(column + 1) - tile.Column;
        return tile;
    }

    /// <summary>Where the result at a place of the pass stands, from the start of the result tensor, first channel.</summary>
    public readonly nint ResultOffset(int image, int row, int column)
    {
        ConvolutionAxis rows = Geometry.Rows;
        ConvolutionAxis columns = Geometry.Columns;
        nint line = ((nint)image * rows.ResultLength) + rows.ResultStart + ((nint)row * rows.ResultStep);
        return ((line * columns.ResultLength) + columns.ResultStart + ((nint)column * columns.ResultStep)) * PixelPitch;
    }

    /// <summary>More tasks: smaller tiles, then fewer panels a task, so that the longest share of a thread is least.</summary>
    private void Divide(int threads)
    {
        while (Tiles * Geometry.Groups * Geometry.Panels < 2 * threads && (TileImages > 1 || TileRows > 1))
        {
            if (TileImages > 1)
            {
                TileImages = Rounding.DivideUp(TileImages, 2);
            }
            else
            {
                TileRows = Rounding.DivideUp(TileRows, 2);
            }
        }

        int panels = Geometry.Panels;
        int tiles = Tiles * Geometry.Groups;
        long least = long.MaxValue;
        int last = 0;
        for (int parts = 1; parts <= panels && last != 1; parts++)
        {
            int perTask = Rounding.DivideUp(panels, parts);
            if (perTask == last)
            {
                continue;
            }

            last = perTask;
            int tasks = tiles * Rounding.DivideUp(panels, perTask);
            long cost = LongestShare(threads, tasks, perTask);
            if (cost < least)
            {
                least = cost;
                PanelsPerTask = perTask;
            }

            if (tasks >= 8 * threads)
            {
                break;
            }
        }
    }

    /// <summary>What the busiest thread has to do: a task costs its panels, and a little for its window, a pixel.</summary>
    private readonly long LongestShare(int threads, int tasks, int perTask)
    {
        long longest = 0;
        long before = 0;
        for (int thread = 1; thread <= threads; thread++)
        {
            long work = WorkBefore(Share.Start(tasks, thread, threads), perTask);
            longest = Math.Max(longest, work - before);
            before = work;
        }

        return longest;
    }

    /// <summary>What all tasks before one have to do: whole blocks of panels, then some tiles and groups of its own block.</summary>
    private readonly long WorkBefore(int task, int perTask)
    {
        int block = PanelTaskOf(task);
        int panels = Math.Min(block * perTask, Geometry.Panels);
        long rowPixels = Geometry.Columns.Count;
        long imagePixels = Geometry.Rows.Count * rowPixels;
        long work = ((8L * panels) + block) * Images * imagePixels * Geometry.Groups;
        if (panels == Geometry.Panels)
        {
            return work;
        }

        ConvolutionTile tile = Tile(TileOf(task));
        long pixels = (tile.Image * imagePixels) + (tile.Images * ((tile.Row * rowPixels) + ((long)tile.Rows * tile.Column)));
        long taskPixels = (pixels * Geometry.Groups) + ((long)tile.Pixels * GroupOf(task));
        return work + (((8L * Math.Min(perTask, Geometry.Panels - panels)) + 1) * taskPixels);
    }

    /// <summary>The first column of a tile of a row.</summary>
    private readonly int FirstColumn(int tile)
    {
        long pieces = Rounding.DivideUp(Geometry.Columns.Count, MatrixProductTiles.Rows);
        return (int)(Geometry.Columns.Count * (pieces * tile / ColumnTiles) / pieces);
    }

    private readonly bool IsDirectPossible()
    {
        if (Geometry.Taps == 0)
        {
            return true;
        }

        // Pixels a multiple of 2 KB apart, see WindowPitch, are better gathered; a few do not collide.
        bool collides = (nint)Geometry.Columns.Stride * SourceChannels % 512 == 0 && Geometry.Columns.Count > 8;
        return Geometry.Rows.IsInside && Geometry.Columns.IsInside && !collides;
    }

    private readonly nint Window(int images, int rows, int columns) =>
        images * WindowPixels(Geometry, rows, columns) * WindowPitch(ChannelBlock);

    private static nint WindowPixels(in ConvolutionGeometry geometry, int rows, int columns) =>
        (nint)ConvolutionWindowAxis.Of(geometry.Rows, rows).Length * ConvolutionWindowAxis.Of(geometry.Columns, columns).Length;
}

/// <summary>A part of the results of a <see cref="ConvolutionPass"/>.</summary>
internal struct ConvolutionTile
{
    public int Image;
    public int Images;
    public int Row;
    public int Rows;
    public int Column;
    public int Columns;

    /// <summary>Number of pixels.</summary>
    public readonly int Pixels => Images * Rows * Columns;
}
