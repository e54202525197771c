using System.Runtime.CompilerServices;
using Microsoft.ML.ConvNet.Kernels.Simd;

namespace Microsoft.ML.ConvNet.Kernels.Convolution.Winograd;

/// <summary>
/// F(4, 3) with the points 0, ±p, ±q and infinity. The usual p = 1, q = 2 makes numbers of very different sizes meet; with
/// p = √½ and q = √2 (p q = 1) rounding errors are a third as large.
/// </summary>
internal readonly struct WinogradTransform4 : IWinogradTransform
{
    private const float P = 0.70710678f;
    private const float Q = 1.41421356f;

    /// <inheritdoc/>
    public static int Outputs => 4;

    /// <inheritdoc/>
    public static int Window => 6;

    /// <inheritdoc/>
    public static double Amplification => 189;

    /// <inheritdoc/>
    public static double WeightGradientAmplification => 218;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Input<TSimd, TVector>(
        ref TVector v0, ref TVector v1, ref TVector v2, ref TVector v3, ref TVector v4, ref TVector v5)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector p = TSimd.Create(P);
        TVector q = TSimd.Create(Q);
        TVector squares = TSimd.Create(2.5f);
        v0 = TSimd.MultiplyAddNegated(squares, v2, TSimd.Add(v0, v4));
        v5 = TSimd.MultiplyAddNegated(squares, v3, TSimd.Add(v1, v5));
        TVector evenP = TSimd.MultiplyAddNegated(TSimd.Create(2), v2, v4);
        TVector evenQ = TSimd.MultiplyAddNegated(TSimd.Create(0.5f), v2, v4);
        TVector oddP = TSimd.MultiplyAddNegated(q, v1, TSimd.Multiply(p, v3));
        TVector oddQ = TSimd.MultiplyAddNegated(p, v1, TSimd.Multiply(q, v3));
        v1 = TSimd.Add(evenP, oddP);
        v2 = TSimd.Subtract(evenP, oddP);
        v3 = TSimd.Add(evenQ, oddQ);
        v4 = TSimd.Subtract(evenQ, oddQ);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Weights<TSimd, TVector>(
        ref TVector v0, ref TVector v1, ref TVector v2, ref TVector v3, ref TVector v4, ref TVector v5)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        // The divisors are p²q² = 1, 2 p² (p² - q²) = -3/2 and 2 q² (q² - p²) = 6.
        TVector byP = TSimd.Create(-2f / 3);
        TVector byQ = TSimd.Create(1f / 6);
        TVector evenP = TSimd.Multiply(byP, TSimd.MultiplyAdd(TSimd.Create(0.5f), v2, v0));
        TVector evenQ = TSimd.Multiply(byQ, TSimd.MultiplyAdd(TSimd.Create(2), v2, v0));
        TVector oddP = TSimd.Multiply(TSimd.Create(-2f / 3 * P), v1);
        TVector oddQ = TSimd.Multiply(TSimd.Create(Q / 6), v1);
        v5 = v2;
        v1 = TSimd.Add(evenP, oddP);
        v2 = TSimd.Subtract(evenP, oddP);
        v3 = TSimd.Add(evenQ, oddQ);
        v4 = TSimd.Subtract(evenQ, oddQ);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Output<TSimd, TVector>(
        ref TVector v0, ref TVector v1, ref TVector v2, ref TVector v3, ref TVector v4, ref TVector v5)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector sumP = TSimd.Add(v1, v2);
        TVector differenceP = TSimd.Subtract(v1, v2);
        TVector sumQ = TSimd.Add(v3, v4);
        TVector differenceQ = TSimd.Subtract(v3, v4);
        v0 = TSimd.Add(v0, TSimd.Add(sumP, sumQ));
        v1 = TSimd.MultiplyAdd(TSimd.Create(P), differenceP, TSimd.Multiply(TSimd.Create(Q), differenceQ));
        v2 = TSimd.MultiplyAdd(TSimd.Create(0.5f), sumP, TSimd.Add(sumQ, sumQ));
        v3 = TSimd.MultiplyAdd(
            TSimd.Create(P / 2), differenceP, TSimd.MultiplyAdd(TSimd.Create(2 * Q), differenceQ, v5));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void OutputGradient<TSimd, TVector>(
        ref TVector v0, ref TVector v1, ref TVector v2, ref TVector v3, ref TVector v4, ref TVector v5)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector evenP = TSimd.MultiplyAdd(TSimd.Create(0.5f), v2, v0);
        TVector evenQ = TSimd.MultiplyAdd(TSimd.Create(2), v2, v0);
        TVector oddP = TSimd.MultiplyAdd(TSimd.Create(P / 2), v3, TSimd.Multiply(TSimd.Create(P), v1));
        TVector oddQ = TSimd.MultiplyAdd(TSimd.Create(2 * Q), v3, TSimd.Multiply(TSimd.Create(Q), v1));
        v5 = v3;
        v1 = TSimd.Add(evenP, oddP);
        v2 = TSimd.Subtract(evenP, oddP);
        v3 = TSimd.Add(evenQ, oddQ);
        v4 = TSimd.Subtract(evenQ, oddQ);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void WeightGradient<TSimd, TVector>(
        ref TVector v0, ref TVector v1, ref TVector v2, ref TVector v3, ref TVector v4, ref TVector v5)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector sumP = TSimd.Add(v1, v2);
        TVector sumQ = TSimd.Add(v3, v4);
        TVector differenceP = TSimd.Multiply(TSimd.Create(-2f / 3 * P), TSimd.Subtract(v1, v2));
        TVector differenceQ = TSimd.Multiply(TSimd.Create(Q / 6), TSimd.Subtract(v3, v4));
        TVector third = TSimd.Create(1f / 3);
        v0 = TSimd.MultiplyAdd(TSimd.Create(1f / 6), sumQ, TSimd.MultiplyAdd(TSimd.Create(-2f / 3), sumP, v0));
        v2 = TSimd.MultiplyAdd(third, TSimd.Subtract(sumQ, sumP), v5);
        v1 = TSimd.Add(differenceP, differenceQ);
    }
}
