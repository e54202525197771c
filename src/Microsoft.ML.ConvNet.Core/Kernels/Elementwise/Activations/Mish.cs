using System.Runtime.CompilerServices;
using Microsoft.ML.ConvNet.Kernels.Simd;

namespace Microsoft.ML.ConvNet.Kernels.Elementwise.Activations;

/// <summary>x tanh(ln(1 + e^x)), which is x n / (n + 2) with n = e^x (e^x + 2); relative error under 8e-7, 0 at minus infinity.</summary>
/// <remarks>Misra, 2019.</remarks>
internal readonly struct Mish : IActivation
{
    // e^x is 0 below the one in float32; above the other the factor of x is 1.
    private const float LowerSaturation = -105f;
    private const float UpperSaturation = 20f;

    /// <inheritdoc/>
    public static bool DerivativeFromOutput => false;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Forward<TSimd, TVector>(TVector x, TVector alpha)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector e = VectorMath.Exp<TSimd, TVector>(TSimd.Min(TSimd.Create(UpperSaturation), x));
        TVector n = TSimd.Multiply(e, TSimd.Add(e, TSimd.Create(2f)));
        TVector factor = TSimd.Divide(n, TSimd.Add(n, TSimd.Create(2f)));
        return TSimd.Multiply(TSimd.Max(TSimd.Create(LowerSaturation), x), factor);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Derivative<TSimd, TVector>(TVector xOrY, TVector alpha)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        // t + 4 x e (e + 1) / (n + 2)^2, t being the factor of x.
        TVector two = TSimd.Create(2f);
        TVector clamped = TSimd.Min(TSimd.Create(UpperSaturation), TSimd.Max(TSimd.Create(LowerSaturation), xOrY));
        TVector e = VectorMath.Exp<TSimd, TVector>(clamped);
        TVector n = TSimd.Multiply(e, TSimd.Add(e, two));
        TVector divisor = TSimd.Add(n, two);
        TVector product = TSimd.MultiplyAdd(e, e, e);
        TVector slope = TSimd.Divide(TSimd.Multiply(TSimd.Multiply(TSimd.Create(4f), clamped), product), TSimd.Multiply(divisor, divisor));
        return TSimd.Add(TSimd.Divide(n, divisor), slope);
    }
}
