using System.Runtime.CompilerServices;
using Microsoft.ML.ConvNet.Kernels.Simd;

namespace Microsoft.ML.ConvNet.Kernels.Arrays;

/// <summary>1 where a &lt; b, else 0.</summary>
internal readonly struct LessOperator : IBroadcastOperator
{
    /// <inheritdoc/>
    public static string Name => "less";

    /// <inheritdoc/>
    public static bool HasGradient => false;

    /// <inheritdoc/>
    public static bool GradientReadsInputs => false;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Apply<TSimd, TVector>(TVector a, TVector b)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct =>
        TSimd.Select(TSimd.LessThan(a, b), TSimd.Create(1f), TSimd.Zero);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector FirstGradient<TSimd, TVector>(TVector dy, TVector a, TVector b)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct =>
        TSimd.Zero;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector SecondGradient<TSimd, TVector>(TVector dy, TVector a, TVector b)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct =>
        TSimd.Zero;
}

/// <summary>1 where a &lt;= b, else 0.</summary>
internal readonly struct LessOrEqualOperator : IBroadcastOperator
{
    /// <inheritdoc/>
    public static string Name => "less or equal";

    /// <inheritdoc/>
    public static bool HasGradient => false;

    /// <inheritdoc/>
    public static bool GradientReadsInputs => false;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Apply<TSimd, TVector>(TVector a, TVector b)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct =>
        TSimd.Select(TSimd.LessThanOrEqual(a, b), TSimd.Create(1f), TSimd.Zero);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector FirstGradient<TSimd, TVector>(TVector dy, TVector a, TVector b)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct =>
        TSimd.Zero;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector SecondGradient<TSimd, TVector>(TVector dy, TVector a, TVector b)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct =>
        TSimd.Zero;
}

/// <summary>1 where a &gt; b, else 0.</summary>
internal readonly struct GreaterOperator : IBroadcastOperator
{
    /// <inheritdoc/>
    public static string Name => "greater";

    /// <inheritdoc/>
    public static bool HasGradient => false;

    /// <inheritdoc/>
    public static bool GradientReadsInputs => false;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Apply<TSimd, TVector>(TVector a, TVector b)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct =>
        TSimd.Select(TSimd.GreaterThan(a, b), TSimd.Create(1f), TSimd.Zero);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector FirstGradient<TSimd, TVector>(TVector dy, TVector a, TVector b)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct =>
        TSimd.Zero;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector SecondGradient<TSimd, TVector>(TVector dy, TVector a, TVector b)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct =>
        TSimd.Zero;
}

/// <summary>1 where a &gt;= b, else 0.</summary>
internal readonly struct GreaterOrEqualOperator : IBroadcastOperator
{
    /// <inheritdoc/>
    public static string Name => "greater or equal";

    /// <inheritdoc/>
    public static bool HasGradient => false;

    /// <inheritdoc/>
    public static bool GradientReadsInputs => false;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Apply<TSimd, TVector>(TVector a, TVector b)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct =>
        TSimd.Select(TSimd.LessThanOrEqual(b, a), TSimd.Create(1f), TSimd.Zero);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector FirstGradient<TSimd, TVector>(TVector dy, TVector a, TVector b)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct =>
        TSimd.Zero;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector SecondGradient<TSimd, TVector>(TVector dy, TVector a, TVector b)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct =>
        TSimd.Zero;
}

/// <summary>1 where a = b, else 0.</summary>
internal readonly struct EqualOperator : IBroadcastOperator
{
    /// <inheritdoc/>
    public static string Name => "equal";

    /// <inheritdoc/>
    public static bool HasGradient => false;

    /// <inheritdoc/>
    public static bool GradientReadsInputs => false;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Apply<TSimd, TVector>(TVector a, TVector b)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct =>
        IsEqualTerm.WhereEqual<TSimd, TVector>(a, b, TSimd.Create(1f), TSimd.Zero);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector FirstGradient<TSimd, TVector>(TVector dy, TVector a, TVector b)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct =>
        TSimd.Zero;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector SecondGradient<TSimd, TVector>(TVector dy, TVector a, TVector b)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct =>
        TSimd.Zero;
}
