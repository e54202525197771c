using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.ConvNet.Kernels.Simd;

/// <content>Significand and exponent.</content>
internal readonly unsafe partial struct Simd512
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> SplitExponent(Vector512<float> value, out Vector512<float> exponent)
    {
        Vector512<int> origin = Vector512.Create(FloatingPoint.SqrtOfHalf);
        Vector512<int> bits = value.AsInt32() - origin;
        exponent = Vector512.ConvertToSingle(Vector512.ShiftRightArithmetic(bits, FloatingPoint.SignificandBits));
        return ((bits & Vector512.Create(FloatingPoint.StoredSignificand)) + origin).AsSingle();
    }
}
