using System.Runtime.CompilerServices;
using Microsoft.ML.ConvNet.Kernels.Simd;

namespace Microsoft.ML.ConvNet.Kernels.Arrays;

/// <summary>A relation between two numbers.</summary>
internal interface IComparison
{
    /// <summary>What it is called.</summary>
    static abstract string Name { get; }

    /// <summary>1 where it holds, else 0.</summary>
    static abstract TVector OneWhere<TSimd, TVector>(TVector a, TVector b)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct;
}

/// <summary>1 where a relation holds, else 0; the gradient is 0.</summary>
internal readonly struct ComparisonOperator<TComparison> : IBroadcastOperator
    where TComparison : struct, IComparison
{
    /// <inheritdoc/>
    public static string Name => TComparison.Name;

    /// <inheritdoc/>
    public static bool HasGradient => false;

    /// <inheritdoc/>
    public static bool GradientReadsInputs => false;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Apply<TSimd, TVector>(TVector a, TVector b)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct =>
        TComparison.OneWhere<TSimd, TVector>(a, b);

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

/// <summary>a &lt; b.</summary>
internal readonly struct Less : IComparison
{
    /// <inheritdoc/>
    public static string Name => "less";

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector OneWhere<TSimd, TVector>(TVector a, TVector b)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct =>
        TSimd.Select(TSimd.LessThan(a, b), TSimd.Create(1f), TSimd.Zero);
}

/// <summary>a &lt;= b.</summary>
internal readonly struct LessOrEqual : IComparison
{
    /// <inheritdoc/>
    public static string Name => "less or equal";

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector OneWhere<TSimd, TVector>(TVector a, TVector b)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct =>
        TSimd.Select(TSimd.LessThanOrEqual(a, b), TSimd.Create(1f), TSimd.Zero);
}

/// <summary>a &gt; b.</summary>
internal readonly struct Greater : IComparison
{
    /// <inheritdoc/>
    public static string Name => "greater";

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector OneWhere<TSimd, TVector>(TVector a, TVector b)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct =>
        TSimd.Select(TSimd.GreaterThan(a, b), TSimd.Create(1f), TSimd.Zero);
}

/// <summary>a &gt;= b.</summary>
internal readonly struct GreaterOrEqual : IComparison
{
    /// <inheritdoc/>
    public static string Name => "greater or equal";

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector OneWhere<TSimd, TVector>(TVector a, TVector b)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct =>
        TSimd.Select(TSimd.LessThanOrEqual(b, a), TSimd.Create(1f), TSimd.Zero);
}

/// <summary>a = b.</summary>
internal readonly struct Equal : IComparison
{
    /// <inheritdoc/>
    public static string Name => "equal";

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector OneWhere<TSimd, TVector>(TVector a, TVector b)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct =>
        IsEqualTerm.WhereEqual<TSimd, TVector>(a, b, TSimd.Create(1f), TSimd.Zero);
}
