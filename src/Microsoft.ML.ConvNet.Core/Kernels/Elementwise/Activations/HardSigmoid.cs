using System.Runtime.CompilerServices;
using Microsoft.ML.ConvNet.Kernels.Simd;

namespace Microsoft.ML.ConvNet.Kernels.Elementwise.Activations;

/// <summary>max(0, min(1, alpha x + 1/2)), for alpha of at least 0; its derivative is 0 where it bends.</summary>
/// <remarks>Courbariaux, Bengio and David, 2015.</remarks>
internal readonly struct HardSigmoid : IActivation
{
    /// <inheritdoc/>
    public static bool DerivativeFromOutput => true;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Forward<TSimd, TVector>(TVector x, TVector alpha)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector line = TSimd.MultiplyAdd(alpha, x, TSimd.Create(0.5f));
        return TSimd.Max(TSimd.Zero, TSimd.Min(TSimd.Create(1f), line));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Derivative<TSimd, TVector>(TVector xOrY, TVector alpha)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector below = TSimd.Select(TSimd.LessThan(xOrY, TSimd.Create(1f)), alpha, TSimd.Zero);
        return TSimd.Select(TSimd.LessThanOrEqual(xOrY, TSimd.Zero), TSimd.Zero, below);
    }
}
