using System.Runtime.CompilerServices;

namespace Microsoft.ML.ConvNet.Kernels.Simd;

/// <content>The logarithm and what comes from it.</content>
internal static partial class VectorMath
{
    private const float SmallestNormal = 1.17549435e-38f;

    // 2^23 makes every subnormal normal.
    private const float SubnormalScale = 8388608f;

    /// <summary>
    /// ln x with a relative error under 4e-7, of subnormal arguments, too; minus infinity at 0, NaN below.
    /// </summary>
    /// <remarks>
    /// x = m 2^n, m in [sqrt(1/2), sqrt(2)); ln m = 2 artanh(s), s = (m - 1) / (m + 1), by its series up to s^9; the next term is under 2e-9
    /// of the sum.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Log<TSimd, TVector>(TVector x)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector one = TSimd.Create(1f);
        TVector small = TSimd.LessThan(x, TSimd.Create(SmallestNormal));
        TVector scaled = TSimd.Select(small, TSimd.Multiply(x, TSimd.Create(SubnormalScale)), x);
        TVector m = TSimd.SplitExponent(scaled, out TVector n);
        n = TSimd.Select(small, TSimd.Subtract(n, TSimd.Create(FloatingPoint.SignificandBits)), n);

        TVector s = TSimd.Divide(TSimd.Subtract(m, one), TSimd.Add(m, one));
        TVector z = TSimd.Multiply(s, s);
        TVector p = TSimd.MultiplyAdd(z, TSimd.Create(1f / 9f), TSimd.Create(1f / 7f));
        p = TSimd.MultiplyAdd(p, z, TSimd.Create(1f / 5f));
        p = TSimd.MultiplyAdd(p, z, TSimd.Create(1f / 3f));
        TVector twice = TSimd.Add(s, s);
        TVector low = TSimd.MultiplyAdd(n, TSimd.Create(Ln2Low), TSimd.Multiply(TSimd.Multiply(twice, z), p));
        TVector y = TSimd.MultiplyAdd(n, TSimd.Create(Ln2High), TSimd.Add(twice, low));

        y = TSimd.Select(TSimd.LessThan(x, TSimd.Create(float.PositiveInfinity)), y, x);
        y = TSimd.Select(TSimd.LessThanOrEqual(x, TSimd.Zero), TSimd.Create(float.NegativeInfinity), y);
        return TSimd.Select(TSimd.LessThan(x, TSimd.Zero), TSimd.Create(float.NaN), y);
    }

    /// <summary>
    /// x^exponent for x over 0: e^(exponent ln x), with a relative error of about 1e-7 (1 + 4 |exponent ln x|).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector PowerOfPositive<TSimd, TVector>(TVector x, TVector exponent)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct =>
        Exp<TSimd, TVector>(TSimd.Multiply(exponent, Log<TSimd, TVector>(x)));
}
