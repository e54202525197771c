using System.Runtime.CompilerServices;
using Microsoft.ML.ConvNet.Kernels.Simd;

namespace Microsoft.ML.ConvNet.Kernels.Arrays;

/// <summary>a + b.</summary>
internal readonly struct Addition : IBroadcastOperator
{
    /// <inheritdoc/>
    public static string Name => "add";

    /// <inheritdoc/>
    public static bool HasGradient => true;

    /// <inheritdoc/>
    public static bool GradientReadsInputs => false;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Apply<TSimd, TVector>(TVector a, TVector b)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct =>
        TSimd.Add(a, b);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector FirstGradient<TSimd, TVector>(TVector dy, TVector a, TVector b)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct =>
        dy;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector SecondGradient<TSimd, TVector>(TVector dy, TVector a, TVector b)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct =>
        dy;
}

/// <summary>a - b.</summary>
internal readonly struct Subtraction : IBroadcastOperator
{
    /// <inheritdoc/>
    public static string Name => "subtract";

    /// <inheritdoc/>
    public static bool HasGradient => true;

    /// <inheritdoc/>
    public static bool GradientReadsInputs => false;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Apply<TSimd, TVector>(TVector a, TVector b)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct =>
        TSimd.Subtract(a, b);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector FirstGradient<TSimd, TVector>(TVector dy, TVector a, TVector b)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct =>
        dy;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector SecondGradient<TSimd, TVector>(TVector dy, TVector a, TVector b)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct =>
        TSimd.Negate(dy);
}

/// <summary>a b.</summary>
internal readonly struct Multiplication : IBroadcastOperator
{
    /// <inheritdoc/>
    public static string Name => "multiply";

    /// <inheritdoc/>
    public static bool HasGradient => true;

    /// <inheritdoc/>
    public static bool GradientReadsInputs => true;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Apply<TSimd, TVector>(TVector a, TVector b)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct =>
        TSimd.Multiply(a, b);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector FirstGradient<TSimd, TVector>(TVector dy, TVector a, TVector b)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct =>
        TSimd.Multiply(dy, b);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector SecondGradient<TSimd, TVector>(TVector dy, TVector a, TVector b)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct =>
        TSimd.Multiply(dy, a);
}

/// <summary>a / b.</summary>
internal readonly struct Division : IBroadcastOperator
{
    /// <inheritdoc/>
    public static string Name => "divide";

    /// <inheritdoc/>
    public static bool HasGradient => true;

    /// <inheritdoc/>
    public static bool GradientReadsInputs => true;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Apply<TSimd, TVector>(TVector a, TVector b)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct =>
        TSimd.Divide(a, b);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector FirstGradient<TSimd, TVector>(TVector dy, TVector a, TVector b)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct =>
        TSimd.Divide(dy, b);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector SecondGradient<TSimd, TVector>(TVector dy, TVector a, TVector b)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct =>
        TSimd.Negate(TSimd.Divide(TSimd.Multiply(dy, TSimd.Divide(a, b)), b));
}
