using System.Runtime.CompilerServices;
using Microsoft.ML.ConvNet.Kernels.Simd;

namespace Microsoft.ML.ConvNet.Kernels.Elementwise.Activations;

/// <summary>ln(1 + e^x); relative error under 6e-7. Its derivative, the logistic function, is 1 - e^-y.</summary>
/// <remarks>Dugas et al., 2001.</remarks>
internal readonly struct Softplus : IActivation
{
    /// <inheritdoc/>
    public static bool DerivativeFromOutput => true;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Forward<TSimd, TVector>(TVector x, TVector alpha)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct =>
        VectorMath.Softplus<TSimd, TVector>(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Derivative<TSimd, TVector>(TVector xOrY, TVector alpha)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct =>
        TSimd.Negate(VectorMath.ExpMinusOne<TSimd, TVector>(TSimd.Negate(xOrY)));
}
