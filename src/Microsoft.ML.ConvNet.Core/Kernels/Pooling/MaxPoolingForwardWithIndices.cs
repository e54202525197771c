using System.Runtime.CompilerServices;
using Microsoft.ML.ConvNet.Kernels.Simd;

namespace Microsoft.ML.ConvNet.Kernels.Pooling;

/// <summary>An item: the maxima of one output row and their positions.</summary>
internal unsafe struct MaxPoolingIndexLoop : ISimdTask
{
    private const int NoPosition = -1;

    /// <summary>The geometry.</summary>
    public PoolingShape Shape;

    /// <summary>The input.</summary>
    public float* X;

    /// <summary>The output.</summary>
    public float* Y;

    /// <summary>The positions, 32-bit integers.</summary>
    public float* Indices;

    /// <summary>Whether ReLU follows.</summary>
    public bool Rectifies;

    /// <inheritdoc/>
    public readonly void Run<TSimd, TVector>(int item, void* scratch)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        nint channels = Shape.Channels;
        int inputWidth = Shape.InputWidth;
        (int image, int outputRow) = Math.DivRem(item, Shape.OutputHeight);
        (int top, int bottom) = Shape.RowsOf(outputRow);
        bool isDilated = Shape.IsDilated;
        float* x = X + (image * Shape.InputLength) + (top * inputWidth * channels);
        nint output = item * Shape.OutputWidth * channels;
        for (int column = 0; column < Shape.OutputWidth; column++, output += channels)
        {
            (int left, int right) = Shape.ColumnsOf(column);
            if (bottom - top == 2 && right - left == 2 && channels >= TSimd.Width && !isDilated)
            {
                TwoByTwo<TSimd, TVector>(
                    x + (left * channels), Y + output, Indices + output, channels, inputWidth, (top * inputWidth) + left);
                continue;
            }

            Window<TSimd, TVector>(
                x + (left * channels),
                Y + output,
                Indices + output,
                channels,
                Shape.RowTaps(bottom - top),
                Shape.ColumnTaps(right - left),
                (top * inputWidth) + left);
        }
    }

    // The last vector of channels may begin in the one before.
    private readonly void TwoByTwo<TSimd, TVector>(
        float* x, float* y, float* indices, nint channels, nint inputWidth, int first)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector index0 = TSimd.CreateBits(first);
        TVector index1 = TSimd.CreateBits(first + 1);
        TVector index2 = TSimd.CreateBits(first + (int)inputWidth);
        TVector index3 = TSimd.CreateBits(first + (int)inputWidth + 1);
        nint rowLength = inputWidth * channels;
        nint last = channels - TSimd.Width;
        for (nint c = 0; c < channels; c += TSimd.Width)
        {
            nint at = nint.Min(c, last);
            float* p = x + at;
            TVector best0 = TSimd.Load(p);
            TVector best1 = Larger<TSimd, TVector>(TSimd.Load(p + channels), best0);
            TVector best2 = Larger<TSimd, TVector>(TSimd.Load(p + rowLength), best1);
            TVector best3 = Larger<TSimd, TVector>(TSimd.Load(p + rowLength + channels), best2);
            TVector index = TSimd.Select(TSimd.EqualBits(best1, best0), index0, index1);
            index = TSimd.Select(TSimd.EqualBits(best2, best1), index, index2);
            index = TSimd.Select(TSimd.EqualBits(best3, best2), index, index3);
            Rectify<TSimd, TVector>(ref best3, ref index);
            TSimd.Store(y + at, best3);
            TSimd.Store(indices + at, index);
        }
    }

    private readonly void Window<TSimd, TVector>(
        float* x, float* y, float* indices, nint channels, int rows, int columns, int first)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        int rowStep = Shape.InputWidth * Shape.DilationHeight;
        int columnStep = Shape.DilationWidth;
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
            for (int h = rows; h > 0; h--, row += rowStep * channels, position += rowStep)
            {
                float* p = row;
                int here = position;
                for (int w = 0; w < columns; w++, p += columnStep * channels, here += columnStep)
                {
                    TVector index = TSimd.CreateBits(here);
                    TVector larger0 = Larger<TSimd, TVector>(TSimd.Load(p), best0);
                    TVector larger1 = Larger<TSimd, TVector>(TSimd.Load(p + TSimd.Width), best1);
                    index0 = TSimd.Select(TSimd.EqualBits(larger0, best0), index0, index);
                    index1 = TSimd.Select(TSimd.EqualBits(larger1, best1), index1, index);
                    best0 = larger0;
                    best1 = larger1;
                }
            }

            Rectify<TSimd, TVector>(ref best0, ref index0);
            Rectify<TSimd, TVector>(ref best1, ref index1);
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
            for (int h = rows; h > 0; h--, row += rowStep * channels, position += rowStep)
            {
                float* p = row;
                int here = position;
                for (int w = 0; w < columns; w++, p += columnStep * channels, here += columnStep)
                {
                    TVector larger = Larger<TSimd, TVector>(TSimd.LoadPartial(p, count), best);
                    index = TSimd.Select(TSimd.EqualBits(larger, best), index, TSimd.CreateBits(here));
                    best = larger;
                }
            }

            Rectify<TSimd, TVector>(ref best, ref index);
            TSimd.StorePartial(y + c, best, count);
            TSimd.StorePartial(indices + c, index, count);
        }
    }

    // A maximum that is not a number keeps its position: the derivative of ReLU is 1 there.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly void Rectify<TSimd, TVector>(ref TVector best, ref TVector index)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        if (Rectifies)
        {
            index = TSimd.Select(TSimd.LessThanOrEqual(best, TSimd.Zero), TSimd.CreateBits(NoPosition), index);
            best = TSimd.Max(TSimd.Zero, best);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Larger<TSimd, TVector>(TVector candidate, TVector best)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct => MaxPoolingLoop.Larger<TSimd, TVector>(candidate, best);
}
