using System.Runtime.CompilerServices;
using Microsoft.ML.ConvNet.Kernels.Simd;

namespace Microsoft.ML.ConvNet.Kernels.Convolution.BatchLanes;

/// <summary>The way from images [N, H, W, C] to planes [H, W, C][lane] and back, by transposing blocks.</summary>
internal static unsafe class BatchLanesEdges
{
    private const int MostWidth = 16;

    /// <summary>Brings up to a vector's lanes of images into a plane; the lanes behind them get zeros.</summary>
    /// <param name="x">The first image.</param>
    /// <param name="imageLength">Floats from an image to the next.</param>
    /// <param name="images">The number of images.</param>
    /// <param name="rows">The rows of an image.</param>
    /// <param name="rowLength">The numbers of a row.</param>
    /// <param name="plane">The first number's vector.</param>
    /// <param name="rowPitch">Floats from a row to the next in the plane.</param>
    [SkipLocalsInit]
    public static void Enter<TSimd, TVector>(
        float* x, nint imageLength, int images, int rows, nint rowLength, float* plane, nint rowPitch)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        float* block = stackalloc float[MostWidth * MostWidth];
        float* turned = stackalloc float[MostWidth * MostWidth];
        nint width = TSimd.Width;
        for (int row = 0; row < rows; row++, x += rowLength, plane += rowPitch)
        {
            for (nint i = 0; i < rowLength; i += width)
            {
                nint count = nint.Min(width, rowLength - i);
                if (images == width && rowLength >= width)
                {
                    // The last block of a row may begin in the one before.
                    nint start = nint.Min(i, rowLength - width);
                    TSimd.Transpose(x + start, imageLength, plane + (start * width), width);
                    continue;
                }

                // A short row, or images that do not fill the lanes.
                for (int image = 0; image < width; image++)
                {
                    TSimd.Store(
                        block + (image * width),
                        image < images ? TSimd.LoadPartial(x + (image * imageLength) + i, count) : TSimd.Zero);
                }

                if (count == width)
                {
                    TSimd.Transpose(block, width, plane + (i * width), width);
                    continue;
                }

                TSimd.Transpose(block, width, turned, width);
                for (nint k = 0; k < count; k++)
                {
                    TSimd.Store(plane + ((i + k) * width), TSimd.Load(turned + (k * width)));
                }
            }
        }
    }

    /// <summary>Brings the lanes of a plane to their images, or adds them to what is there.</summary>
    /// <param name="plane">The first number's vector.</param>
    /// <param name="rowPitch">Floats from a row to the next in the plane.</param>
    /// <param name="y">The first image.</param>
    /// <param name="imageLength">Floats from an image to the next.</param>
    /// <param name="images">The number of images.</param>
    /// <param name="rows">The rows of an image.</param>
    /// <param name="rowLength">The numbers of a row.</param>
    /// <param name="accumulate">Whether they are added.</param>
    [SkipLocalsInit]
    public static void Leave<TSimd, TVector>(
        float* plane, nint rowPitch, float* y, nint imageLength, int images, int rows, nint rowLength, bool accumulate)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        float* block = stackalloc float[MostWidth * MostWidth];
        float* turned = stackalloc float[MostWidth * MostWidth];
        nint width = TSimd.Width;
        for (int row = 0; row < rows; row++, y += rowLength, plane += rowPitch)
        {
            for (nint i = 0; i < rowLength; i += width)
            {
                nint count = nint.Min(width, rowLength - i);
                float* from = plane + (i * width);
                if (images == width && rowLength >= width && !accumulate)
                {
                    nint start = nint.Min(i, rowLength - width);
                    TSimd.Transpose(plane + (start * width), width, y + start, imageLength);
                    continue;
                }

                if (count < width)
                {
                    for (nint k = 0; k < width; k++)
                    {
                        TSimd.Store(block + (k * width), k < count ? TSimd.Load(from + (k * width)) : TSimd.Zero);
                    }

                    from = block;
                }

                TSimd.Transpose(from, width, turned, width);
                for (int image = 0; image < images; image++)
                {
                    Accumulation.PutPartial<TSimd, TVector>(
                        y + (image * imageLength) + i, TSimd.Load(turned + (image * width)), count, accumulate);
                }
            }
        }
    }

    /// <summary>The sums over the lanes of some vectors.</summary>
    public static void SumLanes<TSimd, TVector>(float* vectors, nint count, float* sums)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        nint width = TSimd.Width;
        nint i = 0;
        for (; i <= count - width; i += width)
        {
            TSimd.Store(sums + i, TSimd.SumEach(vectors + (i * width)));
        }

        for (; i < count; i++)
        {
            sums[i] = TSimd.Sum(TSimd.Load(vectors + (i * width)));
        }
    }
}
