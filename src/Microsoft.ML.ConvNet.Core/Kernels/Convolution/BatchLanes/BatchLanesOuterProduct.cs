using System.Runtime.CompilerServices;
using Microsoft.ML.ConvNet.Kernels.Products;
using Microsoft.ML.ConvNet.Kernels.Simd;

namespace Microsoft.ML.ConvNet.Kernels.Convolution.BatchLanes;

/// <summary>
/// The inner loop of the weight gradient: the products of up to 4 numbers of the input with up to 6 of the output gradient, lane by lane,
/// summed over the pixels of a few rows in registers.
/// </summary>
/// <remarks>Each sum is one chain over the pixels in row-major order, continued from what is there.</remarks>
internal static unsafe class BatchLanesOuterProduct
{
    /// <summary>Adds the pixels of some rows to one tile of sums.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TSimd, TVector, TInputs, TChannels>(BatchLanesOuterTile* tile)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TInputs : struct, ITileCount
        where TChannels : struct, ITileCount
    {
        nint width = TSimd.Width, width2 = 2 * width, width3 = 3 * width;
        nint channels = TChannels.Count * width;
        TVector sum00 = TSimd.Zero, sum10 = TSimd.Zero, sum20 = TSimd.Zero, sum30 = TSimd.Zero;
        TVector sum01 = TSimd.Zero, sum11 = TSimd.Zero, sum21 = TSimd.Zero, sum31 = TSimd.Zero;
        TVector sum02 = TSimd.Zero, sum12 = TSimd.Zero, sum22 = TSimd.Zero, sum32 = TSimd.Zero;
        TVector sum03 = TSimd.Zero, sum13 = TSimd.Zero, sum23 = TSimd.Zero, sum33 = TSimd.Zero;
        TVector sum04 = TSimd.Zero, sum14 = TSimd.Zero, sum24 = TSimd.Zero, sum34 = TSimd.Zero;
        TVector sum05 = TSimd.Zero, sum15 = TSimd.Zero, sum25 = TSimd.Zero, sum35 = TSimd.Zero;
        float* sums = tile->Sums;
        nint pitch = tile->SumPitch, pitch2 = 2 * pitch, pitch3 = 3 * pitch;
        if (tile->Continues)
        {
            if (TChannels.Count > 0)
            {
                sum00 = TSimd.Load(sums);
                sum10 = TInputs.Count > 1 ? TSimd.Load(sums + pitch) : sum10;
                sum20 = TInputs.Count > 2 ? TSimd.Load(sums + pitch2) : sum20;
                sum30 = TInputs.Count > 3 ? TSimd.Load(sums + pitch3) : sum30;
            }

            if (TChannels.Count > 1)
            {
                sum01 = TSimd.Load(sums + width);
                sum11 = TInputs.Count > 1 ? TSimd.Load(sums + pitch + width) : sum11;
                sum21 = TInputs.Count > 2 ? TSimd.Load(sums + pitch2 + width) : sum21;
                sum31 = TInputs.Count > 3 ? TSimd.Load(sums + pitch3 + width) : sum31;
            }

            if (TChannels.Count > 2)
            {
                sum02 = TSimd.Load(sums + (2 * width));
                sum12 = TInputs.Count > 1 ? TSimd.Load(sums + pitch + (2 * width)) : sum12;
                sum22 = TInputs.Count > 2 ? TSimd.Load(sums + pitch2 + (2 * width)) : sum22;
                sum32 = TInputs.Count > 3 ? TSimd.Load(sums + pitch3 + (2 * width)) : sum32;
            }

            if (TChannels.Count > 3)
            {
                sum03 = TSimd.Load(sums + (3 * width));
                sum13 = TInputs.Count > 1 ? TSimd.Load(sums + pitch + (3 * width)) : sum13;
                sum23 = TInputs.Count > 2 ? TSimd.Load(sums + pitch2 + (3 * width)) : sum23;
                sum33 = TInputs.Count > 3 ? TSimd.Load(sums + pitch3 + (3 * width)) : sum33;
            }

            if (TChannels.Count > 4)
            {
                sum04 = TSimd.Load(sums + (4 * width));
                sum14 = TInputs.Count > 1 ? TSimd.Load(sums + pitch + (4 * width)) : sum14;
                sum24 = TInputs.Count > 2 ? TSimd.Load(sums + pitch2 + (4 * width)) : sum24;
                sum34 = TInputs.Count > 3 ? TSimd.Load(sums + pitch3 + (4 * width)) : sum34;
            }

            if (TChannels.Count > 5)
            {
                sum05 = TSimd.Load(sums + (5 * width));
                sum15 = TInputs.Count > 1 ? TSimd.Load(sums + pitch + (5 * width)) : sum15;
                sum25 = TInputs.Count > 2 ? TSimd.Load(sums + pitch2 + (5 * width)) : sum25;
                sum35 = TInputs.Count > 3 ? TSimd.Load(sums + pitch3 + (5 * width)) : sum35;
            }
        }

        float* x = tile->X;
        float* gradient = tile->Gradient;
        nint next = tile->PixelStride;
        for (nint row = tile->Rows; row > 0; row--)
        {
            float* end = gradient + (tile->Columns * channels);
            do
            {
                TVector x0 = TSimd.Load(x);
                TVector x1 = TInputs.Count > 1 ? TSimd.Load(x + width) : TSimd.Zero;
                TVector x2 = TInputs.Count > 2 ? TSimd.Load(x + width2) : TSimd.Zero;
                TVector x3 = TInputs.Count > 3 ? TSimd.Load(x + width3) : TSimd.Zero;
                TVector factor;
                if (TChannels.Count > 0)
                {
                    factor = TSimd.Load(gradient);
                    sum00 = TSimd.MultiplyAdd(factor, x0, sum00);
                    sum10 = TInputs.Count > 1 ? TSimd.MultiplyAdd(factor, x1, sum10) : sum10;
                    sum20 = TInputs.Count > 2 ? TSimd.MultiplyAdd(factor, x2, sum20) : sum20;
                    sum30 = TInputs.Count > 3 ? TSimd.MultiplyAdd(factor, x3, sum30) : sum30;
                }

                if (TChannels.Count > 1)
                {
                    factor = TSimd.Load(gradient + width);
                    sum01 = TSimd.MultiplyAdd(factor, x0, sum01);
                    sum11 = TInputs.Count > 1 ? TSimd.MultiplyAdd(factor, x1, sum11) : sum11;
                    sum21 = TInputs.Count > 2 ? TSimd.MultiplyAdd(factor, x2, sum21) : sum21;
                    sum31 = TInputs.Count > 3 ? TSimd.MultiplyAdd(factor, x3, sum31) : sum31;
                }

                if (TChannels.Count > 2)
                {
                    factor = TSimd.Load(gradient + (2 * width));
                    sum02 = TSimd.MultiplyAdd(factor, x0, sum02);
                    sum12 = TInputs.Count > 1 ? TSimd.MultiplyAdd(factor, x1, sum12) : sum12;
                    sum22 = TInputs.Count > 2 ? TSimd.MultiplyAdd(factor, x2, sum22) : sum22;
                    sum32 = TInputs.Count > 3 ? TSimd.MultiplyAdd(factor, x3, sum32) : sum32;
                }

                if (TChannels.Count > 3)
                {
                    factor = TSimd.Load(gradient + (3 * width));
                    sum03 = TSimd.MultiplyAdd(factor, x0, sum03);
                    sum13 = TInputs.Count > 1 ? TSimd.MultiplyAdd(factor, x1, sum13) : sum13;
                    sum23 = TInputs.Count > 2 ? TSimd.MultiplyAdd(factor, x2, sum23) : sum23;
                    sum33 = TInputs.Count > 3 ? TSimd.MultiplyAdd(factor, x3, sum33) : sum33;
                }

                if (TChannels.Count > 4)
                {
                    factor = TSimd.Load(gradient + (4 * width));
                    sum04 = TSimd.MultiplyAdd(factor, x0, sum04);
                    sum14 = TInputs.Count > 1 ? TSimd.MultiplyAdd(factor, x1, sum14) : sum14;
                    sum24 = TInputs.Count > 2 ? TSimd.MultiplyAdd(factor, x2, sum24) : sum24;
                    sum34 = TInputs.Count > 3 ? TSimd.MultiplyAdd(factor, x3, sum34) : sum34;
                }

                if (TChannels.Count > 5)
                {
                    factor = TSimd.Load(gradient + (5 * width));
                    sum05 = TSimd.MultiplyAdd(factor, x0, sum05);
                    sum15 = TInputs.Count > 1 ? TSimd.MultiplyAdd(factor, x1, sum15) : sum15;
                    sum25 = TInputs.Count > 2 ? TSimd.MultiplyAdd(factor, x2, sum25) : sum25;
                    sum35 = TInputs.Count > 3 ? TSimd.MultiplyAdd(factor, x3, sum35) : sum35;
                }

                x += next;
                gradient += channels;
            }
            while (gradient < end);
            x += tile->RowSkip;
        }

        if (TChannels.Count > 0)
        {
            TSimd.Store(sums, sum00);
            if (TInputs.Count > 1)
            {
                TSimd.Store(sums + pitch, sum10);
            }

            if (TInputs.Count > 2)
            {
                TSimd.Store(sums + pitch2, sum20);
            }

            if (TInputs.Count > 3)
            {
                TSimd.Store(sums + pitch3, sum30);
            }
        }

        if (TChannels.Count > 1)
        {
            TSimd.Store(sums + width, sum01);
            if (TInputs.Count > 1)
            {
                TSimd.Store(sums + pitch + width, sum11);
            }

            if (TInputs.Count > 2)
            {
                TSimd.Store(sums + pitch2 + width, sum21);
            }

            if (TInputs.Count > 3)
            {
                TSimd.Store(sums + pitch3 + width, sum31);
            }
        }

        if (TChannels.Count > 2)
        {
            TSimd.Store(sums + (2 * width), sum02);
            if (TInputs.Count > 1)
            {
                TSimd.Store(sums + pitch + (2 * width), sum12);
            }

            if (TInputs.Count > 2)
            {
                TSimd.Store(sums + pitch2 + (2 * width), sum22);
            }

            if (TInputs.Count > 3)
            {
                TSimd.Store(sums + pitch3 + (2 * width), sum32);
            }
        }

        if (TChannels.Count > 3)
        {
            TSimd.Store(sums + (3 * width), sum03);
            if (TInputs.Count > 1)
            {
                TSimd.Store(sums + pitch + (3 * width), sum13);
            }

            if (TInputs.Count > 2)
            {
                TSimd.Store(sums + pitch2 + (3 * width), sum23);
            }

            if (TInputs.Count > 3)
            {
                TSimd.Store(sums + pitch3 + (3 * width), sum33);
            }
        }

        if (TChannels.Count > 4)
        {
            TSimd.Store(sums + (4 * width), sum04);
            if (TInputs.Count > 1)
            {
                TSimd.Store(sums + pitch + (4 * width), sum14);
            }

            if (TInputs.Count > 2)
            {
                TSimd.Store(sums + pitch2 + (4 * width), sum24);
            }

            if (TInputs.Count > 3)
            {
                TSimd.Store(sums + pitch3 + (4 * width), sum34);
            }
        }

        if (TChannels.Count > 5)
        {
            TSimd.Store(sums + (5 * width), sum05);
            if (TInputs.Count > 1)
            {
                TSimd.Store(sums + pitch + (5 * width), sum15);
            }

            if (TInputs.Count > 2)
            {
                TSimd.Store(sums + pitch2 + (5 * width), sum25);
            }

            if (TInputs.Count > 3)
            {
                TSimd.Store(sums + pitch3 + (5 * width), sum35);
            }
        }
    }
}
