using Microsoft.ML.ConvNet.Kernels.Simd;

namespace Microsoft.ML.ConvNet.Kernels.Pooling;

/// <summary>
/// An item: the gradient of one input row, gathered for every pixel from the windows that hold it, so that no two items write to the same place.
/// </summary>
internal unsafe struct MaxPoolingGradientLoop : ISimdTask
{
    /// <summary>The geometry.</summary>
    public PoolingShape Shape;

    /// <summary>The gradient of the output.</summary>
    public float* Dy;

    /// <summary>The positions of the maxima, 32-bit integers.</summary>
    public float* Indices;

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
        nint output = (image * Shape.OutputLength) + (top * Shape.OutputWidth * channels);
        float* dx = Dx + (item * Shape.InputWidth * channels);
        int position = inputRow * Shape.InputWidth;
        if (Shape.HasSeparateColumns && bottom - top <= 1)
        {
            RunSeparate<TSimd, TVector>(Dy + output, Indices + output, dx, position, bottom > top ? Shape.OutputWidth : 0);
            return;
        }

        int left = 0;
        int right = 0;
        for (int column = 0; column < Shape.InputWidth; column++, dx += channels, position++)
        {
            Shape.AdvanceOutputColumns(column, ref left, ref right);
            nint offset = output + (left * channels);
            Gather<TSimd, TVector>(
                Dy + offset,
                Indices + offset,
                dx,
                channels,
                Shape.OutputWidth * channels,
                bottom - top,
                (right - left) * channels,
                position,
                Accumulate);
        }
    }

    // At most one window holds a pixel: window by window.
    private readonly void RunSeparate<TSimd, TVector>(float* dy, float* indices, float* dx, int position, int windows)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        int channels = Shape.Channels;
        int done = 0;
        for (int window = 0; window < windows; window++, dy += channels, indices += channels)
        {
            (int left, int right) = Shape.ColumnsOf(window);
            if (!Accumulate && done < left)
            {
                new Span<float>(dx + ((nint)done * channels), (left - done) * channels).Clear();
            }

            float* to = dx + ((nint)left * channels);
            if (right - left == 2 && channels >= TSimd.Width && !Accumulate)
            {
                SpreadToTwo<TSimd, TVector>(dy, indices, to, channels, position + left);
            }
            else
            {
                Spread<TSimd, TVector>(dy, indices, to, channels, right - left, position + left, Accumulate);
            }

            done = right;
        }

        if (!Accumulate)
        {
            new Span<float>(dx + ((nint)done * channels), (Shape.InputWidth - done) * channels).Clear();
        }
    }

    // The last vector of channels may begin in the one before.
    private static void SpreadToTwo<TSimd, TVector>(float* dy, float* indices, float* dx, nint channels, int position)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector first = TSimd.CreateBits(position);
        TVector second = TSimd.CreateBits(position + 1);
        nint last = channels - TSimd.Width;
        for (nint c = 0; c < channels; c += TSimd.Width)
        {
            nint at = nint.Min(c, last);
            TVector index = TSimd.Load(indices + at);
            TVector gradient = TSimd.Load(dy + at);
            TSimd.Store(dx + at, TSimd.Select(TSimd.EqualBits(index, first), gradient, TSimd.Zero));
            TSimd.Store(dx + at + channels, TSimd.Select(TSimd.EqualBits(index, second), gradient, TSimd.Zero));
        }
    }

    private static void Spread<TSimd, TVector>(
        float* dy, float* indices, float* dx, nint channels, int columns, int position, bool accumulate)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        nint c = 0;
        for (; c <= channels - TSimd.Width; c += TSimd.Width)
        {
            TVector index = TSimd.Load(indices + c);
            TVector gradient = TSimd.Load(dy + c);
            float* to = dx + c;
            for (int w = 0; w < columns; w++, to += channels)
            {
                TVector won = TSimd.EqualBits(index, TSimd.CreateBits(position + w));
                Accumulation.Put<TSimd, TVector>(to, TSimd.Select(won, gradient, TSimd.Zero), accumulate);
            }
        }

        if (c < channels)
        {
            nint rest = channels - c;
            TVector index = TSimd.LoadPartial(indices + c, rest);
            TVector gradient = TSimd.LoadPartial(dy + c, rest);
            float* to = dx + c;
            for (int w = 0; w < columns; w++, to += channels)
            {
                TVector won = TSimd.EqualBits(index, TSimd.CreateBits(position + w));
                Accumulation.PutPartial<TSimd, TVector>(to, TSimd.Select(won, gradient, TSimd.Zero), rest, accumulate);
            }
        }
    }

    // The sum over all windows that hold a pixel.
    private static void Gather<TSimd, TVector>(
        float* dy, float* indices, float* dx, nint channels, nint rowLength, int rows, nint width, int position, bool accumulate)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector here = TSimd.CreateBits(position);
        nint c = 0;
        for (; c <= channels - (2 * TSimd.Width); c += 2 * TSimd.Width)
        {
            TVector sum0 = TSimd.Zero;
            TVector sum1 = TSimd.Zero;
            nint row = c;
            for (int h = rows; h > 0; h--, row += rowLength)
            {
                for (nint i = row; i < row + width; i += channels)
                {
                    TVector won0 = TSimd.EqualBits(TSimd.Load(indices + i), here);
                    TVector won1 = TSimd.EqualBits(TSimd.Load(indices + i + TSimd.Width), here);
                    sum0 = TSimd.Add(sum0, TSimd.Select(won0, TSimd.Load(dy + i), TSimd.Zero));
                    sum1 = TSimd.Add(sum1, TSimd.Select(won1, TSimd.Load(dy + i + TSimd.Width), TSimd.Zero));
                }
            }

            Accumulation.Put<TSimd, TVector>(dx + c, sum0, accumulate);
            Accumulation.Put<TSimd, TVector>(dx + c + TSimd.Width, sum1, accumulate);
        }

        for (; c < channels; c += TSimd.Width)
        {
            nint count = nint.Min(TSimd.Width, channels - c);
            TVector sum = TSimd.Zero;
            nint row = c;
            for (int h = rows; h > 0; h--, row += rowLength)
            {
                for (nint i = row; i < row + width; i += channels)
                {
                    TVector won = TSimd.EqualBits(TSimd.LoadPartial(indices + i, count), here);
                    sum = TSimd.Add(sum, TSimd.Select(won, TSimd.LoadPartial(dy + i, count), TSimd.Zero));
                }
            }

            Accumulation.PutPartial<TSimd, TVector>(dx + c, sum, count, accumulate);
        }
    }
}
