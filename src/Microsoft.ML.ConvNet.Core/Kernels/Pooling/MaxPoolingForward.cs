using System.Runtime.CompilerServices;
using Microsoft.ML.ConvNet.Kernels.Simd;

namespace Microsoft.ML.ConvNet.Kernels.Pooling;

/// <summary>An item: the maxima of one output row.</summary>
internal unsafe struct MaxPoolingLoop : ISimdTask
{
    /// <summary>The geometry.</summary>
    public PoolingShape Shape;

    /// <summary>The input.</summary>
    public float* X;

    /// <summary>The output.</summary>
    public float* Y;

    /// <summary>Whether ReLU follows.</summary>
    public bool Rectifies;

    /// <inheritdoc/>
    public readonly void Run<TSimd, TVector>(int item, void* scratch)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        nint channels = Shape.Channels;
        nint rowLength = Shape.InputWidth * channels;
        (int image, int outputRow) = Math.DivRem(item, Shape.OutputHeight);
        (int top, int bottom) = Shape.RowsOf(outputRow);
        bool isDilated = Shape.IsDilated;
        float* x = X + (image * Shape.InputLength) + (top * rowLength);
        float* y = Y + (item * Shape.OutputWidth * channels);
        for (int column = 0; column < Shape.OutputWidth; column++, y += channels)
        {
            (int left, int right) = Shape.ColumnsOf(column);
            if (bottom - top == 2 && right - left == 2 && channels >= TSimd.Width && !isDilated)
            {
                TwoByTwo<TSimd, TVector>(x + (left * channels), y, channels, rowLength);
                continue;
            }

            Window<TSimd, TVector>(
                x + (left * channels),
                y,
                channels,
                rowLength * Shape.DilationHeight,
                Shape.RowTaps(bottom - top),
                channels * Shape.DilationWidth,
                (right - left) * channels);
        }
    }

    /// <summary><c>candidate > best ? candidate : best</c>, where NaN wins and stays.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TVector Larger<TSimd, TVector>(TVector candidate, TVector best)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct =>
        TSimd.Select(TSimd.IsNaN(candidate), candidate, TSimd.Max(candidate, best));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly TVector Rectified<TSimd, TVector>(TVector best)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct => Rectifies ? TSimd.Max(TSimd.Zero, best) : best;

    // The last vector of channels may begin in the one before.
    private readonly void TwoByTwo<TSimd, TVector>(float* x, float* y, nint channels, nint rowLength)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        nint last = channels - TSimd.Width;
        for (nint c = 0; c < channels; c += TSimd.Width)
        {
            nint at = nint.Min(c, last);
            float* p = x + at;
            TVector best = Larger<TSimd, TVector>(TSimd.Load(p + channels), TSimd.Load(p));
            best = Larger<TSimd, TVector>(TSimd.Load(p + rowLength), best);
            best = Larger<TSimd, TVector>(TSimd.Load(p + rowLength + channels), best);
            TSimd.Store(y + at, Rectified<TSimd, TVector>(best));
        }
    }

    private readonly void Window<TSimd, TVector>(
        float* x, float* y, nint channels, nint rowStep, int rows, nint columnStep, nint width)
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
            for (int h = rows; h > 0; h--, row += rowStep)
            {
                for (float* p = row; p < row + width; p += columnStep)
                {
                    best0 = Larger<TSimd, TVector>(TSimd.Load(p), best0);
                    best1 = Larger<TSimd, TVector>(TSimd.Load(p + TSimd.Width), best1);
                    best2 = Larger<TSimd, TVector>(TSimd.Load(p + (2 * TSimd.Width)), best2);
                    best3 = Larger<TSimd, TVector>(TSimd.Load(p + (3 * TSimd.Width)), best3);
                }
            }

            TSimd.Store(y + c, Rectified<TSimd, TVector>(best0));
            TSimd.Store(y + c + TSimd.Width, Rectified<TSimd, TVector>(best1));
            TSimd.Store(y + c + (2 * TSimd.Width), Rectified<TSimd, TVector>(best2));
            TSimd.Store(y + c + (3 * TSimd.Width), Rectified<TSimd, TVector>(best3));
        }

        for (; c <= channels - TSimd.Width; c += TSimd.Width)
        {
            TVector best = lowest;
            float* row = x + c;
            for (int h = rows; h > 0; h--, row += rowStep)
            {
                for (float* p = row; p < row + width; p += columnStep)
                {
                    best = Larger<TSimd, TVector>(TSimd.Load(p), best);
                }
            }

            TSimd.Store(y + c, Rectified<TSimd, TVector>(best));
        }

        if (c < channels)
        {
            nint rest = channels - c;
            TVector best = lowest;
            float* row = x + c;
            for (int h = rows; h > 0; h--, row += rowStep)
            {
                for (float* p = row; p < row + width; p += columnStep)
                {
                    best = Larger<TSimd, TVector>(TSimd.LoadPartial(p, rest), best);
                }
            }

            TSimd.StorePartial(y + c, Rectified<TSimd, TVector>(best), rest);
        }
    }
}
