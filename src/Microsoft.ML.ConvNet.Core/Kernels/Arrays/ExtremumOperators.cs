using System.Runtime.CompilerServices;
using Microsoft.ML.ConvNet.Kernels.Simd;

namespace Microsoft.ML.ConvNet.Kernels.Arrays;

/// <summary>The share of an element in the gradient of the larger one: 1 where it is, 1/2 where both are the same, else 0.</summary>
internal static class ExtremumShare
{
    /// <summary>The share of the first element.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Of<TSimd, TVector>(TVector a, TVector b)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct =>
        TSimd.Select(
            TSimd.GreaterThan(a, b),
            TSimd.Create(1f),
            TSimd.Select(TSimd.LessThan(a, b), TSimd.Zero, TSimd.Create(0.5f)));
}

/// <summary>The larger of a and b; NaN where one of them is.</summary>
internal readonly struct LargerOperator : IBroadcastOperator
{
    /// <inheritdoc/>
    public static string Name => "maximum";

    /// <inheritdoc/>
    public static bool HasGradient => true;

    /// <inheritdoc/>
    public static bool GradientReadsInputs => true;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Apply<TSimd, TVector>(TVector a, TVector b)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct =>
        TSimd.Select(TSimd.IsNaN(a), a, TSimd.Max(a, b));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector FirstGradient<TSimd, TVector>(TVector dy, TVector a, TVector b)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct =>
        TSimd.Multiply(dy, ExtremumShare.Of<TSimd, TVector>(a, b));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector SecondGradient<TSimd, TVector>(TVector dy, TVector a, TVector b)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct =>
        TSimd.Multiply(dy, ExtremumShare.Of<TSimd, TVector>(b, a));
}

/// <summary>The smaller of a and b; NaN where one of them is.</summary>
internal readonly struct SmallerOperator : IBroadcastOperator
{
    /// <inheritdoc/>
    public static string Name => "minimum";

    /// <inheritdoc/>
    public static bool HasGradient => true;

    /// <inheritdoc/>
    public static bool GradientReadsInputs => true;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Apply<TSimd, TVector>(TVector a, TVector b)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct =>
        TSimd.Select(TSimd.IsNaN(a), a, TSimd.Min(a, b));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector FirstGradient<TSimd, TVector>(TVector dy, TVector a, TVector b)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct =>
        TSimd.Multiply(dy, ExtremumShare.Of<TSimd, TVector>(b, a));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector SecondGradient<TSimd, TVector>(TVector dy, TVector a, TVector b)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct =>
        TSimd.Multiply(dy, ExtremumShare.Of<TSimd, TVector>(a, b));
}
