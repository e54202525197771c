using System.Runtime.CompilerServices;
using Microsoft.ML.ConvNet.Kernels.Pooling;
using Microsoft.ML.ConvNet.Kernels.Products;
using Microsoft.ML.ConvNet.Kernels.Simd;

namespace Microsoft.ML.ConvNet.Kernels.Convolution.Winograd;

/// <summary>The outputs' transform: from one number a channel for each product to the pixels of a tile, with the epilogue.</summary>
/// <remarks>Its loops are compiled with all optimisations at once, so that the first images of a process do not run unoptimised code.</remarks>
internal static unsafe class WinogradOutput<TTransform>
    where TTransform : struct, IWinogradTransform
{
    /// <summary>The outputs of all tiles in one panel of channels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Transform<TSimd, TVector>(
        WinogradPass* pass, WinogradTilePlace place, int tiles, int panel, float* products, float* vectors)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        int first = ConvolutionGeometry.FirstOutput(panel);
        int end = Math.Min(first + MatrixProductTiles.Columns, pass->Shape.OutputChannels);
        for (int tile = 0; tile < tiles; tile++)
        {
            for (int channel = first; channel < end; channel += TSimd.Width)
            {
                OutputColumns<TSimd, TVector>(products + (channel - first), pass->ProductPitch, vectors);
                int count = Math.Min(TSimd.Width, end - channel);
                if (pass->Epilogue.Pools)
                {
                    StorePooled<TSimd, TVector>(pass, place, channel, count, vectors);
                }
                else
                {
                    StoreOutputs<TSimd, TVector>(pass, place, channel, count, vectors);
                }
            }

            products += MatrixProductTiles.Columns;
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
            Outputs<TSimd, TVector>(from, down, out TVector v0, out TVector v1, out TVector v2, out TVector v3);
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
        TVector bias = BiasOf<TSimd, TVector>(pass, channel, count);
        TVector floor = TSimd.Create(epilogue->Floor);
        TVector ceiling = TSimd.Create(epilogue->Ceiling);
        for (int row = 0; row < rows; row++)
        {
            Outputs<TSimd, TVector>(vectors, TSimd.Width, out TVector v0, out TVector v1, out TVector v2, out TVector v3);
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

    /// <summary>The same where the largest of each 2x2 block of outputs is stored. A bias, ReLU and rounding keep the order of numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void StorePooled<TSimd, TVector>(
        WinogradPass* pass, in WinogradTilePlace place, int channel, int count, float* vectors)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        nint channels = pass->PixelPitch;
        nint line = TTransform.Window * (nint)TSimd.Width;
        int rows = Math.Min(TTransform.Outputs, pass->Shape.OutputHeight - place.Row) / 2;
        int columns = Math.Min(TTransform.Outputs, pass->Shape.OutputWidth - place.Column) / 2;
        nint pooledHeight = pass->Shape.OutputHeight / 2;
        nint pooledWidth = pass->Shape.OutputWidth / 2;
        nint firstPixel = (((place.Image * pooledHeight) + (place.Row / 2)) * pooledWidth) + (place.Column / 2);
        float* to = pass->Result + (firstPixel * channels) + channel;
        TVector bias = BiasOf<TSimd, TVector>(pass, channel, count);
        TVector floor = TSimd.Create(pass->Epilogue.Floor);
        TVector ceiling = TSimd.Create(pass->Epilogue.Ceiling);
        for (int row = 0; row < rows; row++)
        {
            Outputs<TSimd, TVector>(vectors, TSimd.Width, out TVector upper0, out TVector upper1, out TVector upper2, out TVector upper3);
            Outputs<TSimd, TVector>(vectors + line, TSimd.Width, out TVector lower0, out TVector lower1, out TVector lower2, out TVector lower3);
            TVector largest = Largest<TSimd, TVector>(upper0, upper1, lower0, lower1);
            if (columns > 0)
            {
                Finish<TSimd, TVector>(largest, bias, floor, ceiling, to, null, false, count);
            }

            if (TTransform.Outputs > 2 && columns > 1)
            {
                largest = Largest<TSimd, TVector>(upper2, upper3, lower2, lower3);
                Finish<TSimd, TVector>(largest, bias, floor, ceiling, to + channels, null, false, count);
            }

            vectors += 2 * line;
            to += pooledWidth * channels;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Largest<TSimd, TVector>(TVector a, TVector b, TVector c, TVector d)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct =>
        MaxPoolingLoop.Larger<TSimd, TVector>(
            MaxPoolingLoop.Larger<TSimd, TVector>(d, c), MaxPoolingLoop.Larger<TSimd, TVector>(b, a));

    /// <summary>The outputs along an axis of the vectors of a window that are some floats apart; F(2x2) has two of them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Outputs<TSimd, TVector>(
        float* from, nint pitch, out TVector v0, out TVector v1, out TVector v2, out TVector v3)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        WinogradInput<TTransform>.LoadWindow<TSimd, TVector>(from, pitch, out v0, out v1, out v2, out v3, out TVector v4, out TVector v5);
        TTransform.Output<TSimd, TVector>(ref v0, ref v1, ref v2, ref v3, ref v4, ref v5);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector BiasOf<TSimd, TVector>(WinogradPass* pass, int channel, int count)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        float* bias = pass->Epilogue.Bias;
        return bias == null ? TSimd.Zero
            : count == TSimd.Width ? TSimd.Load(bias + channel)
            : TSimd.LoadPartial(bias + channel, count);
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
