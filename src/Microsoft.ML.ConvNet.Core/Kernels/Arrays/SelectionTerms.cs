using System.Runtime.CompilerServices;
using Microsoft.ML.ConvNet.Kernels.Elementwise;
using Microsoft.ML.ConvNet.Kernels.Simd;

namespace Microsoft.ML.ConvNet.Kernels.Arrays;

/// <summary>b where a is not 0, else c.</summary>
internal readonly struct SelectionTerm : IElementTerm
{
    /// <inheritdoc/>
    public static int Operands => 3;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Apply<TSimd, TVector>(TVector a, TVector b, TVector c, TVector alpha)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct =>
        IsEqualTerm.WhereEqual<TSimd, TVector>(a, TSimd.Zero, c, b);
}

/// <summary>a where b is not 0, else 0.</summary>
internal readonly struct WhereTrueTerm : IElementTerm
{
    /// <inheritdoc/>
    public static int Operands => 2;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Apply<TSimd, TVector>(TVector a, TVector b, TVector c, TVector alpha)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct =>
        IsEqualTerm.WhereEqual<TSimd, TVector>(b, TSimd.Zero, TSimd.Zero, a);
}

/// <summary>a where b is 0, else 0.</summary>
internal readonly struct WhereFalseTerm : IElementTerm
{
    /// <inheritdoc/>
    public static int Operands => 2;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Apply<TSimd, TVector>(TVector a, TVector b, TVector c, TVector alpha)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct =>
        IsEqualTerm.WhereEqual<TSimd, TVector>(b, TSimd.Zero, a, TSimd.Zero);
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
