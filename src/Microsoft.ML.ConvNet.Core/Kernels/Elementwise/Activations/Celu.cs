using System.Runtime.CompilerServices;
using Microsoft.ML.ConvNet.Kernels.Simd;

namespace Microsoft.ML.ConvNet.Kernels.Elementwise.Activations;

/// <summary>The continuously differentiable exponential linear unit: x above 0, alpha (e^(x / alpha) - 1) below, for alpha over 0; relative error under 6e-7.</summary>
/// <remarks>Barron, 2017.</remarks>
internal readonly struct Celu : IActivation
{
    /// <inheritdoc/>
    public static bool DerivativeFromOutput => true;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Forward<TSimd, TVector>(TVector x, TVector alpha)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector argument = TSimd.Divide(TSimd.Min(TSimd.Zero, x), alpha);
        TVector below = TSimd.Multiply(alpha, VectorMath.ExpMinusOne<TSimd, TVector>(argument));
        return TSimd.Select(TSimd.LessThan(x, TSimd.Zero), below, x);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Derivative<TSimd, TVector>(TVector xOrY, TVector alpha)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector one = TSimd.Create(1f);
        return TSimd.Select(TSimd.LessThanOrEqual(xOrY, TSimd.Zero), TSimd.Add(TSimd.Divide(xOrY, alpha), one), one);
    }
}
