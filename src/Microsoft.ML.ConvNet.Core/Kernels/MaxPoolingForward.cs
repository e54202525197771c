using System.Runtime.CompilerServices;
using Microsoft.ML.ConvNet.Kernels.Simd;

namespace Microsoft.ML.ConvNet.Kernels;

/// <summary>An item: the maxima of one output row.</summary>
internal unsafe struct MaxPoolingLoop : ISimdLoop
{
    /// <summary>The geometry.</summary>
    public PoolingShape Shape;

    /// <summary>The input.</summary>
    public float* X;

    /// <summary>The output.</summary>
    public float* Y;

    /// <inheritdoc/>
    public readonly void Run<TSimd, TVector>(int item)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        nint channels = Shape.Channels;
        nint rowLength = Shape.InputWidth * channels;
        (int image, int outputRow) = Math.DivRem(item, Shape.OutputHeight);
        (int top, int bottom) = Shape.RowsOf(outputRow);
        float* x = X + (image * Shape.InputLength) + (top * rowLength);
        float* y = Y + (item * Shape.OutputWidth * channels);
        for (int column = 0; column < Shape.OutputWidth; column++, y += channels)
        {
            (int left, int right) = Shape.ColumnsOf(column);
            Window<TSimd, TVector>(x + (left * channels), y, channels, rowLength, bottom - top, (right - left) * channels);
        }
    }

    /// <summary><c>candidate > best ? candidate : best</c>, where NaN wins and stays.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TVector Larger<TSimd, TVector>(TVector candidate, TVector best)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct =>
        TSimd.Select(TSimd.IsNaN(candidate), candidate, TSimd.Max(candidate, best));

    private static void Window<TSimd, TVector>(float* x, float* y, nint channels, nint rowLength, int rows, nint width)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector lowest = TSimd.Create(float.NegativeInfinity);
        nint c = 0;
        for (; c <= channels - (4 * TSimd.Width); c += 4 * TSimd.Width)
        {
            TVector best0 = lowest;
            TVector best1 = lowest;
            TVector best2 = lowest;
            TVector best3 = lowest;
            float* row = x + c;
            for (int h = rows; h > 0; h--, row += rowLength)
            {
                for (float* p = row; p < row + width; p += channels)
                {
                    best0 = Larger<TSimd, TVector>(TSimd.Load(p), best0);
                    best1 = Larger<TSimd, TVector>(TSimd.Load(p + TSimd.Width), best1);
                    best2 = Larger<TSimd, TVector>(TSimd.Load(p + (2 * TSimd.Width)), best2);
                    best3 = Larger<TSimd, TVector>(TSimd.Load(p + (3 * TSimd.Width)), best3);
                }
            }

            TSimd.Store(y + c, best0);
            TSimd.Store(y + c + TSimd.Width, best1);
            TSimd.Store(y + c + (2 * TSimd.Width), best2);
            TSimd.Store(y + c + (3 * TSimd.Width), best3);
        }

        for (; c <= channels - TSimd.Width; c += TSimd.Width)
        {
            TVector best = lowest;
            float* row = x + c;
            for (int h = rows; h > 0; h--, row += rowLength)
            {
                for (float* p = row; p < row + width; p += channels)
                {
                    best = Larger<TSimd, TVector>(TSimd.Load(p), best);
                }
            }

            TSimd.Store(y + c, best);
        }

        if (c < channels)
        {
            nint rest = channels - c;
            TVector best = lowest;
            float* row = x + c;
            for (int h = rows; h > 0; h--, row += rowLength)
            {
                for (float* p = row; p < row + width; p += channels)
                {
                    best = Larger<TSimd, TVector>(TSimd.LoadPartial(p, rest), best);
                }
            }

            TSimd.StorePartial(y + c, best, rest);
        }
    }
}

/// <summary>An item: the maxima of one output row and their positions.</summary>
internal unsafe struct MaxPoolingIndexLoop : ISimdLoop
{
    /// <summary>The geometry.</summary>
    public PoolingShape Shape;

    /// <summary>The input.</summary>
    public float* X;

    /// <summary>The output.</summary>
    public float* Y;

    /// <summary>The positions, 32-bit integers.</summary>
    public float* Indices;

    /// <inheritdoc/>
    public readonly void Run<TSimd, TVector>(int item)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        nint channels = Shape.Channels;
        int inputWidth = Shape.InputWidth;
        (int image, int outputRow) = Math.DivRem(item, Shape.OutputHeight);
        (int top, int bottom) = Shape.RowsOf(outputRow);
        float* x = X + (image * Shape.InputLength) + (top * inputWidth * channels);
        nint output = item * Shape.OutputWidth * channels;
        for (int column = 0; column < Shape.OutputWidth; column++, output += channels)
        {
            (int left, int right) = Shape.ColumnsOf(column);
            Window<TSimd, TVector>(
                x + (left * channels), Y + output, Indices + output, channels, inputWidth, bottom - top, right - left, (top * inputWidth) + left);
        }
    }

    private static void Window<TSimd, TVector>(
        float* x, float* y, float* indices, nint channels, int inputWidth, int rows, int columns, int first)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector lowest = TSimd.Create(float.NegativeInfinity);
        TVector start = TSimd.CreateBits(first);
        nint c = 0;
        for (; c <= channels - (2 * TSimd.Width); c += 2 * TSimd.Width)
        {
            TVector best0 = lowest;
            TVector best1 = lowest;
            TVector index0 = start;
            TVector index1 = start;
            int position = first;
            float* row = x + c;
            for (int h = rows; h > 0; h--, row += inputWidth * channels, position += inputWidth)
            {
                float* p = row;
                for (int w = 0; w < columns; w++, p += channels)
                {
                    TVector here = TSimd.CreateBits(position + w);
                    TVector larger0 = Larger<TSimd, TVector>(TSimd.Load(p), best0);
                    TVector larger1 = Larger<TSimd, TVector>(TSimd.Load(p + TSimd.Width), best1);
                    index0 = TSimd.Select(TSimd.EqualBits(larger0, best0), index0, here);
                    index1 = TSimd.Select(TSimd.EqualBits(larger1, best1), index1, here);
                    best0 = larger0;
                    best1 = larger1;
                }
            }

            TSimd.Store(y + c, best0);
            TSimd.Store(y + c + TSimd.Width, best1);
            TSimd.Store(indices + c, index0);
            TSimd.Store(indices + c + TSimd.Width, index1);
        }

        for (; c < channels; c += TSimd.Width)
        {
            nint count = nint.Min(TSimd.Width, channels - c);
            TVector best = lowest;
            TVector index = start;
            int position = first;
            float* row = x + c;
            for (int h = rows; h > 0; h--, row += inputWidth * channels, position += inputWidth)
            {
                float* p = row;
                for (int w = 0; w < columns; w++, p += channels)
                {
                    TVector larger = Larger<TSimd, TVector>(TSimd.LoadPartial(p, count), best);
                    index = TSimd.Select(TSimd.EqualBits(larger, best), index, TSimd.CreateBits(position + w));
                    best = larger;
                }
            }

            TSimd.StorePartial(y + c, best, count);
            TSimd.StorePartial(indices + c, index, count);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Larger<TSimd, TVector>(TVector candidate, TVector best)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct => MaxPoolingLoop.Larger<TSimd, TVector>(candidate, best);
}
