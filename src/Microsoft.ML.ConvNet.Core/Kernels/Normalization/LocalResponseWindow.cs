using System.Runtime.CompilerServices;
using Microsoft.ML.ConvNet.Kernels.Simd;

namespace Microsoft.ML.ConvNet.Kernels.Normalization;

/// <summary>What local response normalisation does with one row, vector by vector along the channels.</summary>
internal readonly unsafe struct LocalResponseWindow<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    private readonly LocalResponseLayout _layout;
    private readonly float _factor;
    private readonly float _beta;
    private readonly float _k;

    public LocalResponseWindow(in LocalResponse response, in LocalResponseLayout layout)
    {
        _layout = layout;
        _factor = response.Alpha / response.Size;
        _beta = response.Beta;
        _k = response.K;
    }

    /// <summary>Writes the squares of some rows between the zeros of a block.</summary>
    public void Square(float* x, float* squares, int rows)
    {
        nint channels = _layout.Channels;
        float* to = squares + _layout.Before;
        for (int row = 0; row < rows; row++, x += channels, to += _layout.Pitch)
        {
            nint c = 0;
            for (; c <= channels - TSimd.Width; c += TSimd.Width)
            {
                TVector value = TSimd.Load(x + c);
                TSimd.Store(to + c, TSimd.Multiply(value, value));
            }

            if (c < channels)
            {
                TVector value = TSimd.LoadPartial(x + c, channels - c);
                TSimd.StorePartial(to + c, TSimd.Multiply(value, value), channels - c);
            }
        }
    }

    /// <summary>y = x s^-beta of a row.</summary>
    public void Normalize(float* squares, float* x, float* y)
    {
        nint channels = _layout.Channels;
        int size = _layout.Before + 1 + _layout.After;
        nint c = 0;
        for (; c <= channels - TSimd.Width; c += TSimd.Width)
        {
            TVector power = InversePower(Scale(squares + c, size));
            TSimd.Store(y + c, TSimd.Multiply(TSimd.Load(x + c), power));
        }

        if (c < channels)
        {
            TVector power = InversePower(Scale(squares + c, size));
            TSimd.StorePartial(y + c, TSimd.Multiply(TSimd.LoadPartial(x + c, channels - c), power), channels - c);
        }
    }

    /// <summary>
    /// Writes s^-beta of a row, and dy x s^(-beta - 1) between the zeros of a block: its place is shifted, since the windows that hold a channel
    /// reach as far forward as its own reaches back.
    /// </summary>
    public void Share(float* squares, float* x, float* dy, float* shares, float* powers)
    {
        nint channels = _layout.Channels;
        int size = _layout.Before + 1 + _layout.After;
        float* to = shares + _layout.After;
        for (nint c = 0; c < channels; c += TSimd.Width)
        {
            nint count = nint.Min(TSimd.Width, channels - c);
            TVector scale = Scale(squares + c, size);
            TVector power = InversePower(scale);
            TVector product = TSimd.Multiply(TSimd.LoadPartial(x + c, count), TSimd.LoadPartial(dy + c, count));
            TSimd.StorePartial(powers + c, power, count);
            TSimd.StorePartial(to + c, TSimd.Divide(TSimd.Multiply(product, power), scale), count);
        }
    }

    /// <summary>dx of a row, or added to it.</summary>
    public void Gradient(float* shares, float* powers, float* x, float* dy, float* dx, bool accumulate)
    {
        nint channels = _layout.Channels;
        int size = _layout.Before + 1 + _layout.After;
        TVector factor = TSimd.Create(2 * _factor * _beta);
        for (nint c = 0; c < channels; c += TSimd.Width)
        {
            nint count = nint.Min(TSimd.Width, channels - c);
            TVector indirect = TSimd.Multiply(TSimd.Multiply(factor, Sum(shares + c, size)), TSimd.LoadPartial(x + c, count));
            TVector direct = TSimd.Multiply(TSimd.LoadPartial(dy + c, count), TSimd.LoadPartial(powers + c, count));
            Accumulation.PutPartial<TSimd, TVector>(dx + c, TSimd.Subtract(direct, indirect), count, accumulate);
        }
    }

    // The sum of the numbers from each lane on, in their order.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Sum(float* from, int size)
    {
        TVector sum = TSimd.Load(from);
        for (int i = 1; i < size; i++)
        {
            sum = TSimd.Add(sum, TSimd.Load(from + i));
        }

        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private TVector Scale(float* squares, int size) =>
        TSimd.MultiplyAdd(TSimd.Create(_factor), Sum(squares, size), TSimd.Create(_k));

    // s^-beta; for the power of AlexNet and GoogLeNet by roots.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private TVector InversePower(TVector scale)
    {
        if (_beta == 0.75f)
        {
            TVector root = TSimd.Sqrt(scale);
            return TSimd.Divide(TSimd.Create(1f), TSimd.Multiply(root, TSimd.Sqrt(root)));
        }

        return VectorMath.PowerOfPositive<TSimd, TVector>(scale, TSimd.Create(-_beta));
    }
}
