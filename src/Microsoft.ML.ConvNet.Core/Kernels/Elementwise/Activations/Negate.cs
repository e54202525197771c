using System.Runtime.CompilerServices;
using Microsoft.ML.ConvNet.Kernels.Simd;

namespace Microsoft.ML.ConvNet.Kernels.Elementwise.Activations;

/// <summary>-x.</summary>
internal readonly struct Negate : IActivation
{
    /// <inheritdoc/>
    public static bool DerivativeFromOutput => true;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Forward<TSimd, TVector>(TVector x, TVector alpha)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct =>
        TSimd.Negate(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Derivative<TSimd, TVector>(TVector xOrY, TVector alpha)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct =>
        TSimd.Create(-1f);
}
