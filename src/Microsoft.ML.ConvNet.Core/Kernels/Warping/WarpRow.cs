using Microsoft.ML.ConvNet.Kernels.Simd;

namespace Microsoft.ML.ConvNet.Kernels.Warping;

/// <summary>A row of a warped image: item 0 of the task computes where its pixels come from, item 1 weights their neighbours.</summary>
internal unsafe struct WarpRow : ISimdTask
{
    /// <summary>Lines of working memory that have a float a pixel.</summary>
    public const int LinesOfPixels = 5;

    /// <summary>Lines of working memory that have a float a value.</summary>
    public const int LinesOfValues = 6;

    // Places beyond are as far outside as any, and fit an int.
    private const float MostDistant = 1 << 22;

    // 1.5 times 2^23: what is added to it has no bits left behind the point.
    private const float Rounding = 12582912;

    private readonly int _height;
    private readonly int _width;
    private readonly int _channels;
    private readonly float* _x;

    // Whole numbers from 0; the pixels up and to the left of where each pixel comes from, and how far it is from them.
    private readonly float* _numbers;
    private readonly float* _left;
    private readonly float* _top;
    private readonly float* _right;
    private readonly float* _down;

    // The four neighbours of each value, and its weights.
    private readonly float* _upperLeft;
    private readonly float* _upperRight;
    private readonly float* _lowerLeft;
    private readonly float* _lowerRight;
    private readonly float* _across;
    private readonly float* _downwards;

    private float* _y;
    private float _columnStep;
    private float _rowStep;
    private float _firstColumn;
    private float _firstRow;

    /// <summary>Divides the working memory.</summary>
    public WarpRow(int height, int width, int channels, float* x, float* scratch)
    {
        _height = height;
        _width = width;
        _channels = channels;
        _x = x;
        _numbers = scratch;
        _left = _numbers + width;
        _top = _left + width;
        _right = _top + width;
        _down = _right + width;
        nint values = (nint)width * channels;
        _upperLeft = _down + width;
        _upperRight = _upperLeft + values;
        _lowerLeft = _upperRight + values;
        _lowerRight = _lowerLeft + values;
        _across = _lowerRight + values;
        _downwards = _across + values;
        for (int i = 0; i < width; i++)
        {
            _numbers[i] = i;
        }
    }

    /// <summary>Turns to a row.</summary>
    /// <param name="map">Where its pixels come from.</param>
    /// <param name="row">Its number.</param>
    /// <param name="isNearest">Whether the nearest pixels are looked for, rather than those before.</param>
    /// <param name="y">Receives it.</param>
    public void Begin(in AffineMap map, int row, bool isNearest, float* y)
    {
        double half = isNearest ? 0.5 : 0;
        _columnStep = (float)map.A;
        _rowStep = (float)map.D;
        _firstColumn = (float)((map.B * row) + map.C + half);
        _firstRow = (float)((map.E * row) + map.F + half);
        _y = y;
    }

    /// <inheritdoc/>
    public readonly void Run<TSimd, TVector>(int item, void* scratch)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        if (item == 0)
        {
            Locate<TSimd, TVector>(_columnStep, _firstColumn, _left, _right);
            Locate<TSimd, TVector>(_rowStep, _firstRow, _top, _down);
        }
        else
        {
            Weight<TSimd, TVector>();
        }
    }

    /// <summary>Fetches the neighbours of the row's pixels, or the pixels themselves where they are the nearest.</summary>
    public readonly void Fetch<TBorder>(bool isNearest, float fill)
        where TBorder : struct, IBorder
    {
        for (int i = 0; i < _width; i++)
        {
            int left = (int)_left[i];
            int top = (int)_top[i];
            nint value = (nint)i * _channels;
            int inLeft = Inside<TBorder>(left, _width);
            int inTop = Inside<TBorder>(top, _height);
            if (isNearest)
            {
                Copy(inTop, inLeft, _y + value, fill);
                continue;
            }

            int inRight = Inside<TBorder>(left + 1, _width);
            int inBottom = Inside<TBorder>(top + 1, _height);
            Copy(inTop, inLeft, _upperLeft + value, fill);
            Copy(inTop, inRight, _upperRight + value, fill);
            Copy(inBottom, inLeft, _lowerLeft + value, fill);
            Copy(inBottom, inRight, _lowerRight + value, fill);
            for (int channel = 0; channel < _channels; channel++)
            {
                _across[value + channel] = _right[i];
                _downwards[value + channel] = _down[i];
            }
        }
    }

    private static int Inside<TBorder>(int place, int count)
        where TBorder : struct, IBorder =>
        (uint)place < (uint)count ? place : TBorder.Inside(place, count);

    private readonly void Copy(int row, int column, float* to, float fill)
    {
        if ((row | column) < 0)
        {
            new Span<float>(to, _channels).Fill(fill);
            return;
        }

        float* from = _x + ((((nint)row * _width) + column) * _channels);
        for (int channel = 0; channel < _channels; channel++)
        {
            to[channel] = from[channel];
        }
    }

    private readonly void Locate<TSimd, TVector>(float step, float first, float* whole, float* rest)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector steps = TSimd.Create(step);
        TVector firsts = TSimd.Create(first);
        TVector rounding = TSimd.Create(Rounding);
        for (nint i = 0; i < _width; i += TSimd.Width)
        {
            nint count = nint.Min(TSimd.Width, _width - i);
            TVector place = TSimd.Add(TSimd.Multiply(TSimd.LoadPartial(_numbers + i, count), steps), firsts);
            place = TSimd.Max(TSimd.Min(place, TSimd.Create(MostDistant)), TSimd.Create(-MostDistant));
            TVector rounded = TSimd.Subtract(TSimd.Add(place, rounding), rounding);
            TVector above = TSimd.Select(TSimd.GreaterThan(rounded, place), TSimd.Create(1), TSimd.Zero);
            TVector floor = TSimd.Subtract(rounded, above);
            TSimd.StorePartial(whole + i, floor, count);
            TSimd.StorePartial(rest + i, TSimd.Subtract(place, floor), count);
        }
    }

    private readonly void Weight<TSimd, TVector>()
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        nint values = (nint)_width * _channels;
        for (nint i = 0; i < values; i += TSimd.Width)
        {
            nint count = nint.Min(TSimd.Width, values - i);
            TVector across = TSimd.LoadPartial(_across + i, count);
            TVector upper = Between<TSimd, TVector>(_upperLeft + i, _upperRight + i, across, count);
            TVector lower = Between<TSimd, TVector>(_lowerLeft + i, _lowerRight + i, across, count);
            TVector down = TSimd.LoadPartial(_downwards + i, count);
            TSimd.StorePartial(_y + i, TSimd.Add(upper, TSimd.Multiply(TSimd.Subtract(lower, upper), down)), count);
        }
    }

    private static TVector Between<TSimd, TVector>(float* left, float* right, TVector share, nint count)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector from = TSimd.LoadPartial(left, count);
        return TSimd.Add(from, TSimd.Multiply(TSimd.Subtract(TSimd.LoadPartial(right, count), from), share));
    }
}
