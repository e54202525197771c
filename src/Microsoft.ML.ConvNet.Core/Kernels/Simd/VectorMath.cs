using System.Runtime.CompilerServices;

namespace Microsoft.ML.ConvNet.Kernels.Simd;

/// <summary>
/// Elementary functions of float32 vectors, with the same polynomials in every tier. NaN gives NaN; errors hold over all other inputs
/// and are stated for the tiers with fused multiply-add (without it they are up to one unit in the last place larger).
/// </summary>
/// <remarks>
/// Reduction x = n ln 2 + r with the two-part constant of Cody and Waite (1980); the coefficients are minimax fits
/// (Remez exchange) to the stated intervals.
/// </remarks>
internal static partial class VectorMath
{
    private const float Log2E = 1.44269504088896341f;
    private const float Ln2High = 0.693359375f;
    private const float Ln2Low = -2.12194440e-4f;
    private const float ExpOverflow = 88.7228394f;
    private const float ExpUnderflow = -103.972084f;

    /// <summary>1 for positive numbers, -1 for negative ones, 0 for zeros.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Sign<TSimd, TVector>(TVector x)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector sign = TSimd.Select(TSimd.GreaterThan(TSimd.Abs(x), TSimd.Zero), TSimd.CopySign(TSimd.Create(1f), x), TSimd.Zero);
        return TSimd.Select(TSimd.IsNaN(x), x, sign);
    }

    /// <summary>e^x within 2 units in the last place; 0 below -103.97, infinity above 88.72; subnormal results included.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Exp<TSimd, TVector>(TVector x)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct =>
        ExpOfSum<TSimd, TVector>(x, TSimd.Zero);

    /// <summary>
    /// e^(x + correction) for a correction small beside 1, within 2 units in the last place; the limits of <see cref="Exp"/> apply to x.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector ExpOfSum<TSimd, TVector>(TVector x, TVector correction)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector n = WholePart<TSimd, TVector>(x);
        TVector r = TSimd.Add(Remainder<TSimd, TVector>(x, n), correction);
        TVector p = TSimd.Add(TSimd.Create(1f), ExpMinusOneOfRemainder<TSimd, TVector>(r));
        TVector y = TSimd.ScaleByPowerOfTwo(p, n);
        y = TSimd.Select(TSimd.LessThan(x, TSimd.Create(ExpUnderflow)), TSimd.Zero, y);
        return TSimd.Select(TSimd.GreaterThan(x, TSimd.Create(ExpOverflow)), TSimd.Create(float.PositiveInfinity), y);
    }

    /// <summary>e^x - 1 for x of at most 80, with a relative error under 4e-7; -1 for x far below 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector ExpMinusOne<TSimd, TVector>(TVector x)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        x = TSimd.Max(TSimd.Create(-30f), x);
        TVector n = WholePart<TSimd, TVector>(x);
        TVector p = ExpMinusOneOfRemainder<TSimd, TVector>(Remainder<TSimd, TVector>(x, n));
        TVector power = TSimd.PowerOfTwo(n);
        return TSimd.MultiplyAdd(power, p, TSimd.Subtract(power, TSimd.Create(1f)));
    }

    /// <summary>ln(1 + u) for u in [0, 1], with a relative error under 4e-7: 2 artanh(u / (2 + u)).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector LogOnePlus<TSimd, TVector>(TVector u)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector s = TSimd.Divide(u, TSimd.Add(u, TSimd.Create(2f)));
        TVector z = TSimd.Multiply(s, s);
        TVector p = TSimd.MultiplyAdd(TSimd.Create(0.14012571f), z, TSimd.Create(0.13999507f));
        p = TSimd.MultiplyAdd(p, z, TSimd.Create(0.20010853f));
        p = TSimd.MultiplyAdd(p, z, TSimd.Create(0.33333206f));
        TVector twice = TSimd.Add(s, s);
        return TSimd.MultiplyAdd(TSimd.Multiply(twice, z), p, twice);
    }

    /// <summary>The logistic function 1 / (1 + e^-x), with a relative error under 4e-7 down to its subnormal results.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Sigmoid<TSimd, TVector>(TVector x)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector one = TSimd.Create(1f);
        TVector e = Exp<TSimd, TVector>(TSimd.Negate(TSimd.Abs(x)));
        TVector numerator = TSimd.Select(TSimd.LessThan(x, TSimd.Zero), e, one);
        return TSimd.Divide(numerator, TSimd.Add(one, e));
    }

    /// <summary>The hyperbolic tangent, with a relative error under 5e-7: m / (m + 2), m = e^(2 |x|) - 1, with the sign of x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Tanh<TSimd, TVector>(TVector x)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector a = TSimd.Abs(x);
        TVector m = ExpMinusOne<TSimd, TVector>(TSimd.Min(TSimd.Create(20f), TSimd.Add(a, a)));
        return TSimd.CopySign(TSimd.Divide(m, TSimd.Add(m, TSimd.Create(2f))), x);
    }

    /// <summary>ln(1 + e^x) = max(x, 0) + ln(1 + e^-|x|), with a relative error under 6e-7 where the result is not subnormal.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Softplus<TSimd, TVector>(TVector x)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector e = Exp<TSimd, TVector>(TSimd.Negate(TSimd.Abs(x)));
        return TSimd.Add(TSimd.Max(TSimd.Zero, x), LogOnePlus<TSimd, TVector>(e));
    }

    /// <summary>
    /// The normal distribution: its cumulative function at x, with a relative error under 1e-6 where the result is not subnormal, and
    /// <paramref name="exponential"/> = e^(-x^2 / 2).
    /// </summary>
    /// <remarks>
    /// The tail at -|x| is e^(-x^2 / 2) Q(|x|), where Q is a polynomial in 1 / (1 + 0.3 |x|), fitted over [0, 14.6];
    /// x^2 is formed in two parts, since the exponential would magnify its rounding error.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector NormalCumulative<TSimd, TVector>(TVector x, out TVector exponential)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector one = TSimd.Create(1f);
        TVector a = TSimd.Min(TSimd.Create(20f), TSimd.Abs(x));
        TVector high = TSimd.ClearLowBits(a);
        TVector square = TSimd.Multiply(TSimd.Multiply(high, TSimd.Create(-0.5f)), high);
        TVector rest = TSimd.Multiply(TSimd.Multiply(TSimd.Subtract(a, high), TSimd.Create(-0.5f)), TSimd.Add(a, high));
        exponential = ExpOfSum<TSimd, TVector>(square, rest);

        TVector t = TSimd.Divide(one, TSimd.MultiplyAdd(a, TSimd.Create(0.3f), one));
        TVector q = TSimd.MultiplyAdd(TSimd.Create(0.03841175f), t, TSimd.Create(-0.16932862f));
        q = TSimd.MultiplyAdd(q, t, TSimd.Create(0.22899538f));
        q = TSimd.MultiplyAdd(q, t, TSimd.Create(-0.07688942f));
        q = TSimd.MultiplyAdd(q, t, TSimd.Create(0.14279954f));
        q = TSimd.MultiplyAdd(q, t, TSimd.Create(0.09457132f));
        q = TSimd.MultiplyAdd(q, t, TSimd.Create(0.12194896f));
        q = TSimd.MultiplyAdd(q, t, TSimd.Create(0.11948369f));
        q = TSimd.MultiplyAdd(q, t, TSimd.Create(7.402476e-06f));
        q = TSimd.Multiply(q, exponential);
        return TSimd.Select(TSimd.GreaterThan(x, TSimd.Zero), TSimd.Subtract(one, q), q);
    }

    // The whole number nearest to x / ln 2, for |x| under 10^6; of no meaning beyond.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector WholePart<TSimd, TVector>(TVector x)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector magic = TSimd.Create(FloatingPoint.RoundingMagic);
        return TSimd.Subtract(TSimd.MultiplyAdd(x, TSimd.Create(Log2E), magic), magic);
    }

    // x - n ln 2: the product with the high part is exact, its 9 bits times the 8 of n.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Remainder<TSimd, TVector>(TVector x, TVector n)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct =>
        TSimd.MultiplyAddNegated(n, TSimd.Create(Ln2Low), TSimd.MultiplyAddNegated(n, TSimd.Create(Ln2High), x));

    // e^r - 1 for |r| of at most ln 2 / 2, the approximation within 1.4e-8 of r.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector ExpMinusOneOfRemainder<TSimd, TVector>(TVector r)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector p = TSimd.MultiplyAdd(TSimd.Create(0.0013946497f), r, TSimd.Create(0.008366611f));
        p = TSimd.MultiplyAdd(p, r, TSimd.Create(0.04166628f));
        p = TSimd.MultiplyAdd(p, r, TSimd.Create(0.16666543f));
        p = TSimd.MultiplyAdd(p, r, TSimd.Create(0.5f));
        return TSimd.MultiplyAdd(TSimd.Multiply(r, r), p, r);
    }
}
