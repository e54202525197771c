using System.Runtime.CompilerServices;
using Microsoft.ML.ConvNet.Kernels.Elementwise.Activations;
using Microsoft.ML.ConvNet.Kernels.Simd;

namespace Microsoft.ML.ConvNet.Kernels.Elementwise;

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

/// <summary>a + b.</summary>
internal readonly struct AddTerm : IElementTerm
{
    /// <inheritdoc/>
    public static int Operands => 2;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Apply<TSimd, TVector>(TVector a, TVector b, TVector c, TVector alpha)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct => TSimd.Add(a, b);
}

/// <summary>alpha a + b.</summary>
internal readonly struct ScaledAddTerm : IElementTerm
{
    /// <inheritdoc/>
    public static int Operands => 2;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Apply<TSimd, TVector>(TVector a, TVector b, TVector c, TVector alpha)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct => TSimd.MultiplyAdd(a, alpha, b);
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

/// <summary>An activation function of a.</summary>
internal readonly struct ActivationTerm<TActivation> : IElementTerm
    where TActivation : struct, IActivation
{
    /// <inheritdoc/>
    public static int Operands => 1;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Apply<TSimd, TVector>(TVector a, TVector b, TVector c, TVector alpha)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct => TActivation.Forward<TSimd, TVector>(a, alpha);
}

/// <summary>The gradient b = dy times an activation's derivative at a.</summary>
internal readonly struct ActivationGradientTerm<TActivation> : IElementTerm
    where TActivation : struct, IActivation
{
    /// <inheritdoc/>
    public static int Operands => 2;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Apply<TSimd, TVector>(TVector a, TVector b, TVector c, TVector alpha)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct => TSimd.Multiply(b, TActivation.Derivative<TSimd, TVector>(a, alpha));
}
