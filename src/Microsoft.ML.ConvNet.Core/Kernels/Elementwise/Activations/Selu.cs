using System.Runtime.CompilerServices;
using Microsoft.ML.ConvNet.Kernels.Simd;

namespace Microsoft.ML.ConvNet.Kernels.Elementwise.Activations;

/// <summary>The scaled exponential linear unit: lambda x above 0, lambda alpha (e^x - 1) below; relative error under 5e-7.</summary>
/// <remarks>Klambauer, Unterthiner, Mayr and Hochreiter, 2017; the constants keep mean 0 and variance 1 (their equation 14).</remarks>
internal readonly struct Selu : IActivation
{
    // The paper's lambda, and lambda times its alpha, 1.6732632423543772.
    private const float Scale = 1.0507009873554805f;
    private const float NegativeScale = 1.7580993408473769f;

    /// <inheritdoc/>
    public static bool DerivativeFromOutput => true;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Forward<TSimd, TVector>(TVector x, TVector alpha)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector below = TSimd.Multiply(
            TSimd.Create(NegativeScale), VectorMath.ExpMinusOne<TSimd, TVector>(TSimd.Min(TSimd.Zero, x)));
        return TSimd.Select(TSimd.LessThan(x, TSimd.Zero), below, TSimd.Multiply(TSimd.Create(Scale), x));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Derivative<TSimd, TVector>(TVector xOrY, TVector alpha)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct =>
        TSimd.Select(
            TSimd.LessThanOrEqual(xOrY, TSimd.Zero), TSimd.Add(xOrY, TSimd.Create(NegativeScale)), TSimd.Create(Scale));
}
