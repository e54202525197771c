using System.Runtime.CompilerServices;
using Microsoft.ML.ConvNet.Kernels.Simd;

namespace Microsoft.ML.ConvNet.Kernels.Elementwise.Activations;

/// <summary>x / (1 + |x|).</summary>
/// <remarks>Bergstra, Desjardins, Lamblin and Bengio, 2009. The derivative is (1 - |y|)^2.</remarks>
internal readonly struct Softsign : IActivation
{
    // Beyond, the function is 1 in float32.
    private const float Saturation = 1e30f;

    /// <inheritdoc/>
    public static bool DerivativeFromOutput => true;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Forward<TSimd, TVector>(TVector x, TVector alpha)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector a = TSimd.Min(TSimd.Create(Saturation), TSimd.Abs(x));
        return TSimd.CopySign(TSimd.Divide(a, TSimd.Add(a, TSimd.Create(1f))), x);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Derivative<TSimd, TVector>(TVector xOrY, TVector alpha)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector rest = TSimd.Subtract(TSimd.Create(1f), TSimd.Abs(xOrY));
        return TSimd.Multiply(rest, rest);
    }
}
