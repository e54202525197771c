using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Microsoft.ML.ConvNet.Kernels.Simd;

/// <content>Transposition of a block, and sums of its rows.</content>
internal readonly unsafe partial struct Simd512
{
    // The 128-bit lanes 0 and 2, or 1 and 3, of one vector and then of another.
    private const byte Even = 0x88;
    private const byte Odd = 0xDD;

    /// <inheritdoc/>
    public static void Transpose(float* from, nint fromPitch, float* to, nint toPitch)
    {
        if (!Avx512F.IsSupported)
        {
            TransposeByNumbers(from, fromPitch, to, toPitch);
            return;
        }

        // Four rows at a time: afterwards a vector holds these rows' numbers of the columns j, 4 + j, 8 + j and 12 + j.
        TransposeQuads(
            from,
            fromPitch,
            out Vector512<float> a0,
            out Vector512<float> a1,
            out Vector512<float> a2,
            out Vector512<float> a3);
        TransposeQuads(
            from + (4 * fromPitch),
            fromPitch,
            out Vector512<float> b0,
            out Vector512<float> b1,
            out Vector512<float> b2,
            out Vector512<float> b3);
        TransposeQuads(
            from + (8 * fromPitch),
            fromPitch,
            out Vector512<float> c0,
            out Vector512<float> c1,
            out Vector512<float> c2,
            out Vector512<float> c3);
        TransposeQuads(
            from + (12 * fromPitch),
            fromPitch,
            out Vector512<float> d0,
            out Vector512<float> d1,
            out Vector512<float> d2,
            out Vector512<float> d3);
        StoreColumns(to, toPitch, a0, b0, c0, d0);
        StoreColumns(to + toPitch, toPitch, a1, b1, c1, d1);
        StoreColumns(to + (2 * toPitch), toPitch, a2, b2, c2, d2);
        StoreColumns(to + (3 * toPitch), toPitch, a3, b3, c3, d3);
    }

    /// <inheritdoc/>
    public static Vector512<float> SumEach(float* vectors)
    {
        if (!Avx512F.IsSupported)
        {
            return SumByVectors(vectors);
        }

        Vector512<float> sums0 = SumQuads(vectors);
        Vector512<float> sums1 = SumQuads(vectors + (4 * Width));
        Vector512<float> sums2 = SumQuads(vectors + (8 * Width));
        Vector512<float> sums3 = SumQuads(vectors + (12 * Width));
        Vector512<float> sums01 = Avx512F.Shuffle4x128(sums0, sums1, Even) + Avx512F.Shuffle4x128(sums0, sums1, Odd);
        Vector512<float> sums23 = Avx512F.Shuffle4x128(sums2, sums3, Even) + Avx512F.Shuffle4x128(sums2, sums3, Odd);
        return Avx512F.Shuffle4x128(sums01, sums23, Even) + Avx512F.Shuffle4x128(sums01, sums23, Odd);
    }

    // The sums of four vectors over the lanes of each 128 bits.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> SumQuads(float* vectors)
    {
        Vector512<float> row0 = Vector512.Load(vectors);
        Vector512<float> row1 = Vector512.Load(vectors + Width);
        Vector512<float> row2 = Vector512.Load(vectors + (2 * Width));
        Vector512<float> row3 = Vector512.Load(vectors + (3 * Width));
        Vector512<double> sums01 = (Avx512F.UnpackLow(row0, row1) + Avx512F.UnpackHigh(row0, row1)).AsDouble();
        Vector512<double> sums23 = (Avx512F.UnpackLow(row2, row3) + Avx512F.UnpackHigh(row2, row3)).AsDouble();
        return Avx512F.UnpackLow(sums01, sums23).AsSingle() + Avx512F.UnpackHigh(sums01, sums23).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TransposeQuads(
        float* from,
        nint pitch,
        out Vector512<float> column0,
        out Vector512<float> column1,
        out Vector512<float> column2,
        out Vector512<float> column3)
    {
        Vector512<float> row0 = Vector512.Load(from);
        Vector512<float> row1 = Vector512.Load(from + pitch);
        Vector512<float> row2 = Vector512.Load(from + (2 * pitch));
        Vector512<float> row3 = Vector512.Load(from + (3 * pitch));
        Vector512<double> low01 = Avx512F.UnpackLow(row0, row1).AsDouble();
        Vector512<double> high01 = Avx512F.UnpackHigh(row0, row1).AsDouble();
        Vector512<double> low23 = Avx512F.UnpackLow(row2, row3).AsDouble();
        Vector512<double> high23 = Avx512F.UnpackHigh(row2, row3).AsDouble();
        column0 = Avx512F.UnpackLow(low01, low23).AsSingle();
        column1 = Avx512F.UnpackHigh(low01, low23).AsSingle();
        column2 = Avx512F.UnpackLow(high01, high23).AsSingle();
        column3 = Avx512F.UnpackHigh(high01, high23).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreColumns(
        float* to, nint pitch, Vector512<float> a, Vector512<float> b, Vector512<float> c, Vector512<float> d)
    {
        Vector512<float> evenAB = Avx512F.Shuffle4x128(a, b, Even);
        Vector512<float> oddAB = Avx512F.Shuffle4x128(a, b, Odd);
        Vector512<float> evenCD = Avx512F.Shuffle4x128(c, d, Even);
        Vector512<float> oddCD = Avx512F.Shuffle4x128(c, d, Odd);
        Avx512F.Shuffle4x128(evenAB, evenCD, Even).Store(to);
        Avx512F.Shuffle4x128(oddAB, oddCD, Even).Store(to + (4 * pitch));
        Avx512F.Shuffle4x128(evenAB, evenCD, Odd).Store(to + (8 * pitch));
        Avx512F.Shuffle4x128(oddAB, oddCD, Odd).Store(to + (12 * pitch));
    }

    private static void TransposeByNumbers(float* from, nint fromPitch, float* to, nint toPitch)
    {
        for (int i = 0; i < Width * Width; i++)
        {
            to[(i % Width * toPitch) + (i / Width)] = from[(i / Width * fromPitch) + (i % Width)];
        }
    }

    private static Vector512<float> SumByVectors(float* vectors)
    {
        float* sums = stackalloc float[Vector512<float>.Count];
        for (int i = 0; i < Width; i++)
        {
            sums[i] = Sum(Load(vectors + (i * Width)));
        }

        return Load(sums);
    }
}
