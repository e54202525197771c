using Microsoft.ML.ConvNet.Kernels.Simd;

namespace Microsoft.ML.ConvNet.Kernels.Pooling;

/// <summary>An item: the averages of some channels of one output row.</summary>
internal unsafe struct AveragePoolingLoop : ISimdTask
{
    /// <summary>The geometry.</summary>
    public PoolingShape Shape;

    /// <summary>The input.</summary>
    public float* X;

    /// <summary>The output.</summary>
    public float* Y;

    /// <summary>The items of an output row.</summary>
    public int Parts;

    /// <summary>The channels of an item.</summary>
    public int PartChannels;

    /// <inheritdoc/>
    public readonly void Run<TSimd, TVector>(int item, void* scratch)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        nint channels = Shape.Channels;
        (int line, int part) = Math.DivRem(item, Parts);
        (int image, int outputRow) = Math.DivRem(line, Shape.OutputHeight);
        (int top, int bottom) = Shape.RowsOf(outputRow);
        nint rowLength = Shape.InputWidth * channels;
        nint start = (nint)part * PartChannels;
        nint count = nint.Min(PartChannels, channels - start);
        float* x = X + (image * Shape.InputLength) + (top * rowLength) + start;
        float* y = Y + (line * Shape.OutputWidth * channels) + start;
        for (int column = 0; column < Shape.OutputWidth; column++, y += channels)
        {
            (int left, int right) = Shape.ColumnsOf(column);
            Window<TSimd, TVector>(
                x + (left * channels),
                y,
                count,
                channels * Shape.DilationWidth,
                rowLength * Shape.DilationHeight,
                Shape.RowTaps(bottom - top),
                (right - left) * channels,
                Shape.DivisorOf(outputRow, column, bottom - top, right - left));
        }
    }

    private static void Window<TSimd, TVector>(
        float* x, float* y, nint count, nint columnStep, nint rowStep, int rows, nint width, float divisor)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        nint c = 0;
        for (; c <= count - TSimd.Width; c += TSimd.Width)
        {
            TVector total = TSimd.Zero;
            float* row = x + c;
            for (int h = rows; h > 0; h--, row += rowStep)
            {
                TVector sum = TSimd.Zero;
                for (float* p = row; p < row + width; p += columnStep)
                {
                    sum = TSimd.Add(sum, TSimd.Load(p));
                }

                total = TSimd.Add(total, sum);
            }

            TSimd.Store(y + c, TSimd.Divide(total, TSimd.Create(divisor)));
        }

        if (c < count)
        {
            nint rest = count - c;
            TVector total = TSimd.Zero;
            float* row = x + c;
            for (int h = rows; h > 0; h--, row += rowStep)
            {
                TVector sum = TSimd.Zero;
                for (float* p = row; p < row + width; p += columnStep)
                {
                    sum = TSimd.Add(sum, TSimd.LoadPartial(p, rest));
                }

                total = TSimd.Add(total, sum);
            }

            TSimd.StorePartial(y + c, TSimd.Divide(total, TSimd.Create(divisor)), rest);
        }
    }
}

/// <summary>
/// An item: the gradient of one input row, gathered for every pixel from the windows that hold it, so that no two items write to the same place.
/// </summary>
internal unsafe struct AveragePoolingGradientLoop : ISimdTask
{
    /// <summary>The geometry.</summary>
    public PoolingShape Shape;

    /// <summary>The gradient of the output.</summary>
    public float* Dy;

    /// <summary>The gradient of the input.</summary>
    public float* Dx;

    /// <summary>Whether the result is added to what is there.</summary>
    public bool Accumulate;

    /// <inheritdoc/>
    public readonly void Run<TSimd, TVector>(int item, void* scratch)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        nint channels = Shape.Channels;
        (int image, int inputRow) = Math.DivRem(item, Shape.InputHeight);
        (int top, int bottom) = Shape.OutputRowsOver(inputRow);
        float* dy = Dy + (image * Shape.OutputLength);
        float* dx = Dx + (item * Shape.InputWidth * channels);
        if (Shape.HasSeparateColumns && bottom - top <= 1)
        {
            RunSeparate<TSimd, TVector>(dy + (top * Shape.OutputWidth * channels), dx, top, bottom > top ? Shape.OutputWidth : 0);
            return;
        }

        int left = 0;
        int right = 0;
        for (int column = 0; column < Shape.InputWidth; column++, dx += channels)
        {
            Shape.AdvanceOutputColumns(column, ref left, ref right);
            Gather<TSimd, TVector>(dy, inputRow, column, top, bottom, left, right, dx);
        }
    }

    // At most one window holds a pixel: window by window.
    private readonly void RunSeparate<TSimd, TVector>(float* dy, float* dx, int outputRow, int windows)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        int channels = Shape.Channels;
        int done = 0;
        for (int window = 0; window < windows; window++, dy += channels)
        {
            (int left, int right) = Shape.ColumnsOf(window);
            if (!Accumulate)
            {
                new Span<float>(dx + ((nint)done * channels), (left - done) * channels).Clear();
            }

            Spread<TSimd, TVector>(dy, Shape.DivisorOf(outputRow, window), dx + ((nint)left * channels), channels, right - left, Accumulate);
            done = right;
        }

        if (!Accumulate)
        {
            new Span<float>(dx + ((nint)done * channels), (Shape.InputWidth - done) * channels).Clear();
        }
    }

    private static void Spread<TSimd, TVector>(float* dy, float divisor, float* dx, nint channels, int columns, bool accumulate)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector divisors = TSimd.Create(divisor);
        nint c = 0;
        for (; c <= channels - TSimd.Width; c += TSimd.Width)
        {
            TVector value = TSimd.Divide(TSimd.Load(dy + c), divisors);
            float* to = dx + c;
            for (int w = 0; w < columns; w++, to += channels)
            {
                Accumulation.Put<TSimd, TVector>(to, value, accumulate);
            }
        }

        if (c < channels)
        {
            TVector value = TSimd.Divide(TSimd.LoadPartial(dy + c, channels - c), divisors);
            float* to = dx + c;
            for (int w = 0; w < columns; w++, to += channels)
            {
                Accumulation.PutPartial<TSimd, TVector>(to, value, channels - c, accumulate);
            }
        }
    }

    // The sum over all windows that hold a pixel.
    private readonly void Gather<TSimd, TVector>(
        float* dy, int inputRow, int inputColumn, int top, int bottom, int left, int right, float* dx)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        nint channels = Shape.Channels;
        for (nint c = 0; c < channels; c += TSimd.Width)
        {
            nint count = nint.Min(TSimd.Width, channels - c);
            TVector sum = TSimd.Zero;
            for (int h = top; h < bottom; h++)
            {
                if (!Shape.IsRowTap(inputRow, h))
                {
                    continue;
                }

                float* source = dy + (((h * Shape.OutputWidth) + left) * channels) + c;
                for (int w = left; w < right; w++, source += channels)
                {
                    if (Shape.IsColumnTap(inputColumn, w))
                    {
                        TVector divisor = TSimd.Create(Shape.DivisorOf(h, w));
                        sum = TSimd.Add(sum, TSimd.Divide(TSimd.LoadPartial(source, count), divisor));
                    }
                }
            }

            Accumulation.PutPartial<TSimd, TVector>(dx + c, sum, count, Accumulate);
        }
    }
}
