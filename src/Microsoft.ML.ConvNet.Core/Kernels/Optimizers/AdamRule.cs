using System.Runtime.CompilerServices;
using Microsoft.ML.ConvNet.Kernels.Simd;

namespace Microsoft.ML.ConvNet.Kernels.Optimizers;

/// <summary>
/// Adam (Kingma and Ba, 2015): m = beta1 m + (1 - beta1) g; v = beta2 v + (1 - beta2) g^2;
/// w -= learningRate m' / (sqrt(v') + epsilon), where m' = m / (1 - beta1^step) and v' = v / (1 - beta2^step), step from 1. Slot 0 is m, slot 1 v.
/// </summary>
internal readonly struct AdamRule(double learningRate, double beta1, double beta2, double epsilon, long step) : IUpdateRule
{
    private readonly float _beta1 = (float)beta1;
    private readonly float _oneMinusBeta1 = (float)(1.0 - beta1);
    private readonly float _beta2 = (float)beta2;
    private readonly float _oneMinusBeta2 = (float)(1.0 - beta2);
    private readonly float _epsilon = (float)epsilon;
    private readonly float _stepSize = (float)(learningRate / (1.0 - Math.Pow(beta1, step)));
    private readonly float _rootCorrection = (float)(1.0 / Math.Sqrt(1.0 - Math.Pow(beta2, step)));

    /// <inheritdoc/>
    public static int WorkAnElement => 6;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Step<TSimd, TVector>(TVector w, TVector g, ref TVector slot0, ref TVector slot1, ref TVector slot2)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        slot0 = TSimd.MultiplyAdd(slot0, TSimd.Create(_beta1), TSimd.Multiply(g, TSimd.Create(_oneMinusBeta1)));
        slot1 = TSimd.MultiplyAdd(slot1, TSimd.Create(_beta2), TSimd.Multiply(TSimd.Multiply(g, g), TSimd.Create(_oneMinusBeta2)));
        TVector root = TSimd.MultiplyAdd(TSimd.Sqrt(slot1), TSimd.Create(_rootCorrection), TSimd.Create(_epsilon));
        TVector change = TSimd.Divide(TSimd.Multiply(slot0, TSimd.Create(_stepSize)), root);
        return TSimd.Subtract(w, change);
    }
}
