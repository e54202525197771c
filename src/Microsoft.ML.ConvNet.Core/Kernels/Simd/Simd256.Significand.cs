using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.ConvNet.Kernels.Simd;

/// <content>Significand and exponent.</content>
internal readonly unsafe partial struct Simd256
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> SplitExponent(Vector256<float> value, out Vector256<float> exponent)
    {
        Vector256<int> origin = Vector256.Create(FloatingPoint.SqrtOfHalf);
        Vector256<int> bits = value.AsInt32() - origin;
        exponent = Vector256.ConvertToSingle(Vector256.ShiftRightArithmetic(bits, FloatingPoint.SignificandBits));
        return ((bits & Vector256.Create(FloatingPoint.StoredSignificand)) + origin).AsSingle();
    }
}
