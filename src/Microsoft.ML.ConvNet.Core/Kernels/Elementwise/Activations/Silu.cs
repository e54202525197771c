using System.Runtime.CompilerServices;
using Microsoft.ML.ConvNet.Kernels.Simd;

namespace Microsoft.ML.ConvNet.Kernels.Elementwise.Activations;

/// <summary>The sigmoid linear unit (swish), x / (1 + e^-x); relative error under 5e-7, 0 at minus infinity.</summary>
/// <remarks>Hendrycks and Gimpel, 2016; Ramachandran, Zoph and Le, 2017.</remarks>
internal readonly struct Silu : IActivation
{
    // The logistic function is 0 below this in float32, and 1 above.
    private const float Saturation = 105f;

    /// <inheritdoc/>
    public static bool DerivativeFromOutput => false;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Forward<TSimd, TVector>(TVector x, TVector alpha)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct =>
        TSimd.Multiply(TSimd.Max(TSimd.Create(-Saturation), x), VectorMath.Sigmoid<TSimd, TVector>(x));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Derivative<TSimd, TVector>(TVector xOrY, TVector alpha)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector clamped = TSimd.Min(TSimd.Create(Saturation), TSimd.Max(TSimd.Create(-Saturation), xOrY));
        TVector y = VectorMath.Sigmoid<TSimd, TVector>(clamped);
        TVector slope = TSimd.Multiply(clamped, TSimd.Subtract(TSimd.Create(1f), y));
        return TSimd.MultiplyAdd(y, slope, y);
    }
}
