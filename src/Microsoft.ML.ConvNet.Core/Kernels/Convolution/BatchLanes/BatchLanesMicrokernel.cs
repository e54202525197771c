using System.Runtime.CompilerServices;
using Microsoft.ML.ConvNet.Kernels.Products;
using Microsoft.ML.ConvNet.Kernels.Simd;

namespace Microsoft.ML.ConvNet.Kernels.Convolution.BatchLanes;

/// <summary>
/// The inner loop of a convolution whose vectors hold one number of many images: up to 4 neighbouring pixels by up to 6 output channels,
/// held in registers while the reduction runs.
/// </summary>
/// <remarks>
/// <para>A step of the reduction loads a vector for each pixel, broadcasts a weight for each output channel, and adds all products:
/// 24 fused operations for 10 loads. The narrow tiers use 2 pixels, for 16 registers.</para>
/// <para>Each sum is one chain, rows of taps, then columns of taps, then channels: the order of <see cref="MatrixProductMicrokernel"/>, so
/// that both give the same bits.</para>
/// </remarks>
internal static unsafe class BatchLanesMicrokernel
{
    /// <summary>Computes one tile.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TSimd, TVector, TPixels, TChannels>(BatchLanesTile* tile)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TPixels : struct, ITileCount
        where TChannels : struct, ITileCount
    {
        TVector sum00 = TSimd.Zero, sum10 = TSimd.Zero, sum20 = TSimd.Zero, sum30 = TSimd.Zero;
        TVector sum01 = TSimd.Zero, sum11 = TSimd.Zero, sum21 = TSimd.Zero, sum31 = TSimd.Zero;
        TVector sum02 = TSimd.Zero, sum12 = TSimd.Zero, sum22 = TSimd.Zero, sum32 = TSimd.Zero;
        TVector sum03 = TSimd.Zero, sum13 = TSimd.Zero, sum23 = TSimd.Zero, sum33 = TSimd.Zero;
        TVector sum04 = TSimd.Zero, sum14 = TSimd.Zero, sum24 = TSimd.Zero, sum34 = TSimd.Zero;
        TVector sum05 = TSimd.Zero, sum15 = TSimd.Zero, sum25 = TSimd.Zero, sum35 = TSimd.Zero;
        nint width = TSimd.Width;
        nint stride = tile->PixelStride, stride2 = 2 * stride, stride3 = 3 * stride;
        nint pitch = tile->WeightPitch;
        float* x = tile->X;
        float* weight = tile->Weights;
        for (nint row = tile->TapRows; row > 0; row--)
        {
            float* end = x + (tile->Run * width);
            do
            {
                TVector x0 = TSimd.Load(x);
                TVector x1 = TPixels.Count > 1 ? TSimd.Load(x + stride) : TSimd.Zero;
                TVector x2 = TPixels.Count > 2 ? TSimd.Load(x + stride2) : TSimd.Zero;
                TVector x3 = TPixels.Count > 3 ? TSimd.Load(x + stride3) : TSimd.Zero;
                TVector factor;
                if (TChannels.Count > 0)
                {
                    factor = TSimd.Create(weight[0]);
                    sum00 = TSimd.MultiplyAdd(factor, x0, sum00);
                    sum10 = TPixels.Count > 1 ? TSimd.MultiplyAdd(factor, x1, sum10) : sum10;
                    sum20 = TPixels.Count > 2 ? TSimd.MultiplyAdd(factor, x2, sum20) : sum20;
                    sum30 = TPixels.Count > 3 ? TSimd.MultiplyAdd(factor, x3, sum30) : sum30;
                }

                if (TChannels.Count > 1)
                {
                    factor = TSimd.Create(weight[1]);
                    sum01 = TSimd.MultiplyAdd(factor, x0, sum01);
                    sum11 = TPixels.Count > 1 ? TSimd.MultiplyAdd(factor, x1, sum11) : sum11;
                    sum21 = TPixels.Count > 2 ? TSimd.MultiplyAdd(factor, x2, sum21) : sum21;
                    sum31 = TPixels.Count > 3 ? TSimd.MultiplyAdd(factor, x3, sum31) : sum31;
                }

                if (TChannels.Count > 2)
                {
                    factor = TSimd.Create(weight[2]);
                    sum02 = TSimd.MultiplyAdd(factor, x0, sum02);
                    sum12 = TPixels.Count > 1 ? TSimd.MultiplyAdd(factor, x1, sum12) : sum12;
                    sum22 = TPixels.Count > 2 ? TSimd.MultiplyAdd(factor, x2, sum22) : sum22;
                    sum32 = TPixels.Count > 3 ? TSimd.MultiplyAdd(factor, x3, sum32) : sum32;
                }

                if (TChannels.Count > 3)
                {
                    factor = TSimd.Create(weight[3]);
                    sum03 = TSimd.MultiplyAdd(factor, x0, sum03);
                    sum13 = TPixels.Count > 1 ? TSimd.MultiplyAdd(factor, x1, sum13) : sum13;
                    sum23 = TPixels.Count > 2 ? TSimd.MultiplyAdd(factor, x2, sum23) : sum23;
                    sum33 = TPixels.Count > 3 ? TSimd.MultiplyAdd(factor, x3, sum33) : sum33;
                }

                if (TChannels.Count > 4)
                {
                    factor = TSimd.Create(weight[4]);
                    sum04 = TSimd.MultiplyAdd(factor, x0, sum04);
                    sum14 = TPixels.Count > 1 ? TSimd.MultiplyAdd(factor, x1, sum14) : sum14;
                    sum24 = TPixels.Count > 2 ? TSimd.MultiplyAdd(factor, x2, sum24) : sum24;
                    sum34 = TPixels.Count > 3 ? TSimd.MultiplyAdd(factor, x3, sum34) : sum34;
                }

                if (TChannels.Count > 5)
                {
                    factor = TSimd.Create(weight[5]);
                    sum05 = TSimd.MultiplyAdd(factor, x0, sum05);
                    sum15 = TPixels.Count > 1 ? TSimd.MultiplyAdd(factor, x1, sum15) : sum15;
                    sum25 = TPixels.Count > 2 ? TSimd.MultiplyAdd(factor, x2, sum25) : sum25;
                    sum35 = TPixels.Count > 3 ? TSimd.MultiplyAdd(factor, x3, sum35) : sum35;
                }

                x += width;
                weight += pitch;
            }
            while (x < end);
            x += tile->RowSkip;
            weight += tile->WeightRowSkip;
        }

        bool rectifies = tile->Rectifies;
        float* bias = tile->Bias;
        float* y = tile->Y;
        nint to = tile->ResultPitch, to2 = 2 * to, to3 = 3 * to;
        if (TChannels.Count > 0)
        {
            TVector shift = bias == null ? TSimd.Zero : TSimd.Create(bias[0]);
            Finish<TSimd, TVector, TPixels>(y, to, to2, to3, shift, rectifies, sum00, sum10, sum20, sum30);
        }

        if (TChannels.Count > 1)
        {
            TVector shift = bias == null ? TSimd.Zero : TSimd.Create(bias[1]);
            Finish<TSimd, TVector, TPixels>(y + width, to, to2, to3, shift, rectifies, sum01, sum11, sum21, sum31);
        }

        if (TChannels.Count > 2)
        {
            TVector shift = bias == null ? TSimd.Zero : TSimd.Create(bias[2]);
            Finish<TSimd, TVector, TPixels>(y + (2 * width), to, to2, to3, shift, rectifies, sum02, sum12, sum22, sum32);
        }

        if (TChannels.Count > 3)
        {
            TVector shift = bias == null ? TSimd.Zero : TSimd.Create(bias[3]);
            Finish<TSimd, TVector, TPixels>(y + (3 * width), to, to2, to3, shift, rectifies, sum03, sum13, sum23, sum33);
        }

        if (TChannels.Count > 4)
        {
            TVector shift = bias == null ? TSimd.Zero : TSimd.Create(bias[4]);
            Finish<TSimd, TVector, TPixels>(y + (4 * width), to, to2, to3, shift, rectifies, sum04, sum14, sum24, sum34);
        }

        if (TChannels.Count > 5)
        {
            TVector shift = bias == null ? TSimd.Zero : TSimd.Create(bias[5]);
            Finish<TSimd, TVector, TPixels>(y + (5 * width), to, to2, to3, shift, rectifies, sum05, sum15, sum25, sum35);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish<TSimd, TVector, TPixels>(
        float* y, nint to, nint to2, nint to3, TVector bias, bool rectifies, TVector sum0, TVector sum1, TVector sum2, TVector sum3)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TPixels : struct, ITileCount
    {
        sum0 = TSimd.Add(sum0, bias);
        sum1 = TSimd.Add(sum1, bias);
        sum2 = TSimd.Add(sum2, bias);
        sum3 = TSimd.Add(sum3, bias);
        if (rectifies)
        {
            // A sum that is not a number stays, since it stands at the right.
            sum0 = TSimd.Max(TSimd.Zero, sum0);
            sum1 = TSimd.Max(TSimd.Zero, sum1);
            sum2 = TSimd.Max(TSimd.Zero, sum2);
            sum3 = TSimd.Max(TSimd.Zero, sum3);
        }

        TSimd.Store(y, sum0);
        if (TPixels.Count > 1)
        {
            TSimd.Store(y + to, sum1);
        }

        if (TPixels.Count > 2)
        {
            TSimd.Store(y + to2, sum2);
        }

        if (TPixels.Count > 3)
        {
            TSimd.Store(y + to3, sum3);
        }
    }
}
