using System.Runtime.CompilerServices;
using Microsoft.ML.ConvNet.Kernels.Simd;

namespace Microsoft.ML.ConvNet.Kernels.Optimizers;

/// <summary>
/// Lion (Chen et al., 2023): w -= learningRate sign(beta1 m + (1 - beta1) g); m = beta2 m + (1 - beta2) g. Slot 0 is m.
/// </summary>
internal readonly struct LionRule(double learningRate, double beta1, double beta2) : IUpdateRule
{
    private readonly float _learningRate = (float)learningRate;
    private readonly float _beta1 = (float)beta1;
    private readonly float _oneMinusBeta1 = (float)(1.0 - beta1);
    private readonly float _beta2 = (float)beta2;
    private readonly float _oneMinusBeta2 = (float)(1.0 - beta2);

    /// <inheritdoc/>
    public static int WorkAnElement => 4;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Step<TSimd, TVector>(TVector w, TVector g, ref TVector slot0, ref TVector slot1, ref TVector slot2)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector direction = TSimd.MultiplyAdd(slot0, TSimd.Create(_beta1), TSimd.Multiply(g, TSimd.Create(_oneMinusBeta1)));
        slot0 = TSimd.MultiplyAdd(slot0, TSimd.Create(_beta2), TSimd.Multiply(g, TSimd.Create(_oneMinusBeta2)));
        return TSimd.MultiplyAddNegated(VectorMath.Sign<TSimd, TVector>(direction), TSimd.Create(_learningRate), w);
    }
}
