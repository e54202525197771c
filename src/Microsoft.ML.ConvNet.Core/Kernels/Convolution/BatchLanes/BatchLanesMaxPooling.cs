using System.Runtime.CompilerServices;
using Microsoft.ML.ConvNet.Kernels.Pooling;
using Microsoft.ML.ConvNet.Kernels.Simd;

namespace Microsoft.ML.ConvNet.Kernels.Convolution.BatchLanes;

/// <summary>
/// Max pooling of a chunk: from the convolution's results [rows, W, channels][lane] of one part of the channels to the output, and back.
/// Of equal numbers the first wins, and NaN wins over all, as in <see cref="MaxPooling"/>. ReLU, which changes no winner, comes after it: a
/// window without a positive number has no winner then.
/// </summary>
internal unsafe struct BatchLanesMaxPooling
{
    private const int NoWinner = -1;

    /// <summary>The windows.</summary>
    public PoolingShape Windows;

    /// <summary>The rows.</summary>
    public BatchLanesChunk Chunk;

    /// <summary>The number of channels of the part.</summary>
    public int Channels;

    /// <summary>Whether ReLU is applied to the maxima.</summary>
    public bool Rectifies;

    /// <summary>The convolution's results, or their gradient.</summary>
    public float* Values;

    /// <summary>The output, or its gradient: its first row and first of the channels.</summary>
    public float* Output;

    /// <summary>Floats from a row of the output to the next.</summary>
    public nint RowPitch;

    /// <summary>Floats from a pixel of the output to the next.</summary>
    public nint PixelPitch;

    /// <summary>
    /// The place of each maximum in its window, counted in row-major order, pixel by pixel for these channels; null where not asked for.
    /// </summary>
    public float* Winners;

    // Windows of 2x2 side by side, all inside of the image.
    private readonly bool IsTwoByTwo =>
        Windows is { KernelHeight: 2, KernelWidth: 2, StrideHeight: 2, StrideWidth: 2, PaddingTop: 0, PaddingLeft: 0 }
        && 2 * Windows.OutputWidth <= Windows.InputWidth && 2 * Windows.OutputHeight <= Windows.InputHeight;

    /// <summary>Takes the maximum of each window.</summary>
    public readonly void Forward<TSimd, TVector>()
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        nint pixel = Channels * TSimd.Width;
        nint valuesRow = Windows.InputWidth * pixel;
        nint winnersRow = Windows.OutputWidth * pixel;
        float* y = Output;
        float* winners = Winners;
        bool isTwoByTwo = IsTwoByTwo;
        for (int row = Chunk.FirstOutput; row < Chunk.EndOutput; row++, y += RowPitch)
        {
            (int top, int bottom) = Windows.RowsOf(row);
            float* from = Values + ((top - Chunk.From) * valuesRow);
            for (nint c = 0; c < pixel; c += TSimd.Width)
            {
                float* places = winners == null ? null : winners + c;
                if (isTwoByTwo)
                {
                    TwoByTwoRow<TSimd, TVector>(from + c, pixel, valuesRow, y + c, places);
                }
                else
                {
                    Row<TSimd, TVector>(from + c, pixel, valuesRow, bottom - top, y + c, places);
                }
            }

            winners = winners == null ? null : winners + winnersRow;
        }
    }

    /// <summary>Gives the gradient of each window to its maximum, and zero to all others.</summary>
    /// <param name="biasGradient">The sums of the gradients that went to a channel, one vector each, are added here; or null.</param>
    public readonly void Backward<TSimd, TVector>(float* biasGradient)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        nint pixel = Channels * TSimd.Width;
        nint valuesRow = Windows.InputWidth * pixel;
        float* dy = Output;
        float* winners = Winners;
        nint winnersRow = Windows.OutputWidth * pixel;
        bool isTwoByTwo = IsTwoByTwo;
        BatchLanesAveragePooling.Clear(Windows, Chunk, pixel, Values);
        for (int row = Chunk.FirstOutput; row < Chunk.EndOutput; row++, dy += RowPitch, winners += winnersRow)
        {
            (int top, int bottom) = Windows.RowsOf(row);
            float* to = Values + ((top - Chunk.From) * valuesRow);
            for (nint c = 0; c < pixel; c += TSimd.Width)
            {
                TVector sum = isTwoByTwo
                    ? TwoByTwoRowBackward<TSimd, TVector>(dy + c, winners + c, to + c, pixel, valuesRow)
                    : RowBackward<TSimd, TVector>(dy + c, winners + c, to + c, pixel, valuesRow, bottom - top);
                if (biasGradient != null)
                {
                    TSimd.Store(biasGradient + c, TSimd.Add(TSimd.Load(biasGradient + c), sum));
                }
            }
        }
    }

    private readonly void TwoByTwoRow<TSimd, TVector>(float* values, nint pixel, nint valuesRow, float* y, float* places)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        nint next = 2 * pixel;
        nint pitch = PixelPitch;
        bool rectifies = Rectifies;
        TVector second = TSimd.CreateBits(1);
        TVector third = TSimd.CreateBits(2);
        TVector fourth = TSimd.CreateBits(3);
        for (int column = Windows.OutputWidth; column > 0; column--, values += next, y += pitch)
        {
            TVector best = TSimd.Load(values);
            TVector best2 = MaxPoolingLoop.Larger<TSimd, TVector>(TSimd.Load(values + pixel), best);
            TVector best3 = MaxPoolingLoop.Larger<TSimd, TVector>(TSimd.Load(values + valuesRow), best2);
            TVector best4 = MaxPoolingLoop.Larger<TSimd, TVector>(TSimd.Load(values + valuesRow + pixel), best3);
            TSimd.Store(y, rectifies ? TSimd.Max(TSimd.Zero, best4) : best4);
            if (places == null)
            {
                continue;
            }

            TVector place = TSimd.Select(TSimd.EqualBits(best2, best), TSimd.Zero, second);
            place = TSimd.Select(TSimd.EqualBits(best3, best2), place, third);
            place = TSimd.Select(TSimd.EqualBits(best4, best3), place, fourth);
            TSimd.Store(places, rectifies ? WithoutNegative<TSimd, TVector>(place, best4) : place);
            places += pixel;
        }
    }

    private readonly void Row<TSimd, TVector>(float* values, nint pixel, nint valuesRow, int rows, float* y, float* places)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        for (int column = 0; column < Windows.OutputWidth; column++, y += PixelPitch)
        {
            (int left, int right) = Windows.ColumnsOf(column);
            TVector best = TSimd.Create(float.NegativeInfinity);
            TVector place = TSimd.Zero;
            float* line = values + (left * pixel);
            int here = 0;
            for (int h = rows; h > 0; h--, line += valuesRow)
            {
                float* at = line;
                for (int w = right - left; w > 0; w--, at += pixel, here++)
                {
                    TVector larger = MaxPoolingLoop.Larger<TSimd, TVector>(TSimd.Load(at), best);
                    place = TSimd.Select(TSimd.EqualBits(larger, best), place, TSimd.CreateBits(here));
                    best = larger;
                }
            }

            TSimd.Store(y, Rectifies ? TSimd.Max(TSimd.Zero, best) : best);
            if (places != null)
            {
                TSimd.Store(places, Rectifies ? WithoutNegative<TSimd, TVector>(place, best) : place);
                places += pixel;
            }
        }
    }

    private readonly TVector TwoByTwoRowBackward<TSimd, TVector>(
        float* dy, float* winners, float* values, nint pixel, nint valuesRow)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        nint next = 2 * pixel;
        nint pitch = PixelPitch;
        TVector first = TSimd.CreateBits(0);
        TVector second = TSimd.CreateBits(1);
        TVector third = TSimd.CreateBits(2);
        TVector fourth = TSimd.CreateBits(3);
        TVector none = TSimd.CreateBits(NoWinner);
        TVector sum = TSimd.Zero;
        for (int column = Windows.OutputWidth; column > 0; column--, dy += pitch, winners += pixel, values += next)
        {
            TVector gradient = TSimd.Load(dy);
            TVector winner = TSimd.Load(winners);
            float* below = values + valuesRow;
            TSimd.Store(values, TSimd.Select(TSimd.EqualBits(winner, first), gradient, TSimd.Zero));
            TSimd.Store(values + pixel, TSimd.Select(TSimd.EqualBits(winner, second), gradient, TSimd.Zero));
            TSimd.Store(below, TSimd.Select(TSimd.EqualBits(winner, third), gradient, TSimd.Zero));
            TSimd.Store(below + pixel, TSimd.Select(TSimd.EqualBits(winner, fourth), gradient, TSimd.Zero));
            sum = TSimd.Add(sum, TSimd.Select(TSimd.EqualBits(winner, none), TSimd.Zero, gradient));
        }

        return sum;
    }

    private readonly TVector RowBackward<TSimd, TVector>(
        float* dy, float* winners, float* values, nint pixel, nint valuesRow, int rows)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector none = TSimd.CreateBits(NoWinner);
        TVector sum = TSimd.Zero;
        for (int column = 0; column < Windows.OutputWidth; column++, dy += PixelPitch, winners += pixel)
        {
            (int left, int right) = Windows.ColumnsOf(column);
            TVector gradient = TSimd.Load(dy);
            TVector winner = TSimd.Load(winners);
            float* line = values + (left * pixel);
            int place = 0;
            for (int h = rows; h > 0; h--, line += valuesRow)
            {
                float* at = line;
                for (int w = right - left; w > 0; w--, at += pixel, place++)
                {
                    TSimd.Store(at, TSimd.Select(TSimd.EqualBits(winner, TSimd.CreateBits(place)), gradient, TSimd.Zero));
                }
            }

            sum = TSimd.Add(sum, TSimd.Select(TSimd.EqualBits(winner, none), TSimd.Zero, gradient));
        }

        return sum;
    }

    // A maximum that is not a number keeps its winner: the derivative of ReLU is 1 there.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector WithoutNegative<TSimd, TVector>(TVector place, TVector best)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct =>
        TSimd.Select(TSimd.LessThanOrEqual(best, TSimd.Zero), TSimd.CreateBits(NoWinner), place);
}
