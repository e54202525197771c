using System.Runtime.CompilerServices;
using Microsoft.ML.ConvNet.Kernels.Products;
using Microsoft.ML.ConvNet.Kernels.Simd;

namespace Microsoft.ML.ConvNet.Kernels.Convolution.Depthwise;

/// <summary>
/// Neighbouring results of a depthwise convolution whose windows are three adjacent columns wide and lie inside of the source's columns: the
/// common case. What windows share is read once: of a row of taps four results of stride 1 read 3 vectors of weights and 6 of the source for
/// their 12 products. Distances are counted in floats.
/// </summary>
/// <remarks>A sum has the order of <see cref="DepthwiseConvolution"/>: over the taps, row after row.</remarks>
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
    public float Ceiling;

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
        if (Stride == 1)
        {
            Run<TSimd, TVector, One>();
        }
        else
        {
            Run<TSimd, TVector, Two>();
        }
    }

    private readonly void Run<TSimd, TVector, TStride>()
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TStride : struct, ITileCount
    {
        nint channel = 0;
        for (; channel + TSimd.Width <= Channels; channel += TSimd.Width)
        {
            Run<TSimd, TVector, TStride, Zero>(channel, TSimd.Width);
        }

        if (channel < Channels)
        {
            Run<TSimd, TVector, TStride, One>(channel, Channels - channel);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Run<TSimd, TVector, TStride, TPartial>(nint channel, nint lanes)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TStride : struct, ITileCount
        where TPartial : struct, ITileCount
    {
        nint pitch = Channels;
        nint rowPitch = TapRowPitch;
        int rows = Rows;
        TVector bias = Bias == null ? TSimd.Zero : DepthwiseChannels.Load<TSimd, TVector, TPartial>(Bias + channel, lanes);
        TVector floor = TSimd.Create(Floor);
        TVector ceiling = TSimd.Create(Ceiling);
        float* block = Source + channel;
        nint offset = channel;
        for (int pixel = 0; pixel < Count; pixel += Pixels)
        {
            TVector sum0 = TSimd.Zero, sum1 = TSimd.Zero, sum2 = TSimd.Zero, sum3 = TSimd.Zero;
            float* source = block;
            float* weights = Weights + channel;
            for (int row = 0; row < rows; row++)
            {
                TVector left = DepthwiseChannels.Load<TSimd, TVector, TPartial>(weights, lanes);
                TVector middle = DepthwiseChannels.Load<TSimd, TVector, TPartial>(weights + pitch, lanes);
                TVector right = DepthwiseChannels.Load<TSimd, TVector, TPartial>(weights + (2 * pitch), lanes);
                TVector x0 = DepthwiseChannels.Load<TSimd, TVector, TPartial>(source, lanes);
                TVector x1 = DepthwiseChannels.Load<TSimd, TVector, TPartial>(source + pitch, lanes);
                TVector x2 = DepthwiseChannels.Load<TSimd, TVector, TPartial>(source + (2 * pitch), lanes);
                TVector x3 = DepthwiseChannels.Load<TSimd, TVector, TPartial>(source + (3 * pitch), lanes);
                TVector x4 = DepthwiseChannels.Load<TSimd, TVector, TPartial>(source + (4 * pitch), lanes);
                TVector x5 = DepthwiseChannels.Load<TSimd, TVector, TPartial>(source + (5 * pitch), lanes);
                if (TStride.Count == 1)
                {
                    sum0 = TSimd.MultiplyAdd(x2, right, TSimd.MultiplyAdd(x1, middle, TSimd.MultiplyAdd(x0, left, sum0)));
                    sum1 = TSimd.MultiplyAdd(x3, right, TSimd.MultiplyAdd(x2, middle, TSimd.MultiplyAdd(x1, left, sum1)));
                    sum2 = TSimd.MultiplyAdd(x4, right, TSimd.MultiplyAdd(x3, middle, TSimd.MultiplyAdd(x2, left, sum2)));
                    sum3 = TSimd.MultiplyAdd(x5, right, TSimd.MultiplyAdd(x4, middle, TSimd.MultiplyAdd(x3, left, sum3)));
                }
                else
                {
                    TVector x6 = DepthwiseChannels.Load<TSimd, TVector, TPartial>(source + (6 * pitch), lanes);
                    TVector x7 = DepthwiseChannels.Load<TSimd, TVector, TPartial>(source + (7 * pitch), lanes);
                    TVector x8 = DepthwiseChannels.Load<TSimd, TVector, TPartial>(source + (8 * pitch), lanes);
                    sum0 = TSimd.MultiplyAdd(x2, right, TSimd.MultiplyAdd(x1, middle, TSimd.MultiplyAdd(x0, left, sum0)));
                    sum1 = TSimd.MultiplyAdd(x4, right, TSimd.MultiplyAdd(x3, middle, TSimd.MultiplyAdd(x2, left, sum1)));
                    sum2 = TSimd.MultiplyAdd(x6, right, TSimd.MultiplyAdd(x5, middle, TSimd.MultiplyAdd(x4, left, sum2)));
                    sum3 = TSimd.MultiplyAdd(x8, right, TSimd.MultiplyAdd(x7, middle, TSimd.MultiplyAdd(x6, left, sum3)));
                }

                source += rowPitch;
                weights += TapColumns * pitch;
            }

            DepthwiseChannels.Finish<TSimd, TVector, TPartial>(sum0, bias, Residual, floor, ceiling, Result, offset, lanes);
            DepthwiseChannels.Finish<TSimd, TVector, TPartial>(sum1, bias, Residual, floor, ceiling, Result, offset + pitch, lanes);
            DepthwiseChannels.Finish<TSimd, TVector, TPartial>(sum2, bias, Residual, floor, ceiling, Result, offset + (2 * pitch), lanes);
            DepthwiseChannels.Finish<TSimd, TVector, TPartial>(sum3, bias, Residual, floor, ceiling, Result, offset + (3 * pitch), lanes);
            block += Pixels * TStride.Count * pitch;
            offset += Pixels * pitch;
        }
    }
}
