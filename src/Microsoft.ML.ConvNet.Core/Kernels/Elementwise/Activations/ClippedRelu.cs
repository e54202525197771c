using System.Runtime.CompilerServices;
using Microsoft.ML.ConvNet.Kernels.Simd;

namespace Microsoft.ML.ConvNet.Kernels.Elementwise.Activations;

/// <summary>min(max(x, 0), alpha), for alpha over 0; its derivative is 0 at 0 and at alpha.</summary>
/// <remarks>Krizhevsky, 2010 (with alpha 6).</remarks>
internal readonly struct ClippedRelu : IActivation
{
    /// <inheritdoc/>
    public static bool DerivativeFromOutput => true;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Forward<TSimd, TVector>(TVector x, TVector alpha)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct =>
        TSimd.Min(alpha, TSimd.Max(TSimd.Zero, x));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Derivative<TSimd, TVector>(TVector xOrY, TVector alpha)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector below = TSimd.Select(TSimd.LessThan(xOrY, alpha), TSimd.Create(1f), TSimd.Zero);
        return TSimd.Select(TSimd.LessThanOrEqual(xOrY, TSimd.Zero), TSimd.Zero, below);
    }
}
