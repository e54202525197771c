using Microsoft.ML.ConvNet.Kernels.Simd;

namespace Microsoft.ML.ConvNet.Kernels.Layout;

/// <summary>An item: one row of the output.</summary>
internal unsafe struct ResizeLoop : ISimdTask
{
    public float* X;
    public float* Y;
    public ResizeTap* RowTaps;
    public ResizeTap* ColumnTaps;
    public int InputHeight;
    public int InputWidth;
    public int OutputHeight;
    public int OutputWidth;
    public int Channels;
    public bool IsNearest;

    /// <inheritdoc/>
    public readonly void Run<TSimd, TVector>(int item, void* scratch)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        nint channels = Channels;
        (int image, int row) = Math.DivRem(item, OutputHeight);
        ResizeTap rows = RowTaps[row];
        float* x = X + ((nint)image * InputHeight * InputWidth * channels);
        float* upper = x + ((nint)rows.Lower * InputWidth * channels);
        float* lower = x + ((nint)rows.Upper * InputWidth * channels);
        float* y = Y + ((nint)item * OutputWidth * channels);
        for (int column = 0; column < OutputWidth; column++, y += channels)
        {
            ResizeTap columns = ColumnTaps[column];
            nint left = columns.Lower * channels;
            nint right = columns.Upper * channels;
            if (IsNearest)
            {
                Copy<TSimd, TVector>(upper + left, y);
            }
            else
            {
                Interpolate<TSimd, TVector>(upper + left, upper + right, lower + left, lower + right, rows.Weight, columns.Weight, y);
            }
        }
    }

    private readonly void Copy<TSimd, TVector>(float* x, float* y)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        nint c = 0;
        for (; c <= Channels - TSimd.Width; c += TSimd.Width)
        {
            TSimd.Store(y + c, TSimd.Load(x + c));
        }

        if (c < Channels)
        {
            TSimd.StorePartial(y + c, TSimd.LoadPartial(x + c, Channels - c), Channels - c);
        }
    }

    private readonly void Interpolate<TSimd, TVector>(
        float* upperLeft, float* upperRight, float* lowerLeft, float* lowerRight, float down, float across, float* y)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector rowShare = TSimd.Create(down);
        TVector columnShare = TSimd.Create(across);
        nint c = 0;
        for (; c <= Channels - TSimd.Width; c += TSimd.Width)
        {
            TVector upper = Between<TSimd, TVector>(TSimd.Load(upperLeft + c), TSimd.Load(upperRight + c), columnShare);
            TVector lower = Between<TSimd, TVector>(TSimd.Load(lowerLeft + c), TSimd.Load(lowerRight + c), columnShare);
            TSimd.Store(y + c, Between<TSimd, TVector>(upper, lower, rowShare));
        }

        if (c < Channels)
        {
            nint rest = Channels - c;
            TVector upper = Between<TSimd, TVector>(
                TSimd.LoadPartial(upperLeft + c, rest), TSimd.LoadPartial(upperRight + c, rest), columnShare);
            TVector lower = Between<TSimd, TVector>(
                TSimd.LoadPartial(lowerLeft + c, rest), TSimd.LoadPartial(lowerRight + c, rest), columnShare);
            TSimd.StorePartial(y + c, Between<TSimd, TVector>(upper, lower, rowShare), rest);
        }
    }

    private static TVector Between<TSimd, TVector>(TVector from, TVector to, TVector share)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct =>
        TSimd.MultiplyAdd(TSimd.Subtract(to, from), share, from);
}

/// <summary>
/// An item: the gradient of one row of the input, gathered for every pixel from the outputs that it is part of, so that no two items
/// write to the same place.
/// </summary>
internal unsafe struct ResizeGradientLoop : ISimdTask
{
    public float* Dy;
    public float* Dx;
    public ResizeTap* RowTaps;
    public ResizeTap* ColumnTaps;
    public ResizeReaders* RowReaders;
    public ResizeReaders* ColumnReaders;
    public int InputHeight;
    public int InputWidth;
    public int OutputHeight;
    public int OutputWidth;
    public int Channels;
    public bool Accumulate;

    /// <inheritdoc/>
    public readonly void Run<TSimd, TVector>(int item, void* scratch)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        nint channels = Channels;
        (int image, int row) = Math.DivRem(item, InputHeight);
        float* dy = Dy + ((nint)image * OutputHeight * OutputWidth * channels);
        float* dx = Dx + ((nint)item * InputWidth * channels);
        for (int column = 0; column < InputWidth; column++, dx += channels)
        {
            nint c = 0;
            for (; c <= channels - TSimd.Width; c += TSimd.Width)
            {
                Accumulation.Put<TSimd, TVector>(dx + c, Gather<TSimd, TVector>(dy + c, row, column, TSimd.Width), Accumulate);
            }

            if (c < channels)
            {
                nint rest = channels - c;
                Accumulation.PutPartial<TSimd, TVector>(dx + c, Gather<TSimd, TVector>(dy + c, row, column, rest), rest, Accumulate);
            }
        }
    }

    private readonly TVector Gather<TSimd, TVector>(float* dy, int row, int column, nint count)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        nint channels = Channels;
        ResizeReaders rows = RowReaders[row];
        ResizeReaders columns = ColumnReaders[column];
        TVector total = TSimd.Zero;
        for (int h = rows.From; h < rows.To; h++)
        {
            float* from = dy + ((((nint)h * OutputWidth) + columns.From) * channels);
            TVector sum = TSimd.Zero;
            for (int w = columns.From; w < columns.To; w++, from += channels)
            {
                TVector gradient = count == TSimd.Width ? TSimd.Load(from) : TSimd.LoadPartial(from, count);
                sum = TSimd.MultiplyAdd(gradient, TSimd.Create(ColumnTaps[w].ShareOf(column)), sum);
            }

            total = TSimd.MultiplyAdd(sum, TSimd.Create(RowTaps[h].ShareOf(row)), total);
        }

        return total;
    }
}
