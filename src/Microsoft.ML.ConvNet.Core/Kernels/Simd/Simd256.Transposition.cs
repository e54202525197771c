using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Microsoft.ML.ConvNet.Kernels.Simd;

/// <content>Transposition of a block, and sums of its rows.</content>
internal readonly unsafe partial struct Simd256
{
    // The lower, or the upper, half of one vector and then of another.
    private const byte LowHalves = 0x20;
    private const byte HighHalves = 0x31;

    /// <inheritdoc/>
    public static void Transpose(float* from, nint fromPitch, float* to, nint toPitch)
    {
        if (!Avx.IsSupported)
        {
            TransposeByNumbers(from, fromPitch, to, toPitch);
            return;
        }

        // Four rows at a time: afterwards a vector holds these rows' numbers of the columns j and 4 + j.
        TransposeQuads(
            from,
            fromPitch,
            out Vector256<float> a0,
            out Vector256<float> a1,
            out Vector256<float> a2,
            out Vector256<float> a3);
        TransposeQuads(
            from + (4 * fromPitch),
            fromPitch,
            out Vector256<float> b0,
            out Vector256<float> b1,
            out Vector256<float> b2,
            out Vector256<float> b3);
        StoreColumns(to, toPitch, a0, b0);
        StoreColumns(to + toPitch, toPitch, a1, b1);
        StoreColumns(to + (2 * toPitch), toPitch, a2, b2);
        StoreColumns(to + (3 * toPitch), toPitch, a3, b3);
    }

    /// <inheritdoc/>
    public static Vector256<float> SumEach(float* vectors)
    {
        if (!Avx.IsSupported)
        {
            return SumByVectors(vectors);
        }

        Vector256<float> sums0 = SumQuads(vectors);
        Vector256<float> sums1 = SumQuads(vectors + (4 * Width));
        return Avx.Permute2x128(sums0, sums1, LowHalves) + Avx.Permute2x128(sums0, sums1, HighHalves);
    }

    // The sums of four vectors over the lanes of each 128 bits.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> SumQuads(float* vectors)
    {
        Vector256<float> row0 = Vector256.Load(vectors);
        Vector256<float> row1 = Vector256.Load(vectors + Width);
        Vector256<float> row2 = Vector256.Load(vectors + (2 * Width));
        Vector256<float> row3 = Vector256.Load(vectors + (3 * Width));
        Vector256<double> sums01 = (Avx.UnpackLow(row0, row1) + Avx.UnpackHigh(row0, row1)).AsDouble();
        Vector256<double> sums23 = (Avx.UnpackLow(row2, row3) + Avx.UnpackHigh(row2, row3)).AsDouble();
        return Avx.UnpackLow(sums01, sums23).AsSingle() + Avx.UnpackHigh(sums01, sums23).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TransposeQuads(
        float* from,
        nint pitch,
        out Vector256<float> column0,
        out Vector256<float> column1,
        out Vector256<float> column2,
        out Vector256<float> column3)
    {
        Vector256<float> row0 = Vector256.Load(from);
        Vector256<float> row1 = Vector256.Load(from + pitch);
        Vector256<float> row2 = Vector256.Load(from + (2 * pitch));
        Vector256<float> row3 = Vector256.Load(from + (3 * pitch));
        Vector256<double> low01 = Avx.UnpackLow(row0, row1).AsDouble();
        Vector256<double> high01 = Avx.UnpackHigh(row0, row1).AsDouble();
        Vector256<double> low23 = Avx.UnpackLow(row2, row3).AsDouble();
        Vector256<double> high23 = Avx.UnpackHigh(row2, row3).AsDouble();
        column0 = Avx.UnpackLow(low01, low23).AsSingle();
        column1 = Avx.UnpackHigh(low01, low23).AsSingle();
        column2 = Avx.UnpackLow(high01, high23).AsSingle();
        column3 = Avx.UnpackHigh(high01, high23).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreColumns(float* to, nint pitch, Vector256<float> a, Vector256<float> b)
    {
        Avx.Permute2x128(a, b, LowHalves).Store(to);
        Avx.Permute2x128(a, b, HighHalves).Store(to + (4 * pitch));
    }

    private static void TransposeByNumbers(float* from, nint fromPitch, float* to, nint toPitch)
    {
        for (int i = 0; i < Width * Width; i++)
        {
            to[(i % Width * toPitch) + (i / Width)] = from[(i / Width * fromPitch) + (i % Width)];
        }
    }

    private static Vector256<float> SumByVectors(float* vectors)
    {
        float* sums = stackalloc float[Vector256<float>.Count];
        for (int i = 0; i < Width; i++)
        {
            sums[i] = Sum(Load(vectors + (i * Width)));
        }

        return Load(sums);
    }
}
