using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.ConvNet.Kernels.Simd;

/// <content>Significand and exponent.</content>
internal readonly unsafe partial struct Simd128
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> SplitExponent(Vector128<float> value, out Vector128<float> exponent)
    {
        Vector128<int> origin = Vector128.Create(FloatingPoint.SqrtOfHalf);
        Vector128<int> bits = value.AsInt32() - origin;
        exponent = Vector128.ConvertToSingle(Vector128.ShiftRightArithmetic(bits, FloatingPoint.SignificandBits));
        return ((bits & Vector128.Create(FloatingPoint.StoredSignificand)) + origin).AsSingle();
    }
}
