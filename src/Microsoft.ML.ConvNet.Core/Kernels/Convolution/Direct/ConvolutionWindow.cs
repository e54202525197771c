using System.Runtime.CompilerServices;
using Microsoft.ML.ConvNet.Kernels.Simd;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Kernels.Convolution.Direct;

/// <summary>
/// The left operand of a tile: a block of channels of the source pixels that the tile's results read, either where they stand in the
/// source or gathered with their padding into scratch memory. Distances are counted in floats.
/// </summary>
internal unsafe struct ConvolutionWindow
{
    /// <summary>The pixel of the first image, first result, first tap.</summary>
    public float* Origin;

    /// <summary>From one image to the next.</summary>
    public nint ImagePitch;

    /// <summary>From a result's first pixel to that of the result below.</summary>
    public nint ResultRowPitch;

    /// <summary>From a result's first pixel to that of the result at its right.</summary>
    public nint ResultColumnPitch;

    /// <summary>From a tap's pixel to that of the tap below.</summary>
    public nint TapRowPitch;

    /// <summary>From a tap's pixel to that of the tap at its right.</summary>
    public nint TapColumnPitch;

    /// <summary>The pixels of a tile where they stand: none of them lies in the padding.</summary>
    public static ConvolutionWindow Direct(ConvolutionPass* pass, in ConvolutionTile tile, int group, int channel)
    {
        ConvolutionGeometry g = pass->Geometry;
        nint pixel = pass->SourceChannels;
        nint line = g.Columns.SourceLength * pixel;
        nint image = g.Rows.SourceLength * line;
        nint row = g.Rows.Origin + ((nint)tile.Row * g.Rows.Stride);
        nint column = g.Columns.Origin + ((nint)tile.Column * g.Columns.Stride);
        return new ConvolutionWindow
        {
            Origin = pass->Source + (tile.Image * image) + (row * line) + (column * pixel) + ((nint)group * g.Channels) + channel,
            ImagePitch = image,
            ResultRowPitch = g.Rows.Stride * line,
            ResultColumnPitch = g.Columns.Stride * pixel,
            TapRowPitch = g.Rows.TapStep * line,
            TapColumnPitch = g.Columns.TapStep * pixel,
        };
    }

    /// <summary>Gathers the pixels of a tile: [images, rows, columns, channels], zero in the padding.</summary>
    public static ConvolutionWindow Gather<TSimd, TVector>(
        ConvolutionPass* pass, in ConvolutionTile tile, int group, int channel, int channels, float* to)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        ConvolutionGeometry g = pass->Geometry;
        ConvolutionWindowAxis rows = ConvolutionWindowAxis.Of(g.Rows, tile.Rows);
        ConvolutionWindowAxis columns = ConvolutionWindowAxis.Of(g.Columns, tile.Columns);
        nint pixel = pass->WindowPitch(channels);
        nint line = columns.Length * pixel;
        ConvolutionWindow window = new()
        {
            Origin = to,
            ImagePitch = rows.Length * line,
            ResultRowPitch = rows.Stride * line,
            ResultColumnPitch = columns.Stride * pixel,
            TapRowPitch = rows.TapStep * line,
            TapColumnPitch = columns.TapStep * pixel,
        };
        int firstRow = g.Rows.Origin + (tile.Row * g.Rows.Stride);
        int firstColumn = g.Columns.Origin + (tile.Column * g.Columns.Stride);

        // Columns before the source, within it, and behind it.
        int before = Math.Clamp(Rounding.DivideUp(-firstColumn, columns.SourceStep), 0, columns.Length);
        int end = Math.Clamp(Rounding.DivideUp(g.Columns.SourceLength - firstColumn, columns.SourceStep), before, columns.Length);
        nint sourcePixel = pass->SourceChannels;
        nint sourceStep = columns.SourceStep * sourcePixel;
        for (int image = tile.Image; image < tile.Image + tile.Images; image++)
        {
            for (int i = 0; i < rows.Length; i++)
            {
                int row = firstRow + (i * rows.SourceStep);
                if (row < 0 || row >= g.Rows.SourceLength)
                {
                    Clear(to, line);
                }
                else
                {
                    nint sourceLine = ((nint)image * g.Rows.SourceLength) + row;
                    nint sourceColumn = (sourceLine * g.Columns.SourceLength) + firstColumn + ((nint)before * columns.SourceStep);
                    float* from = pass->Source + (sourceColumn * sourcePixel) + ((nint)group * g.Channels) + channel;
                    Clear(to, before * pixel);
                    CopyPixels<TSimd, TVector>(from, sourceStep, end - before, to + (before * pixel), pixel, channels);
                    Clear(to + (end * pixel), (columns.Length - end) * pixel);
                }

                to += line;
            }
        }

        return window;
    }

    private static void CopyPixels<TSimd, TVector>(float* from, nint step, int pixels, float* to, nint pitch, nint channels)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        if (step == channels && pitch == channels)
        {
            nint bytes = pixels * channels * sizeof(float);
            Buffer.MemoryCopy(from, to, bytes, bytes);
            return;
        }

        nint width = TSimd.Width;
        nint whole = channels / width * width;
        for (int pixel = 0; pixel < pixels; pixel++)
        {
            for (nint c = 0; c < whole; c += width)
            {
                TSimd.Store(to + c, TSimd.Load(from + c));
            }

            if (whole < channels)
            {
                TSimd.StorePartial(to + whole, TSimd.LoadPartial(from + whole, channels - whole), channels - whole);
            }

            from += step;
            to += pitch;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Clear(float* to, nint count)
    {
        if (count > 0)
        {
            new Span<float>(to, (int)count).Clear();
        }
    }
}
