using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Microsoft.ML.ConvNet.Kernels.Simd;

/// <content>Transposition of a block, and sums of its rows.</content>
internal readonly unsafe partial struct Simd128
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Transpose(float* from, nint fromPitch, float* to, nint toPitch)
    {
        Vector128<float> row0 = Vector128.Load(from);
        Vector128<float> row1 = Vector128.Load(from + fromPitch);
        Vector128<float> row2 = Vector128.Load(from + (2 * fromPitch));
        Vector128<float> row3 = Vector128.Load(from + (3 * fromPitch));
        Vector128<float> low02 = InterleaveLow(row0, row2);
        Vector128<float> high02 = InterleaveHigh(row0, row2);
        Vector128<float> low13 = InterleaveLow(row1, row3);
        Vector128<float> high13 = InterleaveHigh(row1, row3);
        InterleaveLow(low02, low13).Store(to);
        InterleaveHigh(low02, low13).Store(to + toPitch);
        InterleaveLow(high02, high13).Store(to + (2 * toPitch));
        InterleaveHigh(high02, high13).Store(to + (3 * toPitch));
    }

    /// <inheritdoc/>
    public static Vector128<float> SumEach(float* vectors)
    {
        Vector128<float> row0 = Vector128.Load(vectors);
        Vector128<float> row1 = Vector128.Load(vectors + Width);
        Vector128<float> row2 = Vector128.Load(vectors + (2 * Width));
        Vector128<float> row3 = Vector128.Load(vectors + (3 * Width));
        Vector128<float> sums02 = InterleaveLow(row0, row2) + InterleaveHigh(row0, row2);
        Vector128<float> sums13 = InterleaveLow(row1, row3) + InterleaveHigh(row1, row3);
        return InterleaveLow(sums02, sums13) + InterleaveHigh(sums02, sums13);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> InterleaveLow(Vector128<float> left, Vector128<float> right) =>
        Sse.IsSupported ? Sse.UnpackLow(left, right)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipLow(left, right)
        : Vector128.Create(left.GetElement(0), right.GetElement(0), left.GetElement(1), right.GetElement(1));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> InterleaveHigh(Vector128<float> left, Vector128<float> right) =>
        Sse.IsSupported ? Sse.UnpackHigh(left, right)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipHigh(left, right)
        : Vector128.Create(left.GetElement(2), right.GetElement(2), left.GetElement(3), right.GetElement(3));
}
