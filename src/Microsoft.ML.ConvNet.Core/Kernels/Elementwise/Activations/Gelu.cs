using System.Runtime.CompilerServices;
using Microsoft.ML.ConvNet.Kernels.Simd;

namespace Microsoft.ML.ConvNet.Kernels.Elementwise.Activations;

/// <summary>The Gaussian error linear unit in its exact form, x / 2 (1 + erf(x / sqrt 2)); relative error under 1.2e-6, 0 at minus infinity.</summary>
/// <remarks>Hendrycks and Gimpel, 2016.</remarks>
internal readonly struct Gelu : IActivation
{
    // 1 / sqrt(2 pi).
    private const float DensityAtZero = 0.39894228f;

    // The normal distribution has no more mass beyond in float32.
    private const float Saturation = 20f;

    /// <inheritdoc/>
    public static bool DerivativeFromOutput => false;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Forward<TSimd, TVector>(TVector x, TVector alpha)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct =>
        TSimd.Multiply(TSimd.Max(TSimd.Create(-Saturation), x), VectorMath.NormalCumulative<TSimd, TVector>(x, out _));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Derivative<TSimd, TVector>(TVector xOrY, TVector alpha)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector clamped = TSimd.Min(TSimd.Create(Saturation), TSimd.Max(TSimd.Create(-Saturation), xOrY));
        TVector cumulative = VectorMath.NormalCumulative<TSimd, TVector>(clamped, out TVector exponential);
        return TSimd.MultiplyAdd(TSimd.Multiply(clamped, TSimd.Create(DensityAtZero)), exponential, cumulative);
    }
}
