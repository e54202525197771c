using System.Runtime.CompilerServices;
using Microsoft.ML.ConvNet.Kernels.Simd;

namespace Microsoft.ML.ConvNet.Kernels.Elementwise.Activations;

/// <summary>
/// The Gaussian error linear unit with a hyperbolic tangent for the error function: x / 2 (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))); error
/// under 2e-7, relative above 0 under 5e-7.
/// </summary>
/// <remarks>Hendrycks and Gimpel, 2016. It is x times the logistic function of twice the argument.</remarks>
internal readonly struct GeluApproximation : IActivation
{
    // 2 sqrt(2 / pi).
    private const float Slope = 1.5957691f;
    private const float CubicShare = 0.044715f;

    // The logistic function of the argument is 0 below minus this in float32, and 1 above.
    private const float Saturation = 12f;

    /// <inheritdoc/>
    public static bool DerivativeFromOutput => false;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Forward<TSimd, TVector>(TVector x, TVector alpha)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector clamped = TSimd.Min(TSimd.Create(Saturation), TSimd.Max(TSimd.Create(-Saturation), x));
        TVector factor = VectorMath.Sigmoid<TSimd, TVector>(Argument<TSimd, TVector>(clamped));
        return TSimd.Multiply(TSimd.Max(TSimd.Create(-Saturation), x), factor);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Derivative<TSimd, TVector>(TVector xOrY, TVector alpha)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector one = TSimd.Create(1f);
        TVector clamped = TSimd.Min(TSimd.Create(Saturation), TSimd.Max(TSimd.Create(-Saturation), xOrY));
        TVector factor = VectorMath.Sigmoid<TSimd, TVector>(Argument<TSimd, TVector>(clamped));
        TVector inner = TSimd.MultiplyAdd(
            TSimd.Multiply(clamped, clamped), TSimd.Create(3f * CubicShare * Slope), TSimd.Create(Slope));
        TVector slope = TSimd.Multiply(TSimd.Multiply(clamped, inner), TSimd.Subtract(one, factor));
        return TSimd.MultiplyAdd(factor, slope, factor);
    }

    // 2 sqrt(2 / pi) (x + 0.044715 x^3).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Argument<TSimd, TVector>(TVector x)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct =>
        TSimd.Multiply(x, TSimd.MultiplyAdd(TSimd.Multiply(x, x), TSimd.Create(CubicShare * Slope), TSimd.Create(Slope)));
}
