using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Microsoft.ML.ConvNet.Kernels.Simd;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Kernels.Winograd;

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
        switch (SimdTier.Current)
        {
            case SimdTierKind.Vector512:
                gang.For(pass->Tasks, &RunTask<Simd512, Vector512<float>>, pass);
                break;
            case SimdTierKind.Vector256:
                gang.For(pass->Tasks, &RunTask<Simd256, Vector256<float>>, pass);
                break;
            case SimdTierKind.Vector128:
                gang.For(pass->Tasks, &RunTask<Simd128, Vector128<float>>, pass);
                break;
            default:
                gang.For(pass->Tasks, &RunTask<SimdScalar, float>, pass);
                break;
        }
    }

    private static void RunTask<TSimd, TVector>(void* state, int item, void* scratch)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        WinogradPass* pass = (WinogradPass*)state;
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
            TransformPanel<TSimd, TVector>(
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
        int most = MatrixProductTiles.Rows;
        int pieces = (tiles + most - 1) / most;
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
                for (int piece = 0; piece < pieces; piece++)
                {
                    int start = tiles * piece / pieces;
                    int rows = (tiles * (piece + 1) / pieces) - start;
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

    /// <summary>The outputs of all tiles in one panel of channels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TransformPanel<TSimd, TVector>(
        WinogradPass* pass, WinogradTilePlace place, int tiles, int panel, float* products, float* vectors)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        int first = panel * MatrixProductTiles.Columns;
        int end = Math.Min(first + MatrixProductTiles.Columns, pass->Shape.OutputChannels);
        for (int tile = 0; tile < tiles; tile++)
        {
            for (int channel = first; channel < end; channel += TSimd.Width)
            {
                OutputColumns<TSimd, TVector>(products + (channel - first), pass->ProductPitch, vectors);
                StoreOutputs<TSimd, TVector>(pass, place, channel, Math.Min(TSimd.Width, end - channel), vectors);
            }

            products += PanelColumns;
            place.Advance(pass);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void OutputColumns<TSimd, TVector>(float* from, nint pitch, float* to)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        nint window = TTransform.Window;
        nint width = TSimd.Width;
        nint down = window * pitch;
        for (nint j = 0; j < window; j++)
        {
            TVector v0 = TSimd.Load(from);
            TVector v1 = TSimd.Load(from + down);
            TVector v2 = TSimd.Load(from + (2 * down));
            TVector v3 = TSimd.Load(from + (3 * down));
            TVector v4 = window > 4 ? TSimd.Load(from + (4 * down)) : TSimd.Zero;
            TVector v5 = window > 4 ? TSimd.Load(from + (5 * down)) : TSimd.Zero;
            TTransform.Output<TSimd, TVector>(ref v0, ref v1, ref v2, ref v3, ref v4, ref v5);
            TSimd.Store(to, v0);
            TSimd.Store(to + (window * width), v1);
            if (TTransform.Outputs > 2)
            {
                TSimd.Store(to + (2 * window * width), v2);
                TSimd.Store(to + (3 * window * width), v3);
            }

            from += pitch;
            to += width;
        }
    }

    /// <summary>The second half of the outputs' transform, and the epilogue. Tiles at the border have fewer outputs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void StoreOutputs<TSimd, TVector>(
        WinogradPass* pass, in WinogradTilePlace place, int channel, int count, float* vectors)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        nint channels = pass->PixelPitch;
        nint window = TTransform.Window;
        nint width = TSimd.Width;
        nint lineWidth = pass->Shape.OutputWidth;
        int rows = Math.Min(TTransform.Outputs, pass->Shape.OutputHeight - place.Row);
        int columns = Math.Min(TTransform.Outputs, pass->Shape.OutputWidth - place.Column);
        nint offset = (((((nint)place.Image * pass->Shape.OutputHeight) + place.Row) * lineWidth + place.Column) * channels) + channel;
        Epilogue* epilogue = &pass->Epilogue;
        bool hasResidual = epilogue->Residual != null;
        bool isWhole = count == TSimd.Width;
        TVector bias = epilogue->Bias == null ? TSimd.Zero
            : isWhole ? TSimd.Load(epilogue->Bias + channel)
            : TSimd.LoadPartial(epilogue->Bias + channel, count);
        TVector floor = TSimd.Create(epilogue->Floor);
        TVector ceiling = TSimd.Create(epilogue->Ceiling);
        for (int row = 0; row < rows; row++)
        {
            TVector v0 = TSimd.Load(vectors);
            TVector v1 = TSimd.Load(vectors + width);
            TVector v2 = TSimd.Load(vectors + (2 * width));
            TVector v3 = TSimd.Load(vectors + (3 * width));
            TVector v4 = window > 4 ? TSimd.Load(vectors + (4 * width)) : TSimd.Zero;
            TVector v5 = window > 4 ? TSimd.Load(vectors + (5 * width)) : TSimd.Zero;
            TTransform.Output<TSimd, TVector>(ref v0, ref v1, ref v2, ref v3, ref v4, ref v5);
            float* to = pass->Result + offset;
            if (isWhole && !hasResidual && columns == TTransform.Outputs)
            {
                TSimd.Store(to, TSimd.Min(ceiling, TSimd.Max(floor, TSimd.Add(v0, bias))));
                TSimd.Store(to + channels, TSimd.Min(ceiling, TSimd.Max(floor, TSimd.Add(v1, bias))));
                if (TTransform.Outputs > 2)
                {
                    TSimd.Store(to + (2 * channels), TSimd.Min(ceiling, TSimd.Max(floor, TSimd.Add(v2, bias))));
                    TSimd.Store(to + (3 * channels), TSimd.Min(ceiling, TSimd.Max(floor, TSimd.Add(v3, bias))));
                }
            }
            else
            {
                float* residual = epilogue->Residual + offset;
                Finish<TSimd, TVector>(v0, bias, floor, ceiling, to, residual, hasResidual, count);
                if (columns > 1)
                {
                    Finish<TSimd, TVector>(v1, bias, floor, ceiling, to + channels, residual + channels, hasResidual, count);
                }

                if (TTransform.Outputs > 2 && columns > 2)
                {
                    Finish<TSimd, TVector>(v2, bias, floor, ceiling, to + (2 * channels), residual + (2 * channels), hasResidual, count);
                }

                if (TTransform.Outputs > 2 && columns > 3)
                {
                    Finish<TSimd, TVector>(v3, bias, floor, ceiling, to + (3 * channels), residual + (3 * channels), hasResidual, count);
                }
            }

            if (epilogue->Activation != null)
            {
                for (int column = 0; column < columns; column++)
                {
                    epilogue->Activation(to + (column * channels), to + (column * channels), count, epilogue->Alpha);
                }
            }

            vectors += window * width;
            offset += lineWidth * channels;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish<TSimd, TVector>(
        TVector sum, TVector bias, TVector floor, TVector ceiling, float* to, float* residual, bool hasResidual, nint count)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        bool isWhole = count == TSimd.Width;
        sum = TSimd.Add(sum, bias);
        if (hasResidual)
        {
            sum = TSimd.Add(sum, isWhole ? TSimd.Load(residual) : TSimd.LoadPartial(residual, count));
        }

        sum = TSimd.Min(ceiling, TSimd.Max(floor, sum));
        if (isWhole)
        {
            TSimd.Store(to, sum);
        }
        else
        {
            TSimd.StorePartial(to, sum, count);
        }
    }
}
