using Microsoft.ML.ConvNet.Kernels.Products;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Kernels.Convolution.Winograd;

/// <summary>
/// One run over a batch of a 3x3 convolution of stride 1 by Winograd's method: its tensors, and how its tiles of outputs and its
/// panels of output channels are divided into tasks. No sum depends on the division.
/// </summary>
internal unsafe struct WinogradPass
{
    // A task reads its weights once: it does at least 28 steps with each number from the second or third level of cache, and 56 where
    // the weights may have to come from memory.
    private const int FewTiles = 28;
    private const int ManyTiles = 56;
    private const int ManyTilesChannels = 256;

    // Weights that stay in the second-level cache are read from there: fewer tiles then leave room for what lies between the transforms.
    private const int LeastTiles = 14;
    private const int CachedWeightsLength = 160 * 1024;
    private const int CachedTilesLength = 66 * 1024;
    private const int MostInputLength = 1152 * 1024;
    private const int MostProductLength = 640 * 1024;

    // Cycles of a core with 512-bit vectors: for a vector of a product of a tile; products in a cycle; and weights read in a cycle.
    private const long TransformCycles = 8;
    private const long ProductsPerCycle = 32;
    private const long WeightsPerCycle = 8;
    private const long VectorLength = 16;

    public ConvolutionShape Shape;
    public int Images;
    public int TileOutputs;

    /// <summary>[images, H, W, C].</summary>
    public float* Source;

    /// <summary>Packed by <see cref="WinogradWeights{TTransform}"/>.</summary>
    public float* Weights;

    /// <summary>[images, OH, OW, outputs].</summary>
    public float* Result;

    public Epilogue Epilogue;

    /// <summary>The reduction runs over tiles, a few channels at a time: a weight gradient. Else over channels, a few tiles at a time.</summary>
    public bool ReducesTiles;
    public int TilesPerTask;
    public int PanelsPerTask;

    public WinogradPass(in ConvolutionShape shape, int images, int tileOutputs)
    {
        Shape = shape;
        Images = images;
        TileOutputs = tileOutputs;
        TilesDown = Rounding.DivideUp(shape.OutputHeight, tileOutputs);
        TilesAcross = Rounding.DivideUp(shape.OutputWidth, tileOutputs);
    }

    /// <summary>Rows of tiles in an image.</summary>
    public int TilesDown { get; }

    /// <summary>Tiles in a row.</summary>
    public int TilesAcross { get; }

    /// <summary>From one pixel of the result to the next.</summary>
    public readonly nint PixelPitch => Epilogue.Pitch > 0 ? Epilogue.Pitch : Shape.OutputChannels;

    /// <summary>Inputs of a tile along an axis.</summary>
    public readonly int Window => TileOutputs + 2;

    /// <summary>Products of a tile, each a matrix product of its own.</summary>
    public readonly int Products => Window * Window;

    public readonly int Tiles => checked(Images * TilesDown * TilesAcross);

    public readonly int Tasks => Rounding.DivideUp(Tiles, TilesPerTask) * PanelTasks;

    public readonly int PanelTasks => Rounding.DivideUp(Panels.Panels, PanelsPerTask);

    /// <summary>The panels of one product's weights.</summary>
    public readonly ConvolutionGeometry Panels => PanelsOf(Shape);

    /// <summary>
    /// From the channels of one tile to those of the next: no multiple of 512 bytes, and an odd number of lines of the cache where a
    /// reduction runs over many tiles.
    /// </summary>
    public readonly nint TilePitch =>
        ReducesTiles ? OddLines(Shape.InputChannels)
        : Rounding.ToCacheLines(Shape.InputChannels)
            + (Rounding.ToCacheLines(Shape.InputChannels) % 128 == 0 ? Rounding.CacheLine : 0);

    /// <summary>From the transformed inputs of one product to those of the next: an odd number of lines of the cache.</summary>
    public readonly nint InputPitch => OddLines(TilesPerTask * TilePitch);

    /// <summary>From the sums of one product to those of the next: an odd number of lines of the cache.</summary>
    public readonly nint ProductPitch => OddLines((nint)TilesPerTask * PanelsPerTask * MatrixProductTiles.Columns);

    /// <summary>The weights of a product as the panels of a matrix product.</summary>
    public static ConvolutionGeometry PanelsOf(in ConvolutionShape shape) => new(
        ConvolutionAxis.Identity(1), ConvolutionAxis.Identity(1), 1, shape.InputChannels, shape.OutputChannels);

    /// <summary>Floats of scratch memory for the transformed inputs and the products that any task may need.</summary>
    public static nint ScratchLength(in ConvolutionShape shape, int tileOutputs)
    {
        WinogradPass pass = new(shape, 1, tileOutputs);
        pass.TilesPerTask = pass.MostTiles();
        pass.PanelsPerTask = pass.MostPanels();
        return pass.Products * (pass.InputPitch + pass.ProductPitch);
    }

    /// <summary>
    /// Divides the tiles and panels into tasks so that the longest share of a thread is least: the panels into some numbers of parts, and for
    /// each the tiles into as few blocks as fit the scratch memory, or into the next number that gives every thread as many tasks.
    /// </summary>
    public void Plan(int threads)
    {
        int tiles = Tiles;
        int panels = Panels.Panels;
        int leastBlocks = Rounding.DivideUp(tiles, MostTiles());
        int leastSplits = Rounding.DivideUp(panels, MostPanels());
        int mostSplits = Math.Max(leastSplits, Math.Min(panels, 2 * threads));
        long least = long.MaxValue;
        for (int splits = leastSplits; splits <= mostSplits; splits++)
        {
            int evenBlocks = Rounding.DivideUp(Rounding.RoundUp(checked(leastBlocks * splits), threads), splits);
            for (int blocks = leastBlocks; ; blocks = evenBlocks)
            {
                int tilesPerTask = Rounding.DivideUp(tiles, blocks);
                int panelsPerTask = Rounding.DivideUp(panels, splits);
                long cost = ShareCost(tilesPerTask, panelsPerTask, threads);
                if (cost < least)
                {
                    least = cost;
                    TilesPerTask = tilesPerTask;
                    PanelsPerTask = panelsPerTask;
                }

                if (blocks == evenBlocks)
                {
                    break;
                }
            }
        }
    }

    /// <summary>Cycles of the longest share of a thread, but for a common factor.</summary>
    private readonly long ShareCost(int tilesPerTask, int panelsPerTask, int threads)
    {
        long tasks = (long)Rounding.DivideUp(Tiles, tilesPerTask) * Rounding.DivideUp(Panels.Panels, panelsPerTask);
        long outputs = (long)panelsPerTask * MatrixProductTiles.Columns;
        long products = outputs * Shape.InputChannels / ProductsPerCycle;
        long transforms = TransformCycles * (Shape.InputChannels + outputs) / VectorLength;
        long weights = outputs * Shape.InputChannels / WeightsPerCycle;
        return ((tilesPerTask * (products + transforms)) + weights) * Rounding.DivideUp(tasks, threads);
    }

    private readonly int MostTiles()
    {
        int tiles = Shape.InputChannels >= ManyTilesChannels ? ManyTiles : FewTiles;
        int outputs = Panels.Panels * MatrixProductTiles.Columns;
        if ((long)Products * Shape.InputChannels * outputs <= CachedWeightsLength)
        {
            int cached = (int)(CachedTilesLength / (Products * (TilePitch + outputs)));
            tiles = Math.Clamp(cached / LeastTiles * LeastTiles, LeastTiles, FewTiles);
        }

        int fitting = (int)(MostInputLength / (Products * TilePitch));
        return Math.Clamp(fitting, 1, tiles);
    }

    private readonly int MostPanels()
    {
        int fitting = MostProductLength / (Products * MostTiles() * MatrixProductTiles.Columns);
        return Math.Clamp(fitting, 1, Panels.Panels);
    }

    /// <summary>A length of an odd number of lines of the cache: what lies so far apart falls into different sets.</summary>
    public static nint OddLines(nint length) => Rounding.ToCacheLines(length) | Rounding.CacheLine;
}
