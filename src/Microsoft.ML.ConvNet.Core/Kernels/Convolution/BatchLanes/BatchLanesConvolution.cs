using Microsoft.ML.ConvNet.Kernels.Simd;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Kernels.Convolution.BatchLanes;

/// <summary>Rows of a convolution over planes [H, W, C][lane], forward or of turned weights, and of its weight gradient.</summary>
internal static unsafe class BatchLanesConvolution
{
    /// <summary>Computes rows of the output for some output channels.</summary>
    /// <param name="s">The convolution.</param>
    /// <param name="x">The input, from its border on.</param>
    /// <param name="weights">The weights of the first of the channels.</param>
    /// <param name="bias">Its bias, or null.</param>
    /// <param name="rectifies">Whether ReLU is applied.</param>
    /// <param name="from">The first row.</param>
    /// <param name="to">The row behind the last.</param>
    /// <param name="channels">The number of channels.</param>
    /// <param name="y">The result of the first row, pixel and channel.</param>
    /// <param name="rowPitch">Floats from a row of results to the next.</param>
    /// <param name="pixelPitch">Floats from a pixel's results to the next one's.</param>
    public static void Forward<TSimd, TVector>(
        in BatchLanesShape s,
        float* x,
        float* weights,
        float* bias,
        bool rectifies,
        int from,
        int to,
        int channels,
        float* y,
        nint rowPitch,
        nint pixelPitch)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        nint width = TSimd.Width;
        nint inputChannels = s.InputChannels;
        nint tapRow = s.KernelWidth * inputChannels;
        nint inputPitch = s.RowPitch;
        EvenParts pieces = new(s.OutputWidth, BatchLanesTiles.Pixels);
        BatchLanesTile tile = new()
        {
            PixelStride = inputChannels * width,
            WeightPitch = s.OutputChannels,
            Bias = bias,
            Rectifies = rectifies,
            ResultPitch = pixelPitch,
        };
        for (int row = from; row < to; row++, y += rowPitch)
        {
            int firstTapRow = Math.Max(0, s.PaddingTop - row);
            int endTapRow = Math.Min(s.KernelHeight, s.InputHeight + s.PaddingTop - row);
            tile.TapRows = Math.Max(0, endTapRow - firstTapRow);
            for (int piece = 0; piece < pieces.Count; piece++)
            {
                int first = pieces.Start(piece);
                int end = first + pieces.Length(piece);

                // The taps that any of the pixels has inside of the image; the border has zeros for the others.
                int firstTap = Math.Max(0, s.PaddingLeft - end + 1);
                int endTap = Math.Min(s.KernelWidth, s.InputWidth + s.PaddingLeft - first);
                nint skip = (firstTapRow * tapRow) + (firstTap * inputChannels);
                tile.X = x + ((((row + firstTapRow - s.PaddingTop) * inputPitch) + ((first + firstTap) * inputChannels)) * width);
                tile.Run = (endTap - firstTap) * inputChannels;
                tile.RowSkip = (inputPitch - tile.Run) * width;
                tile.Weights = weights + (skip * s.OutputChannels);
                tile.WeightRowSkip = (tapRow - tile.Run) * s.OutputChannels;
                tile.Y = y + (first * pixelPitch);
                BatchLanesTiles.Run<TSimd, TVector>(&tile, end - first, channels);
            }
        }
    }

    /// <summary>Adds some rows of the output gradient to the weight gradient of some output channels, lane by lane.</summary>
    /// <param name="s">The convolution.</param>
    /// <param name="x">The input, from its border on.</param>
    /// <param name="gradient">The rows of the output gradient, of these channels only.</param>
    /// <param name="from">The first row.</param>
    /// <param name="to">The row behind the last.</param>
    /// <param name="channels">The number of channels.</param>
    /// <param name="sums">The weight gradient [KH, KW, C, K][lane] at the first of the channels.</param>
    /// <param name="begins">
    /// Whether all rows before the first were added before; a sum to which none of them contributed then starts here, whatever is there.
    /// Else all sums go on from what is there.
    /// </param>
    public static void AddWeightGradient<TSimd, TVector>(
        in BatchLanesShape s, float* x, float* gradient, int from, int to, int channels, float* sums, bool begins)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        nint width = TSimd.Width;
        int tapRow = s.KernelWidth * s.InputChannels;
        nint inputPitch = s.RowPitch;
        nint sumPitch = s.OutputChannels * width;
        EvenParts pieces = new(tapRow, BatchLanesTiles.Pixels);
        BatchLanesOuterTile tile = new()
        {
            PixelStride = s.InputChannels * width,
            RowSkip = (inputPitch - ((nint)s.OutputWidth * s.InputChannels)) * width,
            Columns = s.OutputWidth,
            SumPitch = sumPitch,
        };

        // Rows of taps innermost: the next one reads all but one of the rows that the last one left in the first-level cache.
        for (int piece = 0; piece < pieces.Count; piece++)
        {
            int input = pieces.Start(piece);
            int inputs = pieces.Length(piece);
            for (int row = 0; row < s.KernelHeight; row++)
            {
                int lowest = Math.Max(0, s.PaddingTop - row);
                int first = Math.Max(from, lowest);
                int end = Math.Min(to, s.InputHeight + s.PaddingTop - row);
                tile.Continues = !begins || lowest < Math.Min(from, end);
                if (first >= end)
                {
                    continue;
                }

                tile.Rows = end - first;
                tile.Gradient = gradient + ((first - from) * (nint)s.OutputWidth * channels * width);
                tile.X = x + ((((first + row - s.PaddingTop) * inputPitch) + input) * width);
                tile.Sums = sums + (((row * tapRow) + input) * sumPitch);
                BatchLanesTiles.Run<TSimd, TVector>(&tile, inputs, channels);
            }
        }
    }

    /// <summary>Whether every weight meets the input in the first rows of the output.</summary>
    public static bool EveryTapRowMeets(in BatchLanesShape s, int rows)
    {
        for (int row = 0; row < s.KernelHeight; row++)
        {
            if (Math.Max(0, s.PaddingTop - row) >= Math.Min(rows, s.InputHeight + s.PaddingTop - row))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Adds vectors, pixel by pixel one for each channel, to a sum for each channel.</summary>
    public static void AddBiasGradient<TSimd, TVector>(float* gradient, nint pixels, nint pixelPitch, int channels, float* sums)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        nint width = TSimd.Width;
        for (int channel = 0; channel < channels; channel++, gradient += width, sums += width)
        {
            TVector sum0 = TSimd.Load(sums);
            TVector sum1 = TSimd.Zero;
            TVector sum2 = TSimd.Zero;
            TVector sum3 = TSimd.Zero;
            float* at = gradient;
            nint pixel = pixels;
            for (; pixel >= 4; pixel -= 4, at += 4 * pixelPitch)
            {
                sum0 = TSimd.Add(sum0, TSimd.Load(at));
                sum1 = TSimd.Add(sum1, TSimd.Load(at + pixelPitch));
                sum2 = TSimd.Add(sum2, TSimd.Load(at + (2 * pixelPitch)));
                sum3 = TSimd.Add(sum3, TSimd.Load(at + (3 * pixelPitch)));
            }

            for (; pixel > 0; pixel--, at += pixelPitch)
            {
                sum0 = TSimd.Add(sum0, TSimd.Load(at));
            }

            TSimd.Store(sums, TSimd.Add(TSimd.Add(sum0, sum1), TSimd.Add(sum2, sum3)));
        }
    }

    /// <summary>Turns weights [KH, KW, C, K] by 180 degrees, to [KH, KW, K, C].</summary>
    public static void Turn(in BatchLanesShape s, float* weights, float* turned)
    {
        nint inputs = s.InputChannels;
        nint outputs = s.OutputChannels;
        int taps = s.KernelHeight * s.KernelWidth;
        for (int tap = 0; tap < taps; tap++)
        {
            float* from = weights + (tap * inputs * outputs);
            float* to = turned + ((taps - 1 - tap) * inputs * outputs);
            for (nint k = 0; k < outputs; k++, from++)
            {
                for (nint c = 0; c < inputs; c++)
                {
                    *to++ = from[c * outputs];
                }
            }
        }
    }
}
