using System.Runtime.CompilerServices;
using Microsoft.ML.ConvNet.Kernels.Elementwise.Activations;
using Microsoft.ML.ConvNet.Kernels.Simd;

namespace Microsoft.ML.ConvNet.Kernels.Elementwise;

/// <summary>A function of one element and a constant.</summary>
internal interface IUnaryOperator
{
    /// <summary>The function of every lane.</summary>
    static abstract TVector Apply<TSimd, TVector>(TVector x, TVector alpha)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct;
}

/// <summary>A function of two elements and a constant.</summary>
internal interface IBinaryOperator
{
    /// <summary>The function of every pair of lanes.</summary>
    static abstract TVector Apply<TSimd, TVector>(TVector a, TVector b, TVector alpha)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct;
}

/// <summary>x.</summary>
internal readonly struct IdentityOperator : IUnaryOperator
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Apply<TSimd, TVector>(TVector x, TVector alpha)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct => x;
}

/// <summary>alpha x.</summary>
internal readonly struct ScalingOperator : IUnaryOperator
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Apply<TSimd, TVector>(TVector x, TVector alpha)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct => TSimd.Multiply(x, alpha);
}

/// <summary>An activation function.</summary>
internal readonly struct ActivationOperator<TActivation> : IUnaryOperator
    where TActivation : struct, IActivation
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Apply<TSimd, TVector>(TVector x, TVector alpha)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct => TActivation.Forward<TSimd, TVector>(x, alpha);
}

/// <summary>The gradient b = dy times an activation's derivative at a.</summary>
internal readonly struct ActivationGradientOperator<TActivation> : IBinaryOperator
    where TActivation : struct, IActivation
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Apply<TSimd, TVector>(TVector a, TVector b, TVector alpha)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct => TSimd.Multiply(b, TActivation.Derivative<TSimd, TVector>(a, alpha));
}

/// <summary>a + b.</summary>
internal readonly struct SumOperator : IBinaryOperator
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Apply<TSimd, TVector>(TVector a, TVector b, TVector alpha)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct => TSimd.Add(a, b);
}

/// <summary>max(a + b, 0).</summary>
internal readonly struct RectifiedSumOperator : IBinaryOperator
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Apply<TSimd, TVector>(TVector a, TVector b, TVector alpha)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct => TSimd.Max(TSimd.Zero, TSimd.Add(a, b));
}

/// <summary>a b.</summary>
internal readonly struct ProductOperator : IBinaryOperator
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Apply<TSimd, TVector>(TVector a, TVector b, TVector alpha)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct => TSimd.Multiply(a, b);
}

/// <summary>alpha a + b.</summary>
internal readonly struct ScaledSumOperator : IBinaryOperator
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Apply<TSimd, TVector>(TVector a, TVector b, TVector alpha)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct => TSimd.MultiplyAdd(a, alpha, b);
}
