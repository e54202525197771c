using System.Runtime.CompilerServices;
using Microsoft.ML.ConvNet.Kernels.Simd;

namespace Microsoft.ML.ConvNet.Kernels.Elementwise.Activations;

/// <summary>x max(0, min(1, x / 6 + 1/2)); relative error under 3e-7. Its derivative is 0 at -3 and 1 at 3.</summary>
/// <remarks>Howard et al., 2019.</remarks>
internal readonly struct HardSwish : IActivation
{
    // The gate is closed below -Bend and open above Bend.
    private const float Bend = 3f;

    /// <inheritdoc/>
    public static bool DerivativeFromOutput => false;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Forward<TSimd, TVector>(TVector x, TVector alpha)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector line = TSimd.Multiply(TSimd.Add(x, TSimd.Create(Bend)), TSimd.Create(1f / 6f));
        TVector gate = TSimd.Max(TSimd.Zero, TSimd.Min(TSimd.Create(1f), line));
        return TSimd.Multiply(TSimd.Max(TSimd.Create(-Bend), x), gate);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Derivative<TSimd, TVector>(TVector xOrY, TVector alpha)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector bend = TSimd.Create(Bend);
        TVector one = TSimd.Create(1f);
        TVector slope = TSimd.MultiplyAdd(xOrY, TSimd.Create(1f / 3f), TSimd.Create(0.5f));
        slope = TSimd.Select(TSimd.LessThan(xOrY, bend), slope, one);
        return TSimd.Select(TSimd.LessThanOrEqual(xOrY, TSimd.Negate(bend)), TSimd.Zero, slope);
    }
}
