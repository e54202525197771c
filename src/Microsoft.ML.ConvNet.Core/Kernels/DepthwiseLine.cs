using System.Runtime.CompilerServices;
using Microsoft.ML.ConvNet.Kernels.Simd;

namespace Microsoft.ML.ConvNet.Kernels;

/// <summary>
/// Neighbouring results of a depthwise convolution whose windows are three adjacent columns wide and lie inside of the source's columns: the
/// common case. All weights of a vector of channels stay in registers along the line, and what windows share is read once: four results of
/// stride 1 read 18 vectors for their 36 products. Distances are counted in floats.
/// </summary>
/// <remarks>A sum has the order of <see cref="Depthwise"/>: over the taps, row after row.</remarks>
internal unsafe struct DepthwiseLine
{
    /// <summary>Results that are computed together.</summary>
    public const int Pixels = 4;

    /// <summary>Columns of a window.</summary>
    public const int TapColumns = 3;

    /// <summary>The first window's first column, in the first row of taps that lies inside of the source.</summary>
    public float* Source;

    /// <summary>The weights of that row of taps, [rows, 3, channels].</summary>
    public float* Weights;
    public float* Bias;
    public float* Residual;
    public float* Result;
    public nint TapRowPitch;
    public nint Channels;
    public float Floor;

    /// <summary>From the window of a result to the next: 1 or 2 columns.</summary>
    public int Stride;

    /// <summary>Rows of taps inside of the source: 1 to 3.</summary>
    public int Rows;

    /// <summary>The number of results, a multiple of <see cref="Pixels"/>.</summary>
    public int Count;

    /// <summary>Computes the results.</summary>
    public readonly void Run<TSimd, TVector>()
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        switch (Rows, Stride)
        {
            case (1, 1):
                Run<TSimd, TVector, One, One>();
                break;
            case (2, 1):
                Run<TSimd, TVector, Two, One>();
                break;
            case (3, 1):
                Run<TSimd, TVector, Three, One>();
                break;
            case (1, 2):
                Run<TSimd, TVector, One, Two>();
                break;
            case (2, 2):
                Run<TSimd, TVector, Two, Two>();
                break;
            default:
                Run<TSimd, TVector, Three, Two>();
                break;
        }
    }

    private readonly void Run<TSimd, TVector, TRows, TStride>()
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TRows : struct, ITileCount
        where TStride : struct, ITileCount
    {
        nint channel = 0;
        for (; channel + TSimd.Width <= Channels; channel += TSimd.Width)
        {
            Run<TSimd, TVector, TRows, TStride, Zero>(channel, TSimd.Width);
        }

        if (channel < Channels)
        {
            Run<TSimd, TVector, TRows, TStride, One>(channel, Channels - channel);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Run<TSimd, TVector, TRows, TStride, TPartial>(nint channel, nint lanes)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TRows : struct, ITileCount
        where TStride : struct, ITileCount
        where TPartial : struct, ITileCount
    {
        nint pitch = Channels;
        float* weights = Weights + channel;
        TVector weight00 = Load<TSimd, TVector, TPartial>(weights, lanes);
        TVector weight01 = Load<TSimd, TVector, TPartial>(weights + pitch, lanes);
        TVector weight02 = Load<TSimd, TVector, TPartial>(weights + (2 * pitch), lanes);
        TVector weight10 = TSimd.Zero, weight11 = TSimd.Zero, weight12 = TSimd.Zero;
        TVector weight20 = TSimd.Zero, weight21 = TSimd.Zero, weight22 = TSimd.Zero;
        if (TRows.Count > 1)
        {
            weight10 = Load<TSimd, TVector, TPartial>(weights + (3 * pitch), lanes);
            weight11 = Load<TSimd, TVector, TPartial>(weights + (4 * pitch), lanes);
            weight12 = Load<TSimd, TVector, TPartial>(weights + (5 * pitch), lanes);
        }

        if (TRows.Count > 2)
        {
            weight20 = Load<TSimd, TVector, TPartial>(weights + (6 * pitch), lanes);
            weight21 = Load<TSimd, TVector, TPartial>(weights + (7 * pitch), lanes);
            weight22 = Load<TSimd, TVector, TPartial>(weights + (8 * pitch), lanes);
        }

        TVector bias = Bias == null ? TSimd.Zero : Load<TSimd, TVector, TPartial>(Bias + channel, lanes);
        TVector floor = TSimd.Create(Floor);
        float* source = Source + channel;
        nint offset = channel;
        nint step = Pixels * TStride.Count * pitch;
        for (int pixel = 0; pixel < Count; pixel += Pixels)
        {
            TVector sum0 = TSimd.Zero, sum1 = TSimd.Zero, sum2 = TSimd.Zero, sum3 = TSimd.Zero;
            AddRow<TSimd, TVector, TStride, TPartial>(
                source, pitch, lanes, weight00, weight01, weight02, ref sum0, ref sum1, ref sum2, ref sum3);
            if (TRows.Count > 1)
            {
                AddRow<TSimd, TVector, TStride, TPartial>(
                    source + TapRowPitch, pitch, lanes, weight10, weight11, weight12, ref sum0, ref sum1, ref sum2, ref sum3);
            }

            if (TRows.Count > 2)
            {
                AddRow<TSimd, TVector, TStride, TPartial>(
                    source + (2 * TapRowPitch), pitch, lanes, weight20, weight21, weight22, ref sum0, ref sum1, ref sum2, ref sum3);
            }

            Finish<TSimd, TVector, TPartial>(sum0, bias, floor, offset, lanes);
            Finish<TSimd, TVector, TPartial>(sum1, bias, floor, offset + pitch, lanes);
            Finish<TSimd, TVector, TPartial>(sum2, bias, floor, offset + (2 * pitch), lanes);
            Finish<TSimd, TVector, TPartial>(sum3, bias, floor, offset + (3 * pitch), lanes);
            source += step;
            offset += Pixels * pitch;
        }
    }

    /// <summary>Adds a row of taps to four sums.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddRow<TSimd, TVector, TStride, TPartial>(
        float* source,
        nint pitch,
        nint lanes,
        TVector left,
        TVector middle,
        TVector right,
        ref TVector sum0,
        ref TVector sum1,
        ref TVector sum2,
        ref TVector sum3)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TStride : struct, ITileCount
        where TPartial : struct, ITileCount
    {
        TVector x0 = Load<TSimd, TVector, TPartial>(source, lanes);
        TVector x1 = Load<TSimd, TVector, TPartial>(source + pitch, lanes);
        TVector x2 = Load<TSimd, TVector, TPartial>(source + (2 * pitch), lanes);
        TVector x3 = Load<TSimd, TVector, TPartial>(source + (3 * pitch), lanes);
        TVector x4 = Load<TSimd, TVector, TPartial>(source + (4 * pitch), lanes);
        TVector x5 = Load<TSimd, TVector, TPartial>(source + (5 * pitch), lanes);
        if (TStride.Count == 1)
        {
            sum0 = TSimd.MultiplyAdd(x2, right, TSimd.MultiplyAdd(x1, middle, TSimd.MultiplyAdd(x0, left, sum0)));
            sum1 = TSimd.MultiplyAdd(x3, right, TSimd.MultiplyAdd(x2, middle, TSimd.MultiplyAdd(x1, left, sum1)));
            sum2 = TSimd.MultiplyAdd(x4, right, TSimd.MultiplyAdd(x3, middle, TSimd.MultiplyAdd(x2, left, sum2)));
            sum3 = TSimd.MultiplyAdd(x5, right, TSimd.MultiplyAdd(x4, middle, TSimd.MultiplyAdd(x3, left, sum3)));
        }
        else
        {
            TVector x6 = Load<TSimd, TVector, TPartial>(source + (6 * pitch), lanes);
            TVector x7 = Load<TSimd, TVector, TPartial>(source + (7 * pitch), lanes);
            TVector x8 = Load<TSimd, TVector, TPartial>(source + (8 * pitch), lanes);
            sum0 = TSimd.MultiplyAdd(x2, right, TSimd.MultiplyAdd(x1, middle, TSimd.MultiplyAdd(x0, left, sum0)));
            sum1 = TSimd.MultiplyAdd(x4, right, TSimd.MultiplyAdd(x3, middle, TSimd.MultiplyAdd(x2, left, sum1)));
            sum2 = TSimd.MultiplyAdd(x6, right, TSimd.MultiplyAdd(x5, middle, TSimd.MultiplyAdd(x4, left, sum2)));
            sum3 = TSimd.MultiplyAdd(x8, right, TSimd.MultiplyAdd(x7, middle, TSimd.MultiplyAdd(x6, left, sum3)));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly void Finish<TSimd, TVector, TPartial>(TVector sum, TVector bias, TVector floor, nint offset, nint lanes)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TPartial : struct, ITileCount
    {
        sum = TSimd.Add(sum, bias);
        if (Residual != null)
        {
            sum = TSimd.Add(sum, Load<TSimd, TVector, TPartial>(Residual + offset, lanes));
        }

        sum = TSimd.Max(floor, sum);
        if (TPartial.Count > 0)
        {
            TSimd.StorePartial(Result + offset, sum, lanes);
        }
        else
        {
            TSimd.Store(Result + offset, sum);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Load<TSimd, TVector, TPartial>(float* from, nint lanes)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TPartial : struct, ITileCount => TPartial.Count > 0 ? TSimd.LoadPartial(from, lanes) : TSimd.Load(from);
}
