using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using Microsoft.ML.ConvNet.Kernels.Simd;

namespace Microsoft.ML.ConvNet.Kernels.Products;

/// <summary>
/// The inner loop of the weight gradient: the sum over the pixels of a tile of the outer products of up to 14 inputs and up to
/// two vectors of output gradients, held in registers.
/// </summary>
/// <remarks>
/// The inputs of a tile are neighbours in memory (channels, or the same taps of neighbouring columns), and a step of the
/// reduction goes to the next pixel. The sums of a tile start at zero and are added to the result at the end: short chains,
/// added in order, keep the rounding errors of a long reduction small.
/// </remarks>
internal static unsafe class OuterProductMicrokernel
{
    /// <summary>Computes one tile.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TSimd, TVector, TRows, TColumns>(OuterProductTile* tile)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TRows : struct, ITileCount
        where TColumns : struct, ITileCount
    {
        nint columns = TColumns.Count * TSimd.Width;
        TVector row0A = TSimd.Zero, row0B = TSimd.Zero;
        TVector row1A = TSimd.Zero, row1B = TSimd.Zero;
        TVector row2A = TSimd.Zero, row2B = TSimd.Zero;
        TVector row3A = TSimd.Zero, row3B = TSimd.Zero;
        TVector row4A = TSimd.Zero, row4B = TSimd.Zero;
        TVector row5A = TSimd.Zero, row5B = TSimd.Zero;
        TVector row6A = TSimd.Zero, row6B = TSimd.Zero;
        TVector row7A = TSimd.Zero, row7B = TSimd.Zero;
        TVector row8A = TSimd.Zero, row8B = TSimd.Zero;
        TVector row9A = TSimd.Zero, row9B = TSimd.Zero;
        TVector row10A = TSimd.Zero, row10B = TSimd.Zero;
        TVector row11A = TSimd.Zero, row11B = TSimd.Zero;
        TVector row12A = TSimd.Zero, row12B = TSimd.Zero;
        TVector row13A = TSimd.Zero, row13B = TSimd.Zero;
        Prefetch(tile->Result, tile->ResultPitch, TRows.Count, columns);
        float* input = tile->Input;
        float* panel = tile->Panel;
        nint step = tile->PixelStep;
        nint ahead = (8 * step) + TRows.Count - 1;
        for (nint image = tile->Images; image > 0; image--)
        {
            for (nint line = tile->Lines; line > 0; line--)
            {
                float* end = panel + (tile->Pixels * columns);
                do
                {
                    if (Sse.IsSupported)
                    {
                        Sse.Prefetch0(input + ahead);
                    }

                    TVector panelA = TSimd.Load(panel);
                    TVector panelB = TColumns.Count > 1 ? TSimd.Load(panel + TSimd.Width) : TSimd.Zero;
                    TVector factor;
                    if (TRows.Count > 0)
                    {
                        factor = TSimd.Create(input[0]);
                        row0A = TSimd.MultiplyAdd(factor, panelA, row0A);
                        row0B = SecondMultiplyAdd<TSimd, TVector, TColumns>(factor, panelB, row0B);
                    }

                    if (TRows.Count > 1)
                    {
                        factor = TSimd.Create(input[1]);
                        row1A = TSimd.MultiplyAdd(factor, panelA, row1A);
                        row1B = SecondMultiplyAdd<TSimd, TVector, TColumns>(factor, panelB, row1B);
                    }

                    if (TRows.Count > 2)
                    {
                        factor = TSimd.Create(input[2]);
                        row2A = TSimd.MultiplyAdd(factor, panelA, row2A);
                        row2B = SecondMultiplyAdd<TSimd, TVector, TColumns>(factor, panelB, row2B);
                    }

                    if (TRows.Count > 3)
                    {
                        factor = TSimd.Create(input[3]);
                        row3A = TSimd.MultiplyAdd(factor, panelA, row3A);
                        row3B = SecondMultiplyAdd<TSimd, TVector, TColumns>(factor, panelB, row3B);
                    }

                    if (TRows.Count > 4)
                    {
                        factor = TSimd.Create(input[4]);
                        row4A = TSimd.MultiplyAdd(factor, panelA, row4A);
                        row4B = SecondMultiplyAdd<TSimd, TVector, TColumns>(factor, panelB, row4B);
                    }

                    if (TRows.Count > 5)
                    {
                        factor = TSimd.Create(input[5]);
                        row5A = TSimd.MultiplyAdd(factor, panelA, row5A);
                        row5B = SecondMultiplyAdd<TSimd, TVector, TColumns>(factor, panelB, row5B);
                    }

                    if (TRows.Count > 6)
                    {
                        factor = TSimd.Create(input[6]);
                        row6A = TSimd.MultiplyAdd(factor, panelA, row6A);
                        row6B = SecondMultiplyAdd<TSimd, TVector, TColumns>(factor, panelB, row6B);
                    }

                    if (TRows.Count > 7)
                    {
                        factor = TSimd.Create(input[7]);
                        row7A = TSimd.MultiplyAdd(factor, panelA, row7A);
                        row7B = SecondMultiplyAdd<TSimd, TVector, TColumns>(factor, panelB, row7B);
                    }

                    if (TRows.Count > 8)
                    {
                        factor = TSimd.Create(input[8]);
                        row8A = TSimd.MultiplyAdd(factor, panelA, row8A);
                        row8B = SecondMultiplyAdd<TSimd, TVector, TColumns>(factor, panelB, row8B);
                    }

                    if (TRows.Count > 9)
                    {
                        factor = TSimd.Create(input[9]);
                        row9A = TSimd.MultiplyAdd(factor, panelA, row9A);
                        row9B = SecondMultiplyAdd<TSimd, TVector, TColumns>(factor, panelB, row9B);
                    }

                    if (TRows.Count > 10)
                    {
                        factor = TSimd.Create(input[10]);
                        row10A = TSimd.MultiplyAdd(factor, panelA, row10A);
                        row10B = SecondMultiplyAdd<TSimd, TVector, TColumns>(factor, panelB, row10B);
                    }

                    if (TRows.Count > 11)
                    {
                        factor = TSimd.Create(input[11]);
                        row11A = TSimd.MultiplyAdd(factor, panelA, row11A);
                        row11B = SecondMultiplyAdd<TSimd, TVector, TColumns>(factor, panelB, row11B);
                    }

                    if (TRows.Count > 12)
                    {
                        factor = TSimd.Create(input[12]);
                        row12A = TSimd.MultiplyAdd(factor, panelA, row12A);
                        row12B = SecondMultiplyAdd<TSimd, TVector, TColumns>(factor, panelB, row12B);
                    }

                    if (TRows.Count > 13)
                    {
                        factor = TSimd.Create(input[13]);
                        row13A = TSimd.MultiplyAdd(factor, panelA, row13A);
                        row13B = SecondMultiplyAdd<TSimd, TVector, TColumns>(factor, panelB, row13B);
                    }

                    input += step;
                    panel += columns;
                }
                while (panel < end);
                input += tile->LineSkip;
            }

            input += tile->ImageSkip;
        }

        float* to = tile->Result;
        nint pitch = tile->ResultPitch;
        if (tile->Adds)
        {
            if (TRows.Count > 0)
            {
                Add<TSimd, TVector, TColumns>(to, row0A, row0B);
                to += pitch;
            }

            if (TRows.Count > 1)
            {
                Add<TSimd, TVector, TColumns>(to, row1A, row1B);
                to += pitch;
            }

            if (TRows.Count > 2)
            {
                Add<TSimd, TVector, TColumns>(to, row2A, row2B);
                to += pitch;
            }

            if (TRows.Count > 3)
            {
                Add<TSimd, TVector, TColumns>(to, row3A, row3B);
                to += pitch;
            }

            if (TRows.Count > 4)
            {
                Add<TSimd, TVector, TColumns>(to, row4A, row4B);
                to += pitch;
            }

            if (TRows.Count > 5)
            {
                Add<TSimd, TVector, TColumns>(to, row5A, row5B);
                to += pitch;
            }

            if (TRows.Count > 6)
            {
                Add<TSimd, TVector, TColumns>(to, row6A, row6B);
                to += pitch;
            }

            if (TRows.Count > 7)
            {
                Add<TSimd, TVector, TColumns>(to, row7A, row7B);
                to += pitch;
            }

            if (TRows.Count > 8)
            {
                Add<TSimd, TVector, TColumns>(to, row8A, row8B);
                to += pitch;
            }

            if (TRows.Count > 9)
            {
                Add<TSimd, TVector, TColumns>(to, row9A, row9B);
                to += pitch;
            }

            if (TRows.Count > 10)
            {
                Add<TSimd, TVector, TColumns>(to, row10A, row10B);
                to += pitch;
            }

            if (TRows.Count > 11)
            {
                Add<TSimd, TVector, TColumns>(to, row11A, row11B);
                to += pitch;
            }

            if (TRows.Count > 12)
            {
                Add<TSimd, TVector, TColumns>(to, row12A, row12B);
                to += pitch;
            }

            if (TRows.Count > 13)
            {
                Add<TSimd, TVector, TColumns>(to, row13A, row13B);
                to += pitch;
            }

            return;
        }

        if (TRows.Count > 0)
        {
            Store<TSimd, TVector, TColumns>(to, row0A, row0B);
            to += pitch;
        }

        if (TRows.Count > 1)
        {
            Store<TSimd, TVector, TColumns>(to, row1A, row1B);
            to += pitch;
        }

        if (TRows.Count > 2)
        {
            Store<TSimd, TVector, TColumns>(to, row2A, row2B);
            to += pitch;
        }

        if (TRows.Count > 3)
        {
            Store<TSimd, TVector, TColumns>(to, row3A, row3B);
            to += pitch;
        }

        if (TRows.Count > 4)
        {
            Store<TSimd, TVector, TColumns>(to, row4A, row4B);
            to += pitch;
        }

        if (TRows.Count > 5)
        {
            Store<TSimd, TVector, TColumns>(to, row5A, row5B);
            to += pitch;
        }

        if (TRows.Count > 6)
        {
            Store<TSimd, TVector, TColumns>(to, row6A, row6B);
            to += pitch;
        }

        if (TRows.Count > 7)
        {
            Store<TSimd, TVector, TColumns>(to, row7A, row7B);
            to += pitch;
        }

        if (TRows.Count > 8)
        {
            Store<TSimd, TVector, TColumns>(to, row8A, row8B);
            to += pitch;
        }

        if (TRows.Count > 9)
        {
            Store<TSimd, TVector, TColumns>(to, row9A, row9B);
            to += pitch;
        }

        if (TRows.Count > 10)
        {
            Store<TSimd, TVector, TColumns>(to, row10A, row10B);
            to += pitch;
        }

        if (TRows.Count > 11)
        {
            Store<TSimd, TVector, TColumns>(to, row11A, row11B);
            to += pitch;
        }

        if (TRows.Count > 12)
        {
            Store<TSimd, TVector, TColumns>(to, row12A, row12B);
            to += pitch;
        }

        if (TRows.Count > 13)
        {
            Store<TSimd, TVector, TColumns>(to, row13A, row13B);
            to += pitch;
        }
    }

    /// <summary>Brings the result's lines near while the sums run.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Prefetch(float* result, nint pitch, int rows, nint columns)
    {
        if (!Sse.IsSupported)
        {
            return;
        }

        for (int row = 0; row < rows; row++)
        {
            Sse.Prefetch0(result);
            Sse.Prefetch0(result + columns - 1);
            result += pitch;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector SecondMultiplyAdd<TSimd, TVector, TColumns>(TVector factor, TVector panel, TVector sum)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TColumns : struct, ITileCount => TColumns.Count > 1 ? TSimd.MultiplyAdd(factor, panel, sum) : sum;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<TSimd, TVector, TColumns>(float* to, TVector first, TVector second)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TColumns : struct, ITileCount
    {
        TSimd.Store(to, TSimd.Add(TSimd.Load(to), first));
        if (TColumns.Count > 1)
        {
            TSimd.Store(to + TSimd.Width, TSimd.Add(TSimd.Load(to + TSimd.Width), second));
        }
    }

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
}
