using System.Runtime.CompilerServices;
using Microsoft.ML.ConvNet.Kernels.Simd;

namespace Microsoft.ML.ConvNet.Kernels.Arrays;

/// <summary>A function of one, two or three elements and a constant.</summary>
internal interface IElementTerm
{
    /// <summary>How many elements it reads.</summary>
    static abstract int Operands { get; }

    /// <summary>The function of every lane.</summary>
    static abstract TVector Apply<TSimd, TVector>(TVector a, TVector b, TVector c, TVector alpha)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct;
}

/// <summary>a.</summary>
internal readonly struct CopyTerm : IElementTerm
{
    /// <inheritdoc/>
    public static int Operands => 1;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Apply<TSimd, TVector>(TVector a, TVector b, TVector c, TVector alpha)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct => a;
}

/// <summary>alpha a.</summary>
internal readonly struct ScaledTerm : IElementTerm
{
    /// <inheritdoc/>
    public static int Operands => 1;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Apply<TSimd, TVector>(TVector a, TVector b, TVector c, TVector alpha)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct => TSimd.Multiply(a, alpha);
}

/// <summary>1 where a = b, else 0.</summary>
internal readonly struct IsEqualTerm : IElementTerm
{
    /// <inheritdoc/>
    public static int Operands => 2;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Apply<TSimd, TVector>(TVector a, TVector b, TVector c, TVector alpha)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct =>
        WhereEqual<TSimd, TVector>(a, b, TSimd.Create(1f), TSimd.Zero);

    /// <summary>One value where a = b as numbers, another elsewhere.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TVector WhereEqual<TSimd, TVector>(TVector a, TVector b, TVector equal, TVector different)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct =>
        TSimd.Select(TSimd.LessThanOrEqual(a, b), TSimd.Select(TSimd.LessThanOrEqual(b, a), equal, different), different);
}

/// <summary>a where b = c, else 0.</summary>
internal readonly struct WhereEqualTerm : IElementTerm
{
    /// <inheritdoc/>
    public static int Operands => 3;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Apply<TSimd, TVector>(TVector a, TVector b, TVector c, TVector alpha)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct =>
        IsEqualTerm.WhereEqual<TSimd, TVector>(b, c, a, TSimd.Zero);
}

/// <summary>a / b.</summary>
internal readonly struct RatioTerm : IElementTerm
{
    /// <inheritdoc/>
    public static int Operands => 2;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Apply<TSimd, TVector>(TVector a, TVector b, TVector c, TVector alpha)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct => TSimd.Divide(a, b);
}
