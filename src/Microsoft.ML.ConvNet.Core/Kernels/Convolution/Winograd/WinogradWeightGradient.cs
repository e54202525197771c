using System.Runtime.CompilerServices;
using Microsoft.ML.ConvNet.Kernels.Products;
using Microsoft.ML.ConvNet.Kernels.Simd;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Kernels.Convolution.Winograd;

/// <summary>
/// The weight gradient by the transposed method: the forward pass is linear in the transformed weights, so their gradient is, for
/// each product, the sum over the tiles of the outer products of transformed inputs and transformed output gradients.
/// </summary>
/// <remarks>
/// Tiles are taken in blocks of a size fixed by the shape. In a block, one step transforms all tiles, and the next adds, for each product
/// and panel of output channels, the block's sum to the sum so far; so every number is added in the order of the tiles.
/// </remarks>
internal static unsafe class WinogradWeightGradient<TTransform>
    where TTransform : struct, IWinogradTransform
{
    // Transformed tiles of a block: several times the sums, which are read and written once a block, from 1 MB to 12 MB.
    private const int LeastBlockLength = 256 * 1024;
    private const int MostBlockLength = 3 * 1024 * 1024;
    private const int BlockSums = 4;
    private const int LeastTiles = 14;
    private const int MostOutputs = 4;

    /// <summary>Floats of workspace for batches of at most <paramref name="batch"/>.</summary>
    public static nint WorkspaceLength(in ConvolutionShape shape, int batch)
    {
        Gradient gradient = Gradient.Of(shape, batch);
        return gradient.BlockLength + gradient.SumsLength;
    }

    /// <summary>Bytes of scratch memory that each thread needs.</summary>
    public static nuint ScratchBytes(in ConvolutionShape shape) =>
        (nuint)WinogradInput<TTransform>.ScratchLength(shape) * sizeof(float);

    /// <summary>dw = the gradient with respect to the weights [3, 3, C, outputs], or dw += that.</summary>
    public static void Run(
        WorkerGang gang, in ConvolutionShape shape, int batch, float* x, float* dy, float* dw, float* workspace, bool accumulate)
    {
        Gradient gradient = Gradient.Of(shape, batch);
        gradient.Pass.Source = x;
        gradient.OutputGradient = dy;
        gradient.WeightGradient = dw;
        gradient.Accumulates = accumulate;
        gradient.Sums = workspace;
        gradient.Block = workspace + gradient.SumsLength;
        TransformTask transform = new(&gradient);
        ProductTask product = new(&gradient);
        int tiles = gradient.Pass.Tiles;
        for (int first = 0; first < tiles; first += gradient.Pass.TilesPerTask)
        {
            gradient.FirstTile = first;
            gradient.Tiles = Math.Min(gradient.Pass.TilesPerTask, tiles - first);
            SimdLoop.For(gang, gradient.Tiles, &transform);
            SimdLoop.For(gang, gradient.Pass.Products * gradient.Panels.Panels, &product);
        }

        SumTask sums = new(&gradient);
        SimdLoop.For(gang, gradient.Pass.Shape.InputChannels, &sums);
    }

    /// <summary>Transforms the inputs and the output gradients of one tile.</summary>
    private static void TransformTile<TSimd, TVector>(Gradient* gradient, int item, void* scratch)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        WinogradPass* pass = &gradient->Pass;
        float** pixels = WinogradInput<TTransform>.Begin(pass, scratch, out float* vectors, out float* zeros);
        WinogradTilePlace place = WinogradTilePlace.Of(pass, gradient->FirstTile + item);
        WinogradInput<TTransform>.FindPixels(pass, place, zeros, pixels);
        WinogradInput<TTransform>.Transform<TSimd, TVector>(pass, pixels, vectors, gradient->Block + (item * pass->TilePitch));

        ConvolutionShape s = pass->Shape;
        ConvolutionGeometry g = gradient->Panels;
        int rows = Math.Min(TTransform.Outputs, s.OutputHeight - place.Row);
        int columns = Math.Min(TTransform.Outputs, s.OutputWidth - place.Column);
        float* pixel = gradient->OutputGradient
            + (((((nint)place.Image * s.OutputHeight) + place.Row) * s.OutputWidth + place.Column) * s.OutputChannels);
        for (int panel = 0; panel < g.Panels; panel++)
        {
            int width = g.PanelColumns(panel);
            float* to = gradient->PanelOf(panel) + ((nint)item * width);
            int end = ConvolutionGeometry.FirstOutput(panel) + g.PanelOutputs(panel);
            for (int channel = ConvolutionGeometry.FirstOutput(panel); channel < end; channel += TSimd.Width)
            {
                OutputGradientColumns<TSimd, TVector>(
                    pixel + channel, rows, columns, s.OutputWidth, s.OutputChannels, Math.Min(TSimd.Width, end - channel), vectors);
                OutputGradientRows<TSimd, TVector>(vectors, to, gradient->OutputPitch);
                to += TSimd.Width;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void OutputGradientColumns<TSimd, TVector>(
        float* from, int rows, int columns, nint lineWidth, nint channels, nint count, float* to)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        nint width = TSimd.Width;
        for (nint j = 0; j < TTransform.Outputs; j++)
        {
            TVector v0 = Pixel<TSimd, TVector>(from, 0, j, rows, columns, lineWidth, channels, count);
            TVector v1 = Pixel<TSimd, TVector>(from, 1, j, rows, columns, lineWidth, channels, count);
            TVector v2 = TSimd.Zero;
            TVector v3 = TSimd.Zero;
            TVector v4 = TSimd.Zero;
            TVector v5 = TSimd.Zero;
            if (TTransform.Outputs > 2)
            {
                v2 = Pixel<TSimd, TVector>(from, 2, j, rows, columns, lineWidth, channels, count);
                v3 = Pixel<TSimd, TVector>(from, 3, j, rows, columns, lineWidth, channels, count);
            }

            TTransform.OutputGradient<TSimd, TVector>(ref v0, ref v1, ref v2, ref v3, ref v4, ref v5);
            WinogradInput<TTransform>.StoreWindow<TSimd, TVector>(v0, v1, v2, v3, v4, v5, to + (j * width), MostOutputs * width);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Pixel<TSimd, TVector>(
        float* from, nint row, nint column, int rows, int columns, nint lineWidth, nint channels, nint count)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        if (row >= rows || column >= columns)
        {
            return TSimd.Zero;
        }

        float* pixel = from + (((row * lineWidth) + column) * channels);
        return count == TSimd.Width ? TSimd.Load(pixel) : TSimd.LoadPartial(pixel, count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void OutputGradientRows<TSimd, TVector>(float* vectors, float* to, nint pitch)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        nint width = TSimd.Width;
        for (nint i = 0; i < TTransform.Window; i++)
        {
            TVector v0 = TSimd.Load(vectors);
            TVector v1 = TSimd.Load(vectors + width);
            TVector v2 = TSimd.Zero;
            TVector v3 = TSimd.Zero;
            TVector v4 = TSimd.Zero;
            TVector v5 = TSimd.Zero;
            if (TTransform.Outputs > 2)
            {
                v2 = TSimd.Load(vectors + (2 * width));
                v3 = TSimd.Load(vectors + (3 * width));
            }

            TTransform.OutputGradient<TSimd, TVector>(ref v0, ref v1, ref v2, ref v3, ref v4, ref v5);
            WinogradInput<TTransform>.StoreWindow<TSimd, TVector>(v0, v1, v2, v3, v4, v5, to, pitch);
            vectors += MostOutputs * width;
            to += TTransform.Window * pitch;
        }
    }

    /// <summary>Adds the outer products of the block's tiles for one product and one panel.</summary>
    private static void AddProduct<TSimd, TVector>(Gradient* gradient, int item)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        WinogradPass* pass = &gradient->Pass;
        ConvolutionGeometry g = gradient->Panels;
        int product = item / g.Panels;
        int panel = item % g.Panels;
        nint columns = g.PanelColumns(panel);
        float* inputs = gradient->Block + (product * pass->InputPitch);
        float* sums = gradient->Sums + (product * g.PackedGroupLength) + g.PanelStart(panel);
        OuterProductTile tile = new()
        {
            Images = 1,
            Lines = 1,
            Pixels = gradient->Tiles,
            PixelStep = pass->TilePitch,
            Panel = gradient->PanelOf(panel) + (product * gradient->OutputPitch),
            ResultPitch = columns,
            Adds = gradient->FirstTile > 0,
        };
        EvenParts pieces = new(g.Channels, MatrixProductTiles.Rows);
        for (int piece = 0; piece < pieces.Count; piece++)
        {
            int start = pieces.Start(piece);
            tile.Input = inputs + start;
            tile.Result = sums + (start * columns);
            MatrixProductTiles.Run<TSimd, TVector>(&tile, pieces.Length(piece), columns > TSimd.Width);
        }
    }

    /// <summary>Transforms the sums of one input channel to the gradients of its weights.</summary>
    private static void TransformSums<TSimd, TVector>(Gradient* gradient, int item, void* scratch)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        ConvolutionGeometry g = gradient->Panels;
        nint tap = (nint)g.Channels * g.OutputChannels;
        _ = WinogradInput<TTransform>.Begin(&gradient->Pass, scratch, out float* vectors, out _);
        for (int panel = 0; panel < g.Panels; panel++)
        {
            nint columns = g.PanelColumns(panel);
            int first = ConvolutionGeometry.FirstOutput(panel);
            float* sums = gradient->Sums + g.PanelStart(panel) + (item * columns);
            float* to = gradient->WeightGradient + ((nint)item * g.OutputChannels) + first;
            nint used = g.PanelOutputs(panel);
            for (nint column = 0; column < used; column += TSimd.Width)
            {
                WeightGradient<TSimd, TVector>(
                    gradient, sums + column, vectors, to + column, tap, Math.Min(TSimd.Width, used - column));
            }
        }
    }

    private static void WeightGradient<TSimd, TVector>(
        Gradient* gradient, float* sums, float* vectors, float* to, nint tap, nint count)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        nint window = TTransform.Window;
        nint width = TSimd.Width;
        nint pitch = gradient->Panels.PackedGroupLength;
        bool accumulates = gradient->Accumulates;
        for (nint j = 0; j < window; j++)
        {
            Gather<TSimd, TVector>(sums + (j * pitch), window * pitch, out TVector v0, out TVector v1, out TVector v2);
            TSimd.Store(vectors + (j * width), v0);
            TSimd.Store(vectors + ((window + j) * width), v1);
            TSimd.Store(vectors + (((2 * window) + j) * width), v2);
        }

        for (nint i = 0; i < 3; i++)
        {
            Gather<TSimd, TVector>(vectors + (i * window * width), width, out TVector v0, out TVector v1, out TVector v2);
            Put<TSimd, TVector>(to, v0, count, accumulates);
            Put<TSimd, TVector>(to + tap, v1, count, accumulates);
            Put<TSimd, TVector>(to + (2 * tap), v2, count, accumulates);
            to += 3 * tap;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Gather<TSimd, TVector>(float* from, nint pitch, out TVector v0, out TVector v1, out TVector v2)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        v0 = TSimd.Load(from);
        v1 = TSimd.Load(from + pitch);
        v2 = TSimd.Load(from + (2 * pitch));
        TVector v3 = TSimd.Load(from + (3 * pitch));
        TVector v4 = TTransform.Window > 4 ? TSimd.Load(from + (4 * pitch)) : TSimd.Zero;
        TVector v5 = TTransform.Window > 4 ? TSimd.Load(from + (5 * pitch)) : TSimd.Zero;
        TTransform.WeightGradient<TSimd, TVector>(ref v0, ref v1, ref v2, ref v3, ref v4, ref v5);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put<TSimd, TVector>(float* to, TVector value, nint count, bool accumulates)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        if (count == TSimd.Width)
        {
            Accumulation.Put<TSimd, TVector>(to, value, accumulates);
        }
        else
        {
            Accumulation.PutPartial<TSimd, TVector>(to, value, count, accumulates);
        }
    }

    private struct Gradient
    {
        public WinogradPass Pass;
        public ConvolutionGeometry Panels;

        public int FirstTile;
        public int Tiles;
        public float* OutputGradient;
        public float* WeightGradient;
        public bool Accumulates;

        /// <summary>
        /// The transformed tiles: for each product the inputs [tiles, channels], then for each product and panel the output gradients
        /// [tiles, columns].
        /// </summary>
        public float* Block;

        /// <summary>For each product and panel [channels, columns].</summary>
        public float* Sums;

        /// <summary>Columns of all panels.</summary>
        public readonly nint Columns => Panels.PackedGroupLength / Panels.Channels;

        /// <summary>From the transformed output gradients of one product to those of the next.</summary>
        public readonly nint OutputPitch => WinogradPass.OddLines(Pass.TilesPerTask * Columns);

        /// <summary>Floats of a block.</summary>
        public readonly nint BlockLength => Pass.Products * (Pass.InputPitch + OutputPitch);

        /// <summary>Floats of the sums.</summary>
        public readonly nint SumsLength => Pass.Products * Panels.PackedGroupLength;

        public static Gradient Of(in ConvolutionShape shape, int batch)
        {
            Gradient gradient = default;
            gradient.Pass = new WinogradPass(shape, batch, TTransform.Outputs) { ReducesTiles = true };
            gradient.Panels = WinogradPass.PanelsOf(shape);
            nint length = Math.Clamp(BlockSums * gradient.SumsLength, LeastBlockLength, MostBlockLength);
            nint fitting = length / (gradient.Pass.Products * (gradient.Pass.TilePitch + gradient.Columns));
            gradient.Pass.TilesPerTask = (int)Math.Min(Math.Max(fitting, LeastTiles), gradient.Pass.Tiles);
            return gradient;
        }

        public readonly float* PanelOf(int panel) =>
            Block + (Pass.Products * Pass.InputPitch) + (Panels.PanelStart(panel) / Panels.Channels * Pass.TilesPerTask);
    }

    /// <summary>A tile of a block.</summary>
    private readonly struct TransformTask(Gradient* gradient) : ISimdTask
    {
        /// <inheritdoc/>
        public void Run<TSimd, TVector>(int item, void* scratch)
            where TSimd : struct, ISimd<TVector>
            where TVector : struct => TransformTile<TSimd, TVector>(gradient, item, scratch);
    }

    /// <summary>A product and a panel of output channels.</summary>
    private readonly struct ProductTask(Gradient* gradient) : ISimdTask
    {
        /// <inheritdoc/>
        public void Run<TSimd, TVector>(int item, void* scratch)
            where TSimd : struct, ISimd<TVector>
            where TVector : struct => AddProduct<TSimd, TVector>(gradient, item);
    }

    /// <summary>An input channel.</summary>
    private readonly struct SumTask(Gradient* gradient) : ISimdTask
    {
        /// <inheritdoc/>
        public void Run<TSimd, TVector>(int item, void* scratch)
            where TSimd : struct, ISimd<TVector>
            where TVector : struct => TransformSums<TSimd, TVector>(gradient, item, scratch);
    }
}
