using System.Runtime.CompilerServices;
using Microsoft.ML.ConvNet.Kernels.Simd;

namespace Microsoft.ML.ConvNet.Kernels.Products;

/// <summary>
/// The inner loop of every product: up to 14 rows by up to two vectors of columns, held in registers while the reduction runs.
/// </summary>
/// <remarks>
/// <para>A step of the reduction loads one or two vectors of the packed panel and, for each row, broadcasts one number of the
/// left operand and adds its products. With 512-bit vectors 14 rows by 2 vectors make 28 accumulators; with two vectors of the
/// panel and one broadcast they fill 31 of the 32 registers, and the 28 fused operations of a step cover 14 cycles of two
/// units, while its 16 loads need 8. The narrow tiers use up to 3 + 3 rows (16 registers) or 6 + 6 (Arm64).</para>
/// <para>The left operand is read where it stands: its rows are a constant distance apart, so that the pixels of a feature map
/// serve without being transposed. The rows come in two runs, top and bottom, each with its own first row: two short lines of a
/// small feature map fill one tile.</para>
/// <para>Each sum is one chain: ((0 + a0 b0) + a1 b1) + ..., in the order of the panel, whatever the number of rows in the tile.</para>
/// <para>The numbers of rows are type arguments, so that the compiler removes the rows that a tile does not have.</para>
/// </remarks>
internal static unsafe class MatrixProductMicrokernel
{
    /// <summary>Computes one tile.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TSimd, TVector, TTop, TBottom, TColumns>(MatrixProductTile* tile)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TTop : struct, ITileCount
        where TBottom : struct, ITileCount
        where TColumns : struct, ITileCount
    {
        nint width = TSimd.Width;
        nint columns = TColumns.Count * width;
        TVector top0A = TSimd.Zero, top0B = TSimd.Zero;
        TVector top1A = TSimd.Zero, top1B = TSimd.Zero;
        TVector top2A = TSimd.Zero, top2B = TSimd.Zero;
        TVector top3A = TSimd.Zero, top3B = TSimd.Zero;
        TVector top4A = TSimd.Zero, top4B = TSimd.Zero;
        TVector top5A = TSimd.Zero, top5B = TSimd.Zero;
        TVector top6A = TSimd.Zero, top6B = TSimd.Zero;
        TVector bottom0A = TSimd.Zero, bottom0B = TSimd.Zero;
        TVector bottom1A = TSimd.Zero, bottom1B = TSimd.Zero;
        TVector bottom2A = TSimd.Zero, bottom2B = TSimd.Zero;
        TVector bottom3A = TSimd.Zero, bottom3B = TSimd.Zero;
        TVector bottom4A = TSimd.Zero, bottom4B = TSimd.Zero;
        TVector bottom5A = TSimd.Zero, bottom5B = TSimd.Zero;
        TVector bottom6A = TSimd.Zero, bottom6B = TSimd.Zero;
        if (tile->Continues)
        {
            nint next = tile->ResultPitch;
            float* from = tile->ResultTop;
            if (TTop.Count > 0)
            {
                top0A = TSimd.Load(from);
                top0B = Second<TSimd, TVector, TColumns>(from);
                from += next;
            }

            if (TTop.Count > 1)
            {
                top1A = TSimd.Load(from);
                top1B = Second<TSimd, TVector, TColumns>(from);
                from += next;
            }

            if (TTop.Count > 2)
            {
                top2A = TSimd.Load(from);
                top2B = Second<TSimd, TVector, TColumns>(from);
                from += next;
            }

            if (TTop.Count > 3)
            {
                top3A = TSimd.Load(from);
                top3B = Second<TSimd, TVector, TColumns>(from);
                from += next;
            }

            if (TTop.Count > 4)
            {
                top4A = TSimd.Load(from);
                top4B = Second<TSimd, TVector, TColumns>(from);
                from += next;
            }

            if (TTop.Count > 5)
            {
                top5A = TSimd.Load(from);
                top5B = Second<TSimd, TVector, TColumns>(from);
                from += next;
            }

            if (TTop.Count > 6)
            {
                top6A = TSimd.Load(from);
                top6B = Second<TSimd, TVector, TColumns>(from);
                from += next;
            }

            from = tile->ResultBottom;

            if (TBottom.Count > 0)
            {
                bottom0A = TSimd.Load(from);
                bottom0B = Second<TSimd, TVector, TColumns>(from);
                from += next;
            }

            if (TBottom.Count > 1)
            {
                bottom1A = TSimd.Load(from);
                bottom1B = Second<TSimd, TVector, TColumns>(from);
                from += next;
            }

            if (TBottom.Count > 2)
            {
                bottom2A = TSimd.Load(from);
                bottom2B = Second<TSimd, TVector, TColumns>(from);
                from += next;
            }

            if (TBottom.Count > 3)
            {
                bottom3A = TSimd.Load(from);
                bottom3B = Second<TSimd, TVector, TColumns>(from);
                from += next;
            }

            if (TBottom.Count > 4)
            {
                bottom4A = TSimd.Load(from);
                bottom4B = Second<TSimd, TVector, TColumns>(from);
                from += next;
            }

            if (TBottom.Count > 5)
            {
                bottom5A = TSimd.Load(from);
                bottom5B = Second<TSimd, TVector, TColumns>(from);
                from += next;
            }

            if (TBottom.Count > 6)
            {
                bottom6A = TSimd.Load(from);
                bottom6B = Second<TSimd, TVector, TColumns>(from);
                from += next;
            }
        }

        float* top = tile->Top;
        float* bottom = tile->Bottom;
        float* panel = tile->Panel;
        nint stride = tile->RowStride;
        nint stride2 = 2 * stride, stride3 = 3 * stride, stride4 = 4 * stride, stride5 = 5 * stride, stride6 = 6 * stride;
        for (nint tapRow = tile->TapRows; tapRow > 0; tapRow--)
        {
            for (nint tapColumn = tile->TapColumns; tapColumn > 0; tapColumn--)
            {
                float* end = top + tile->Run;
                do
                {
                    TVector panelA = TSimd.Load(panel);
                    TVector panelB = Second<TSimd, TVector, TColumns>(panel);
                    TVector factor;
                    if (TTop.Count > 0)
                    {
                        factor = TSimd.Create(top[0]);
                        top0A = TSimd.MultiplyAdd(factor, panelA, top0A);
                        top0B = SecondMultiplyAdd<TSimd, TVector, TColumns>(factor, panelB, top0B);
                    }

                    if (TTop.Count > 1)
                    {
                        factor = TSimd.Create(top[stride]);
                        top1A = TSimd.MultiplyAdd(factor, panelA, top1A);
                        top1B = SecondMultiplyAdd<TSimd, TVector, TColumns>(factor, panelB, top1B);
                    }

                    if (TTop.Count > 2)
                    {
                        factor = TSimd.Create(top[stride2]);
                        top2A = TSimd.MultiplyAdd(factor, panelA, top2A);
                        top2B = SecondMultiplyAdd<TSimd, TVector, TColumns>(factor, panelB, top2B);
                    }

                    if (TTop.Count > 3)
                    {
                        factor = TSimd.Create(top[stride3]);
                        top3A = TSimd.MultiplyAdd(factor, panelA, top3A);
                        top3B = SecondMultiplyAdd<TSimd, TVector, TColumns>(factor, panelB, top3B);
                    }

                    if (TTop.Count > 4)
                    {
                        factor = TSimd.Create(top[stride4]);
                        top4A = TSimd.MultiplyAdd(factor, panelA, top4A);
                        top4B = SecondMultiplyAdd<TSimd, TVector, TColumns>(factor, panelB, top4B);
                    }

                    if (TTop.Count > 5)
                    {
                        factor = TSimd.Create(top[stride5]);
                        top5A = TSimd.MultiplyAdd(factor, panelA, top5A);
                        top5B = SecondMultiplyAdd<TSimd, TVector, TColumns>(factor, panelB, top5B);
                    }

                    if (TTop.Count > 6)
                    {
                        factor = TSimd.Create(top[stride6]);
                        top6A = TSimd.MultiplyAdd(factor, panelA, top6A);
                        top6B = SecondMultiplyAdd<TSimd, TVector, TColumns>(factor, panelB, top6B);
                    }

                    if (TBottom.Count > 0)
                    {
                        factor = TSimd.Create(bottom[0]);
                        bottom0A = TSimd.MultiplyAdd(factor, panelA, bottom0A);
                        bottom0B = SecondMultiplyAdd<TSimd, TVector, TColumns>(factor, panelB, bottom0B);
                    }

                    if (TBottom.Count > 1)
                    {
                        factor = TSimd.Create(bottom[stride]);
                        bottom1A = TSimd.MultiplyAdd(factor, panelA, bottom1A);
                        bottom1B = SecondMultiplyAdd<TSimd, TVector, TColumns>(factor, panelB, bottom1B);
                    }

                    if (TBottom.Count > 2)
                    {
                        factor = TSimd.Create(bottom[stride2]);
                        bottom2A = TSimd.MultiplyAdd(factor, panelA, bottom2A);
                        bottom2B = SecondMultiplyAdd<TSimd, TVector, TColumns>(factor, panelB, bottom2B);
                    }

                    if (TBottom.Count > 3)
                    {
                        factor = TSimd.Create(bottom[stride3]);
                        bottom3A = TSimd.MultiplyAdd(factor, panelA, bottom3A);
                        bottom3B = SecondMultiplyAdd<TSimd, TVector, TColumns>(factor, panelB, bottom3B);
                    }

                    if (TBottom.Count > 4)
                    {
                        factor = TSimd.Create(bottom[stride4]);
                        bottom4A = TSimd.MultiplyAdd(factor, panelA, bottom4A);
                        bottom4B = SecondMultiplyAdd<TSimd, TVector, TColumns>(factor, panelB, bottom4B);
                    }

                    if (TBottom.Count > 5)
                    {
                        factor = TSimd.Create(bottom[stride5]);
                        bottom5A = TSimd.MultiplyAdd(factor, panelA, bottom5A);
                        bottom5B = SecondMultiplyAdd<TSimd, TVector, TColumns>(factor, panelB, bottom5B);
                    }

                    if (TBottom.Count > 6)
                    {
                        factor = TSimd.Create(bottom[stride6]);
                        bottom6A = TSimd.MultiplyAdd(factor, panelA, bottom6A);
                        bottom6B = SecondMultiplyAdd<TSimd, TVector, TColumns>(factor, panelB, bottom6B);
                    }

                    panel += columns;
                    top++;
                    if (TBottom.Count > 0)
                    {
                        bottom++;
                    }
                }
                while (top < end);
                top += tile->TapColumnSkip;
                bottom += tile->TapColumnSkip;
            }

            top += tile->TapRowSkip;
            bottom += tile->TapRowSkip;
        }

        nint pitch = tile->ResultPitch;
        float* to = tile->ResultTop;
        if (!tile->IsLast)
        {
            if (TTop.Count > 0)
            {
                Store<TSimd, TVector, TColumns>(to, top0A, top0B);
                to += pitch;
            }

            if (TTop.Count > 1)
            {
                Store<TSimd, TVector, TColumns>(to, top1A, top1B);
                to += pitch;
            }

            if (TTop.Count > 2)
            {
                Store<TSimd, TVector, TColumns>(to, top2A, top2B);
                to += pitch;
            }

            if (TTop.Count > 3)
            {
                Store<TSimd, TVector, TColumns>(to, top3A, top3B);
                to += pitch;
            }

            if (TTop.Count > 4)
            {
                Store<TSimd, TVector, TColumns>(to, top4A, top4B);
                to += pitch;
            }

            if (TTop.Count > 5)
            {
                Store<TSimd, TVector, TColumns>(to, top5A, top5B);
                to += pitch;
            }

            if (TTop.Count > 6)
            {
                Store<TSimd, TVector, TColumns>(to, top6A, top6B);
                to += pitch;
            }

            to = tile->ResultBottom;

            if (TBottom.Count > 0)
            {
                Store<TSimd, TVector, TColumns>(to, bottom0A, bottom0B);
                to += pitch;
            }

            if (TBottom.Count > 1)
            {
                Store<TSimd, TVector, TColumns>(to, bottom1A, bottom1B);
                to += pitch;
            }

            if (TBottom.Count > 2)
            {
                Store<TSimd, TVector, TColumns>(to, bottom2A, bottom2B);
                to += pitch;
            }

            if (TBottom.Count > 3)
            {
                Store<TSimd, TVector, TColumns>(to, bottom3A, bottom3B);
                to += pitch;
            }

            if (TBottom.Count > 4)
            {
                Store<TSimd, TVector, TColumns>(to, bottom4A, bottom4B);
                to += pitch;
            }

            if (TBottom.Count > 5)
            {
                Store<TSimd, TVector, TColumns>(to, bottom5A, bottom5B);
                to += pitch;
            }

            if (TBottom.Count > 6)
            {
                Store<TSimd, TVector, TColumns>(to, bottom6A, bottom6B);
                to += pitch;
            }

            return;
        }

        // The end of the sums: bias, residual, and bounds, 0 and more for ReLU and nothing otherwise. A sum that is not a number passes
        // them, since it stands at their right.
        TVector biasA = tile->Bias == null ? TSimd.Zero : TSimd.Load(tile->Bias);
        TVector biasB = tile->Bias == null ? TSimd.Zero : Second<TSimd, TVector, TColumns>(tile->Bias);
        TVector floor = TSimd.Create(tile->Floor);
        float* residual = tile->ResidualTop;
        if (TTop.Count > 0)
        {
            top0A = Finish<TSimd, TVector>(top0A, biasA, residual, floor, &tile->Ceiling);
            top0B = SecondFinish<TSimd, TVector, TColumns>(top0B, biasB, residual, floor, &tile->Ceiling);
            Store<TSimd, TVector, TColumns>(to, top0A, top0B);
            to += pitch;
            residual = residual == null ? null : residual + pitch;
        }

        if (TTop.Count > 1)
        {
            top1A = Finish<TSimd, TVector>(top1A, biasA, residual, floor, &tile->Ceiling);
            top1B = SecondFinish<TSimd, TVector, TColumns>(top1B, biasB, residual, floor, &tile->Ceiling);
            Store<TSimd, TVector, TColumns>(to, top1A, top1B);
            to += pitch;
            residual = residual == null ? null : residual + pitch;
        }

        if (TTop.Count > 2)
        {
            top2A = Finish<TSimd, TVector>(top2A, biasA, residual, floor, &tile->Ceiling);
            top2B = SecondFinish<TSimd, TVector, TColumns>(top2B, biasB, residual, floor, &tile->Ceiling);
            Store<TSimd, TVector, TColumns>(to, top2A, top2B);
            to += pitch;
            residual = residual == null ? null : residual + pitch;
        }

        if (TTop.Count > 3)
        {
            top3A = Finish<TSimd, TVector>(top3A, biasA, residual, floor, &tile->Ceiling);
            top3B = SecondFinish<TSimd, TVector, TColumns>(top3B, biasB, residual, floor, &tile->Ceiling);
            Store<TSimd, TVector, TColumns>(to, top3A, top3B);
            to += pitch;
            residual = residual == null ? null : residual + pitch;
        }

        if (TTop.Count > 4)
        {
            top4A = Finish<TSimd, TVector>(top4A, biasA, residual, floor, &tile->Ceiling);
            top4B = SecondFinish<TSimd, TVector, TColumns>(top4B, biasB, residual, floor, &tile->Ceiling);
            Store<TSimd, TVector, TColumns>(to, top4A, top4B);
            to += pitch;
            residual = residual == null ? null : residual + pitch;
        }

        if (TTop.Count > 5)
        {
            top5A = Finish<TSimd, TVector>(top5A, biasA, residual, floor, &tile->Ceiling);
            top5B = SecondFinish<TSimd, TVector, TColumns>(top5B, biasB, residual, floor, &tile->Ceiling);
            Store<TSimd, TVector, TColumns>(to, top5A, top5B);
            to += pitch;
            residual = residual == null ? null : residual + pitch;
        }

        if (TTop.Count > 6)
        {
            top6A = Finish<TSimd, TVector>(top6A, biasA, residual, floor, &tile->Ceiling);
            top6B = SecondFinish<TSimd, TVector, TColumns>(top6B, biasB, residual, floor, &tile->Ceiling);
            Store<TSimd, TVector, TColumns>(to, top6A, top6B);
            to += pitch;
            residual = residual == null ? null : residual + pitch;
        }

        to = tile->ResultBottom;
        residual = tile->ResidualBottom;

        if (TBottom.Count > 0)
        {
            bottom0A = Finish<TSimd, TVector>(bottom0A, biasA, residual, floor, &tile->Ceiling);
            bottom0B = SecondFinish<TSimd, TVector, TColumns>(bottom0B, biasB, residual, floor, &tile->Ceiling);
            Store<TSimd, TVector, TColumns>(to, bottom0A, bottom0B);
            to += pitch;
            residual = residual == null ? null : residual + pitch;
        }

        if (TBottom.Count > 1)
        {
            bottom1A = Finish<TSimd, TVector>(bottom1A, biasA, residual, floor, &tile->Ceiling);
            bottom1B = SecondFinish<TSimd, TVector, TColumns>(bottom1B, biasB, residual, floor, &tile->Ceiling);
            Store<TSimd, TVector, TColumns>(to, bottom1A, bottom1B);
            to += pitch;
            residual = residual == null ? null : residual + pitch;
        }

        if (TBottom.Count > 2)
        {
            bottom2A = Finish<TSimd, TVector>(bottom2A, biasA, residual, floor, &tile->Ceiling);
            bottom2B = SecondFinish<TSimd, TVector, TColumns>(bottom2B, biasB, residual, floor, &tile->Ceiling);
            Store<TSimd, TVector, TColumns>(to, bottom2A, bottom2B);
            to += pitch;
            residual = residual == null ? null : residual + pitch;
        }

        if (TBottom.Count > 3)
        {
            bottom3A = Finish<TSimd, TVector>(bottom3A, biasA, residual, floor, &tile->Ceiling);
            bottom3B = SecondFinish<TSimd, TVector, TColumns>(bottom3B, biasB, residual, floor, &tile->Ceiling);
            Store<TSimd, TVector, TColumns>(to, bottom3A, bottom3B);
            to += pitch;
            residual = residual == null ? null : residual + pitch;
        }

        if (TBottom.Count > 4)
        {
            bottom4A = Finish<TSimd, TVector>(bottom4A, biasA, residual, floor, &tile->Ceiling);
            bottom4B = SecondFinish<TSimd, TVector, TColumns>(bottom4B, biasB, residual, floor, &tile->Ceiling);
            Store<TSimd, TVector, TColumns>(to, bottom4A, bottom4B);
            to += pitch;
            residual = residual == null ? null : residual + pitch;
        }

        if (TBottom.Count > 5)
        {
            bottom5A = Finish<TSimd, TVector>(bottom5A, biasA, residual, floor, &tile->Ceiling);
            bottom5B = SecondFinish<TSimd, TVector, TColumns>(bottom5B, biasB, residual, floor, &tile->Ceiling);
            Store<TSimd, TVector, TColumns>(to, bottom5A, bottom5B);
            to += pitch;
            residual = residual == null ? null : residual + pitch;
        }

        if (TBottom.Count > 6)
        {
            bottom6A = Finish<TSimd, TVector>(bottom6A, biasA, residual, floor, &tile->Ceiling);
            bottom6B = SecondFinish<TSimd, TVector, TColumns>(bottom6B, biasB, residual, floor, &tile->Ceiling);
            Store<TSimd, TVector, TColumns>(to, bottom6A, bottom6B);
            to += pitch;
            residual = residual == null ? null : residual + pitch;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Second<TSimd, TVector, TColumns>(float* from)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TColumns : struct, ITileCount => TColumns.Count > 1 ? TSimd.Load(from + TSimd.Width) : TSimd.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector SecondMultiplyAdd<TSimd, TVector, TColumns>(TVector factor, TVector panel, TVector sum)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TColumns : struct, ITileCount => TColumns.Count > 1 ? TSimd.MultiplyAdd(factor, panel, sum) : sum;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TSimd, TVector, TColumns>(float* to, TVector first, TVector second)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TColumns : struct, ITileCount
    {
        TSimd.Store(to, first);
        if (TColumns.Count > 1)
        {
            TSimd.Store(to + TSimd.Width, second);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Finish<TSimd, TVector>(TVector sum, TVector bias, float* residual, TVector floor, float* ceiling)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        sum = TSimd.Add(sum, bias);
        if (residual != null)
        {
            sum = TSimd.Add(sum, TSimd.Load(residual));
        }

        // Read where it is needed: all registers hold sums.
        return TSimd.Min(TSimd.Create(*ceiling), TSimd.Max(floor, sum));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector SecondFinish<TSimd, TVector, TColumns>(TVector sum, TVector bias, float* residual, TVector floor, float* ceiling)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TColumns : struct, ITileCount =>
        TColumns.Count > 1 ? Finish<TSimd, TVector>(sum, bias, residual == null ? null : residual + TSimd.Width, floor, ceiling) : sum;
}
