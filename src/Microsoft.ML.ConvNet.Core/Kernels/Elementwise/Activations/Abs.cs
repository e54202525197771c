using System.Runtime.CompilerServices;
using Microsoft.ML.ConvNet.Kernels.Simd;

namespace Microsoft.ML.ConvNet.Kernels.Elementwise.Activations;

/// <summary>|x|; its derivative at 0 is 0.</summary>
internal readonly struct Abs : IActivation
{
    /// <inheritdoc/>
    public static bool DerivativeFromOutput => false;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Forward<TSimd, TVector>(TVector x, TVector alpha)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct =>
        TSimd.Abs(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Derivative<TSimd, TVector>(TVector xOrY, TVector alpha)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector below = TSimd.Select(TSimd.LessThan(xOrY, TSimd.Zero), TSimd.Create(-1f), TSimd.Zero);
        return TSimd.Select(TSimd.GreaterThan(xOrY, TSimd.Zero), TSimd.Create(1f), below);
    }
}
