using System.Runtime.CompilerServices;
using Microsoft.ML.ConvNet.Kernels.Simd;

namespace Microsoft.ML.ConvNet.Kernels.Elementwise.Activations;

/// <summary>The hyperbolic tangent; relative error under 5e-7.</summary>
internal readonly struct Tanh : IActivation
{
    /// <inheritdoc/>
    public static bool DerivativeFromOutput => true;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Forward<TSimd, TVector>(TVector x, TVector alpha)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct =>
        VectorMath.Tanh<TSimd, TVector>(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Derivative<TSimd, TVector>(TVector xOrY, TVector alpha)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct =>
        TSimd.MultiplyAddNegated(xOrY, xOrY, TSimd.Create(1f));
}
