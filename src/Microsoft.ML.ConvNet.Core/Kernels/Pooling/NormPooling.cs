using Microsoft.ML.ConvNet.Kernels.Simd;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Kernels.Pooling;

/// <summary>Pooling over [N, H, W, C] by the norm of each window, with a whole exponent of at least 1.</summary>
internal static unsafe class NormPooling
{
    /// <summary>y = (sum of |x|^p)^(1/p) of each window, in row-major order.</summary>
    public static void Forward(WorkerGang gang, in PoolingShape shape, int exponent, int batch, float* x, float* y)
    {
        NormPoolingLoop loop = new() { Shape = shape, Exponent = exponent, X = x, Y = y };
        SimdLoop.For(gang, batch * shape.OutputHeight, &loop, batch * (shape.InputLength + shape.OutputLength));
    }

    /// <summary>
    /// dx = the sum over the windows of dy (|x| / y)^(p - 1) with the sign of x, in row-major order of the windows, or dx += it; zero
    /// where x or y is zero.
    /// </summary>
    public static void Backward(
        WorkerGang gang, in PoolingShape shape, int exponent, int batch, float* x, float* y, float* dy, float* dx, bool accumulate)
    {
        NormPoolingGradientLoop loop = new()
        {
            Shape = shape,
            Exponent = exponent,
            X = x,
            Y = y,
            Dy = dy,
            Dx = dx,
            Accumulate = accumulate,
        };
        SimdLoop.For(gang, batch * shape.InputHeight, &loop, 2 * batch * (shape.InputLength + shape.OutputLength));
    }

    /// <summary>The power of a number that is not negative, by repeated squaring; 1 for the exponent 0.</summary>
    internal static TVector Power<TSimd, TVector>(TVector value, int exponent)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector result = TSimd.Create(1f);
        for (; exponent > 0; exponent >>= 1)
        {
            if ((exponent & 1) != 0)
            {
                result = TSimd.Multiply(result, value);
            }

            value = TSimd.Multiply(value, value);
        }

        return result;
    }
}

/// <summary>An item: the norms of one output row.</summary>
internal unsafe struct NormPoolingLoop : ISimdTask
{
    private const int MostLanes = 16;

    public PoolingShape Shape;
    public int Exponent;
    public float* X;
    public float* Y;

    /// <inheritdoc/>
    public readonly void Run<TSimd, TVector>(int item, void* scratch)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        nint channels = Shape.Channels;
        (int image, int outputRow) = Math.DivRem(item, Shape.OutputHeight);
        (int top, int bottom) = Shape.RowsOf(outputRow);
        float* x = X + (image * Shape.InputLength) + ((nint)top * Shape.InputWidth * channels);
        float* y = Y + ((nint)item * Shape.OutputWidth * channels);
        for (int column = 0; column < Shape.OutputWidth; column++, y += channels)
        {
            (int left, int right) = Shape.ColumnsOf(column);
            for (nint c = 0; c < channels; c += TSimd.Width)
            {
                nint count = nint.Min(TSimd.Width, channels - c);
                TVector sum = Sum<TSimd, TVector>(x + (left * channels) + c, Shape.RowTaps(bottom - top), Shape.ColumnTaps(right - left), count);
                TSimd.StorePartial(y + c, Root<TSimd, TVector>(sum), count);
            }
        }
    }

    private readonly TVector Sum<TSimd, TVector>(float* x, int rows, int columns, nint count)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        nint rowStep = (nint)Shape.InputWidth * Shape.Channels * Shape.DilationHeight;
        nint columnStep = (nint)Shape.Channels * Shape.DilationWidth;
        bool isSquare = Exponent == 2;
        TVector sum = TSimd.Zero;
        for (int h = 0; h < rows; h++, x += rowStep)
        {
            float* at = x;
            for (int w = 0; w < columns; w++, at += columnStep)
            {
                TVector value = count == TSimd.Width ? TSimd.Load(at) : TSimd.LoadPartial(at, count);
                sum = isSquare
                    ? TSimd.MultiplyAdd(value, value, sum)
                    : TSimd.Add(sum, NormPooling.Power<TSimd, TVector>(TSimd.Abs(value), Exponent));
            }
        }

        return sum;
    }

    private readonly TVector Root<TSimd, TVector>(TVector sum)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        if (Exponent <= 2)
        {
            return Exponent == 1 ? sum : TSimd.Sqrt(sum);
        }

        // Higher roots are rare, and there is one a window.
        float* lanes = stackalloc float[MostLanes];
        TSimd.Store(lanes, sum);
        for (int i = 0; i < TSimd.Width; i++)
        {
            lanes[i] = (float)Math.Pow(lanes[i], 1.0 / Exponent);
        }

        return TSimd.Load(lanes);
    }
}

/// <summary>
/// An item: the gradient of one input row, gathered for every pixel from the windows that hold it, so that no two items write to the
/// same place.
/// </summary>
internal unsafe struct NormPoolingGradientLoop : ISimdTask
{
    public PoolingShape Shape;
    public int Exponent;
    public float* X;
    public float* Y;
    public float* Dy;
    public float* Dx;
    public bool Accumulate;

    /// <inheritdoc/>
    public readonly void Run<TSimd, TVector>(int item, void* scratch)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        nint channels = Shape.Channels;
        (int image, int inputRow) = Math.DivRem(item, Shape.InputHeight);
        (int top, int bottom) = Shape.OutputRowsOver(inputRow);
        nint output = image * Shape.OutputLength;
        nint input = (nint)item * Shape.InputWidth * channels;
        int left = 0;
        int right = 0;
        for (int column = 0; column < Shape.InputWidth; column++, input += channels)
        {
            Shape.AdvanceOutputColumns(column, ref left, ref right);
            for (nint c = 0; c < channels; c += TSimd.Width)
            {
                nint count = nint.Min(TSimd.Width, channels - c);
                TVector x = TSimd.LoadPartial(X + input + c, count);
                TVector magnitude = TSimd.Abs(x);
                TVector sum = TSimd.Zero;
                for (int h = top; h < bottom; h++)
                {
                    for (int w = left; w < right; w++)
                    {
                        if (Shape.IsRowTap(inputRow, h) && Shape.IsColumnTap(column, w))
                        {
                            nint at = output + ((((nint)h * Shape.OutputWidth) + w) * channels) + c;
                            sum = TSimd.Add(sum, Share<TSimd, TVector>(magnitude, at, count));
                        }
                    }
                }

                TVector signed = TSimd.Select(TSimd.LessThan(x, TSimd.Zero), TSimd.Negate(sum), sum);
                signed = TSimd.Select(TSimd.LessThanOrEqual(magnitude, TSimd.Zero), TSimd.Zero, signed);
                Accumulation.PutPartial<TSimd, TVector>(Dx + input + c, signed, count, Accumulate);
            }
        }
    }

    private readonly TVector Share<TSimd, TVector>(TVector magnitude, nint at, nint count)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector gradient = TSimd.LoadPartial(Dy + at, count);
        if (Exponent == 1)
        {
            return gradient;
        }

        TVector norm = TSimd.LoadPartial(Y + at, count);
        TVector ratio = TSimd.Divide(magnitude, norm);
        ratio = TSimd.Select(TSimd.LessThanOrEqual(norm, TSimd.Zero), TSimd.Zero, ratio);
        return TSimd.Multiply(gradient, NormPooling.Power<TSimd, TVector>(ratio, Exponent - 1));
    }
}
