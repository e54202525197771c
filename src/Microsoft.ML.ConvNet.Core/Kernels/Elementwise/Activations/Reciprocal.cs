using System.Runtime.CompilerServices;
using Microsoft.ML.ConvNet.Kernels.Simd;

namespace Microsoft.ML.ConvNet.Kernels.Elementwise.Activations;

/// <summary>1 / x; infinity at 0. Its derivative is -1 / x^2.</summary>
internal readonly struct Reciprocal : IActivation
{
    /// <inheritdoc/>
    public static bool DerivativeFromOutput => false;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Forward<TSimd, TVector>(TVector x, TVector alpha)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct =>
        TSimd.Divide(TSimd.Create(1f), x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Derivative<TSimd, TVector>(TVector xOrY, TVector alpha)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector reciprocal = TSimd.Divide(TSimd.Create(1f), xOrY);
        return TSimd.Multiply(reciprocal, TSimd.Negate(reciprocal));
    }
}
