using System.Runtime.CompilerServices;
using Microsoft.ML.ConvNet.Kernels.Simd;

namespace Microsoft.ML.ConvNet.Kernels.Elementwise.Activations;

/// <summary>The error function erf(x) = 2 / sqrt(pi) times the integral of exp(-t^2) from 0 to x; relative error under 1e-6.</summary>
/// <remarks>Near 0 its power series, beyond twice the normal distribution at sqrt(2) x, minus 1.</remarks>
internal readonly struct Erf : IActivation
{
    // Up to here the series of seven terms is exact in float32.
    private const float SeriesEnd = 0.5f;

    // The function is 1 in float32 beyond.
    private const float Saturation = 5f;

    private const float RootOfTwo = 1.41421356f;
    private const float SlopeAtZero = 1.12837917f;

    /// <inheritdoc/>
    public static bool DerivativeFromOutput => false;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Forward<TSimd, TVector>(TVector x, TVector alpha)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector a = TSimd.Min(TSimd.Create(Saturation), TSimd.Abs(x));
        TVector z = TSimd.Multiply(a, a);
        TVector p = TSimd.MultiplyAdd(TSimd.Create(1f / 9360f), z, TSimd.Create(-1f / 1320f));
        p = TSimd.MultiplyAdd(p, z, TSimd.Create(1f / 216f));
        p = TSimd.MultiplyAdd(p, z, TSimd.Create(-1f / 42f));
        p = TSimd.MultiplyAdd(p, z, TSimd.Create(1f / 10f));
        p = TSimd.MultiplyAdd(p, z, TSimd.Create(-1f / 3f));
        p = TSimd.MultiplyAdd(p, z, TSimd.Create(1f));
        TVector near = TSimd.Multiply(TSimd.Multiply(a, TSimd.Create(SlopeAtZero)), p);
        TVector cumulative = VectorMath.NormalCumulative<TSimd, TVector>(TSimd.Multiply(a, TSimd.Create(RootOfTwo)), out _);
        TVector far = TSimd.Subtract(TSimd.Add(cumulative, cumulative), TSimd.Create(1f));
        return TSimd.CopySign(TSimd.Select(TSimd.LessThan(a, TSimd.Create(SeriesEnd)), near, far), x);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Derivative<TSimd, TVector>(TVector xOrY, TVector alpha)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct =>
        TSimd.Multiply(TSimd.Create(SlopeAtZero), VectorMath.Exp<TSimd, TVector>(TSimd.Negate(TSimd.Multiply(xOrY, xOrY))));
}
