using System.Runtime.CompilerServices;
using Microsoft.ML.ConvNet.Kernels.Elementwise;
using Microsoft.ML.ConvNet.Kernels.Simd;

namespace Microsoft.ML.ConvNet.Kernels.Arrays;

/// <summary>A function of two elements, with its derivatives.</summary>
internal interface IBroadcastOperator
{
    /// <summary>What it is called in a printed plan.</summary>
    static abstract string Name { get; }

    /// <summary>Whether it has derivatives that are not zero everywhere.</summary>
    static abstract bool HasGradient { get; }

    /// <summary>Whether the derivatives depend on the elements.</summary>
    static abstract bool GradientReadsInputs { get; }

    /// <summary>The function of every pair of lanes.</summary>
    static abstract TVector Apply<TSimd, TVector>(TVector a, TVector b)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct;

    /// <summary>dy times the derivative by a.</summary>
    static abstract TVector FirstGradient<TSimd, TVector>(TVector dy, TVector a, TVector b)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct;

    /// <summary>dy times the derivative by b.</summary>
    static abstract TVector SecondGradient<TSimd, TVector>(TVector dy, TVector a, TVector b)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct;
}

/// <summary>f(a, b) of an operator.</summary>
internal readonly struct OperatorTerm<TOperator> : IElementTerm
    where TOperator : struct, IBroadcastOperator
{
    /// <inheritdoc/>
    public static int Operands => 2;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Apply<TSimd, TVector>(TVector a, TVector b, TVector c, TVector alpha)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct => TOperator.Apply<TSimd, TVector>(a, b);
}

/// <summary>a = dy times the derivative of an operator by its first element, at b and c.</summary>
internal readonly struct FirstGradientTerm<TOperator> : IElementTerm
    where TOperator : struct, IBroadcastOperator
{
    /// <inheritdoc/>
    public static int Operands => TOperator.GradientReadsInputs ? 3 : 1;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Apply<TSimd, TVector>(TVector a, TVector b, TVector c, TVector alpha)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct => TOperator.FirstGradient<TSimd, TVector>(a, b, c);
}

/// <summary>a = dy times the derivative of an operator by its second element, at b and c.</summary>
internal readonly struct SecondGradientTerm<TOperator> : IElementTerm
    where TOperator : struct, IBroadcastOperator
{
    /// <inheritdoc/>
    public static int Operands => TOperator.GradientReadsInputs ? 3 : 1;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Apply<TSimd, TVector>(TVector a, TVector b, TVector c, TVector alpha)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct => TOperator.SecondGradient<TSimd, TVector>(a, b, c);
}
