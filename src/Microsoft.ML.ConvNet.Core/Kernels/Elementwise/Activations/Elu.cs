using System.Runtime.CompilerServices;
using Microsoft.ML.ConvNet.Kernels.Simd;

namespace Microsoft.ML.ConvNet.Kernels.Elementwise.Activations;

/// <summary>The exponential linear unit: x above 0, alpha (e^x - 1) below, for alpha over 0; relative error under 5e-7.</summary>
/// <remarks>Clevert, Unterthiner and Hochreiter, 2015.</remarks>
internal readonly struct Elu : IActivation
{
    /// <inheritdoc/>
    public static bool DerivativeFromOutput => true;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Forward<TSimd, TVector>(TVector x, TVector alpha)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector below = TSimd.Multiply(alpha, VectorMath.ExpMinusOne<TSimd, TVector>(TSimd.Min(TSimd.Zero, x)));
        return TSimd.Select(TSimd.LessThan(x, TSimd.Zero), below, x);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Derivative<TSimd, TVector>(TVector xOrY, TVector alpha)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct =>
        TSimd.Select(TSimd.LessThanOrEqual(xOrY, TSimd.Zero), TSimd.Add(xOrY, alpha), TSimd.Create(1f));
}
