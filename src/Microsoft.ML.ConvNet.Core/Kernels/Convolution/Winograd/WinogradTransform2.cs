using System.Runtime.CompilerServices;
using Microsoft.ML.ConvNet.Kernels.Simd;

namespace Microsoft.ML.ConvNet.Kernels.Convolution.Winograd;

/// <summary>F(2, 3) with the points 0, 1, -1 and infinity.</summary>
internal readonly struct WinogradTransform2 : IWinogradTransform
{
    /// <inheritdoc/>
    public static int Outputs => 2;

    /// <inheritdoc/>
    public static int Window => 4;

    /// <inheritdoc/>
    public static double Amplification => 16;

    /// <inheritdoc/>
    public static double WeightGradientAmplification => 16;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Input<TSimd, TVector>(
        ref TVector v0, ref TVector v1, ref TVector v2, ref TVector v3, ref TVector v4, ref TVector v5)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        v0 = TSimd.Subtract(v0, v2);
        v3 = TSimd.Subtract(v1, v3);
        TVector sum = TSimd.Add(v1, v2);
        v2 = TSimd.Subtract(v2, v1);
        v1 = sum;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Weights<TSimd, TVector>(
        ref TVector v0, ref TVector v1, ref TVector v2, ref TVector v3, ref TVector v4, ref TVector v5)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector half = TSimd.Create(0.5f);
        TVector outer = TSimd.Add(v0, v2);
        v3 = v2;
        v2 = TSimd.Multiply(half, TSimd.Subtract(outer, v1));
        v1 = TSimd.Multiply(half, TSimd.Add(outer, v1));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Output<TSimd, TVector>(
        ref TVector v0, ref TVector v1, ref TVector v2, ref TVector v3, ref TVector v4, ref TVector v5)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        v0 = TSimd.Add(v0, TSimd.Add(v1, v2));
        v1 = TSimd.Subtract(TSimd.Subtract(v1, v2), v3);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void OutputGradient<TSimd, TVector>(
        ref TVector v0, ref TVector v1, ref TVector v2, ref TVector v3, ref TVector v4, ref TVector v5)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        v3 = TSimd.Negate(v1);
        TVector sum = TSimd.Add(v0, v1);
        v2 = TSimd.Subtract(v0, v1);
        v1 = sum;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void WeightGradient<TSimd, TVector>(
        ref TVector v0, ref TVector v1, ref TVector v2, ref TVector v3, ref TVector v4, ref TVector v5)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector half = TSimd.Create(0.5f);
        TVector sum = TSimd.Multiply(half, TSimd.Add(v1, v2));
        v1 = TSimd.Multiply(half, TSimd.Subtract(v1, v2));
        v0 = TSimd.Add(v0, sum);
        v2 = TSimd.Add(sum, v3);
    }
}
