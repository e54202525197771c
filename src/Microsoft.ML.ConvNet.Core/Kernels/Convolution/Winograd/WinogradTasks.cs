using System.Runtime.CompilerServices;
using Microsoft.ML.ConvNet.Kernels.Products;
using Microsoft.ML.ConvNet.Kernels.Simd;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Kernels.Convolution.Winograd;

/// <summary>
/// Runs a <see cref="WinogradPass"/>. A task transforms the inputs of its tiles, multiplies them, product after product, with its panels
/// of weights, and transforms the sums to outputs; what lies between stays in the thread's scratch memory. Tasks of the same
/// tiles and other panels transform the inputs again, which costs little beside the products.
/// </summary>
/// <remarks>Its loops are compiled with all optimisations at once, so that the first images of a process do not run unoptimised code.</remarks>
internal static unsafe class WinogradTasks<TTransform>
    where TTransform : struct, IWinogradTransform
{
    private static readonly int PanelColumns = MatrixProductTiles.Columns;

    /// <summary>Floats of scratch memory that a thread needs.</summary>
    public static nint ScratchLength(in ConvolutionShape shape) =>
        WinogradInput<TTransform>.ScratchLength(shape) + WinogradPass.ScratchLength(shape, TTransform.Outputs);

    /// <summary>Plans and runs the pass.</summary>
    public static void Run(WorkerGang gang, WinogradPass* pass)
    {
        if (pass->Tiles == 0)
        {
            return;
        }

        pass->Plan(gang.Size);
        TileTask task = new(pass);
        SimdLoop.For(gang, pass->Tasks, &task);
    }

    private static void RunTask<TSimd, TVector>(WinogradPass* pass, int item, void* scratch)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        int panelTasks = pass->PanelTasks;
        int firstTile = item / panelTasks * pass->TilesPerTask;
        int tiles = Math.Min(pass->TilesPerTask, pass->Tiles - firstTile);
        int firstPanel = item % panelTasks * pass->PanelsPerTask;
        int panels = Math.Min(pass->PanelsPerTask, pass->Panels.Panels - firstPanel);
        float** pixels = WinogradInput<TTransform>.Begin(pass, scratch, out float* vectors, out float* zeros);
        float* inputs = (float*)scratch + WinogradInput<TTransform>.ScratchLength(pass->Shape);
        float* products = inputs + (pass->Products * pass->InputPitch);
        WinogradTilePlace first = WinogradTilePlace.Of(pass, firstTile);
        WinogradTilePlace place = first;
        for (int tile = 0; tile < tiles; tile++)
        {
            WinogradInput<TTransform>.FindPixels(pass, place, zeros, pixels);
            place.Advance(pass);
            WinogradInput<TTransform>.Transform<TSimd, TVector>(pass, pixels, vectors, inputs + (tile * pass->TilePitch));
        }

        Multiply<TSimd, TVector>(pass, tiles, firstPanel, panels, inputs, products);
        for (int panel = 0; panel < panels; panel++)
        {
            WinogradOutput<TTransform>.Transform<TSimd, TVector>(
                pass, first, tiles, firstPanel + panel, products + ((nint)panel * tiles * PanelColumns), vectors);
        }
    }

    /// <summary>The products: for each, [tiles, channels] times panels of [channels, columns].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Multiply<TSimd, TVector>(
        WinogradPass* pass, int tiles, int firstPanel, int panels, float* inputs, float* products)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        ConvolutionGeometry g = pass->Panels;
        nint pitch = pass->TilePitch;
        EvenParts pieces = new(tiles, MatrixProductTiles.Rows);
        MatrixProductTile tile = new()
        {
            RowStride = pitch,
            TapRows = 1,
            TapColumns = 1,
            Run = g.Channels,
            ResultPitch = PanelColumns,
        };
        for (int product = 0; product < pass->Products; product++)
        {
            float* weights = pass->Weights + (product * g.PackedGroupLength);
            for (int panel = 0; panel < panels; panel++)
            {
                tile.Panel = weights + g.PanelStart(firstPanel + panel);
                bool isWide = g.PanelColumns(firstPanel + panel) > TSimd.Width;
                float* to = products + ((nint)panel * tiles * PanelColumns);
                for (int piece = 0; piece < pieces.Count; piece++)
                {
                    int start = pieces.Start(piece);
                    int rows = pieces.Length(piece);
                    int top = (rows + 1) / 2;
                    tile.Top = inputs + (start * pitch);
                    tile.Bottom = tile.Top + (top * pitch);
                    tile.ResultTop = to + ((nint)start * PanelColumns);
                    tile.ResultBottom = tile.ResultTop + ((nint)top * PanelColumns);
                    MatrixProductTiles.Run<TSimd, TVector>(&tile, rows, isWide);
                }
            }

            inputs += pass->InputPitch;
            products += pass->ProductPitch;
        }
    }

    /// <summary>Some panels of a block of tiles.</summary>
    private readonly struct TileTask(WinogradPass* pass) : ISimdTask
    {
        /// <inheritdoc/>
        public void Run<TSimd, TVector>(int item, void* scratch)
            where TSimd : struct, ISimd<TVector>
            where TVector : struct => RunTask<TSimd, TVector>(pass, item, scratch);
    }
}
