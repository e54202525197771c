using System.Runtime.CompilerServices;
using Microsoft.ML.ConvNet.Kernels.Simd;

namespace Microsoft.ML.ConvNet.Kernels.Convolution.Winograd;

/// <summary>The inputs' transform: from the pixels of a tile's window to one number a channel for each product.</summary>
internal static unsafe class WinogradInput<TTransform>
    where TTransform : struct, IWinogradTransform
{
    private const int MostPixels = 36;

    // Scratch memory: pixels' addresses, one transform's vectors, a line of zeros.
    private const int AddressesLength = 128;
    private const int VectorsLength = MostPixels * 16;

    /// <summary>Floats of scratch memory that a thread needs.</summary>
    public static nint ScratchLength(in ConvolutionShape shape) => AddressesLength + VectorsLength + ZerosLength(shape);

    /// <summary>Divides the scratch memory.</summary>
    /// <param name="pass">The pass.</param>
    /// <param name="scratch"><see cref="ScratchLength"/> floats.</param>
    /// <param name="vectors">Room for the vectors of one transform.</param>
    /// <param name="zeros">The channels of a pixel outside of the image.</param>
    /// <returns>Room for the addresses of a tile's pixels.</returns>
    public static float** Begin(WinogradPass* pass, void* scratch, out float* vectors, out float* zeros)
    {
        vectors = (float*)scratch + AddressesLength;
        zeros = vectors + VectorsLength;
        new Span<float>(zeros, (int)ZerosLength(pass->Shape)).Clear();
        return (float**)scratch;
    }

    /// <summary>The addresses of the pixels of a tile's window, row by row; those outside of the image are zeros.</summary>
    public static void FindPixels(WinogradPass* pass, in WinogradTilePlace place, float* zeros, float** pixels)
    {
        int top = place.Row - pass->Shape.PaddingTop;
        int left = place.Column - pass->Shape.PaddingLeft;
        int height = pass->Shape.InputHeight;
        int width = pass->Shape.InputWidth;
        nint channels = pass->Shape.InputChannels;
        nint lineLength = width * channels;
        float* line = pass->Source + ((((nint)place.Image * height) + top) * lineLength) + (left * channels);
        bool isInside = top >= 0 && left >= 0 && top + TTransform.Window <= height && left + TTransform.Window <= width;
        for (int i = 0; i < TTransform.Window; i++)
        {
            float* pixel = line;
            if (isInside)
            {
                pixels[0] = pixel;
                pixels[1] = pixel + channels;
                pixels[2] = pixel + (2 * channels);
                pixels[3] = pixel + (3 * channels);
                if (TTransform.Window > 4)
                {
                    pixels[4] = pixel + (4 * channels);
                    pixels[5] = pixel + (5 * channels);
                }
            }
            else
            {
                bool isRow = (uint)(top + i) < (uint)height;
                for (int j = 0; j < TTransform.Window; j++)
                {
                    pixels[j] = isRow && (uint)(left + j) < (uint)width ? pixel : zeros;
                    pixel += channels;
                }
            }

            pixels += TTransform.Window;
            line += lineLength;
        }
    }

    /// <summary>
    /// The transformed inputs of one tile, a vector of channels after the other; <see cref="WinogradPass.InputPitch"/> lies between
    /// the products.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Transform<TSimd, TVector>(WinogradPass* pass, float** pixels, float* vectors, float* to)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        nint channels = pass->Shape.InputChannels;
        nint pitch = pass->InputPitch;
        nint window = TTransform.Window;
        nint width = TSimd.Width;
        nint channel = 0;
        for (; channel + width <= channels; channel += width)
        {
            for (nint j = 0; j < window; j++)
            {
                InputColumn<TSimd, TVector>(pixels + j, channel, vectors + (j * width));
            }

            InputRows<TSimd, TVector>(vectors, to + channel, pitch);
        }

        if (channel < channels)
        {
            for (nint j = 0; j < window; j++)
            {
                PartialInputColumn<TSimd, TVector>(pixels + j, channel, channels - channel, vectors + (j * width));
            }

            InputRows<TSimd, TVector>(vectors, to + channel, pitch);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void InputColumn<TSimd, TVector>(float** pixels, nint channel, float* to)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        nint window = TTransform.Window;
        TVector v0 = TSimd.Load(pixels[0] + channel);
        TVector v1 = TSimd.Load(pixels[window] + channel);
        TVector v2 = TSimd.Load(pixels[2 * window] + channel);
        TVector v3 = TSimd.Load(pixels[3 * window] + channel);
        TVector v4 = window > 4 ? TSimd.Load(pixels[4 * window] + channel) : TSimd.Zero;
        TVector v5 = window > 4 ? TSimd.Load(pixels[5 * window] + channel) : TSimd.Zero;
        TTransform.Input<TSimd, TVector>(ref v0, ref v1, ref v2, ref v3, ref v4, ref v5);
        StoreWindow<TSimd, TVector>(v0, v1, v2, v3, v4, v5, to, window * TSimd.Width);
    }

    private static void PartialInputColumn<TSimd, TVector>(float** pixels, nint channel, nint count, float* to)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        nint window = TTransform.Window;
        TVector v0 = TSimd.LoadPartial(pixels[0] + channel, count);
        TVector v1 = TSimd.LoadPartial(pixels[window] + channel, count);
        TVector v2 = TSimd.LoadPartial(pixels[2 * window] + channel, count);
        TVector v3 = TSimd.LoadPartial(pixels[3 * window] + channel, count);
        TVector v4 = window > 4 ? TSimd.LoadPartial(pixels[4 * window] + channel, count) : TSimd.Zero;
        TVector v5 = window > 4 ? TSimd.LoadPartial(pixels[5 * window] + channel, count) : TSimd.Zero;
        TTransform.Input<TSimd, TVector>(ref v0, ref v1, ref v2, ref v3, ref v4, ref v5);
        StoreWindow<TSimd, TVector>(v0, v1, v2, v3, v4, v5, to, window * TSimd.Width);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void InputRows<TSimd, TVector>(float* vectors, float* to, nint pitch)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        nint window = TTransform.Window;
        nint width = TSimd.Width;
        for (nint i = 0; i < window; i++)
        {
            LoadWindow<TSimd, TVector>(
                vectors, width, out TVector v0, out TVector v1, out TVector v2, out TVector v3, out TVector v4, out TVector v5);
            TTransform.Input<TSimd, TVector>(ref v0, ref v1, ref v2, ref v3, ref v4, ref v5);
            StoreWindow<TSimd, TVector>(v0, v1, v2, v3, v4, v5, to, pitch);
            vectors += window * width;
            to += window * pitch;
        }
    }

    /// <summary>The vectors of a window along an axis, some floats apart; F(2x2) has four of them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void LoadWindow<TSimd, TVector>(
        float* from, nint pitch, out TVector v0, out TVector v1, out TVector v2, out TVector v3, out TVector v4, out TVector v5)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        v0 = TSimd.Load(from);
        v1 = TSimd.Load(from + pitch);
        v2 = TSimd.Load(from + (2 * pitch));
        v3 = TSimd.Load(from + (3 * pitch));
        v4 = TTransform.Window > 4 ? TSimd.Load(from + (4 * pitch)) : TSimd.Zero;
        v5 = TTransform.Window > 4 ? TSimd.Load(from + (5 * pitch)) : TSimd.Zero;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void StoreWindow<TSimd, TVector>(
        TVector v0, TVector v1, TVector v2, TVector v3, TVector v4, TVector v5, float* to, nint pitch)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TSimd.Store(to, v0);
        TSimd.Store(to + pitch, v1);
        TSimd.Store(to + (2 * pitch), v2);
        TSimd.Store(to + (3 * pitch), v3);
        if (TTransform.Window > 4)
        {
            TSimd.Store(to + (4 * pitch), v4);
            TSimd.Store(to + (5 * pitch), v5);
        }
    }

    private static nint ZerosLength(in ConvolutionShape shape) => ((nint)shape.InputChannels + 31) & ~(nint)15;
}
