using System.Runtime.CompilerServices;
using Microsoft.ML.ConvNet.Kernels.Simd;

namespace Microsoft.ML.ConvNet.Kernels.Optimizers;

/// <summary>
/// NAdam (Dozat, 2016): m and v are Adam's, and w -= (gradientRate g + meanRate m) / (sqrt(v') + epsilon), v' = v / (1 - beta2^step), step
/// from 1. The rates are the learning rate with Nesterov's look ahead and the corrections of the means. Slot 0 is m, slot 1 v.
/// </summary>
internal readonly struct NAdamRule(double gradientRate, double meanRate, double beta1, double beta2, double epsilon, long step) : IUpdateRule
{
    private readonly float _gradientRate = (float)gradientRate;
    private readonly float _meanRate = (float)meanRate;
    private readonly float _beta1 = (float)beta1;
    private readonly float _oneMinusBeta1 = (float)(1.0 - beta1);
    private readonly float _beta2 = (float)beta2;
    private readonly float _oneMinusBeta2 = (float)(1.0 - beta2);
    private readonly float _epsilon = (float)epsilon;
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
        TVector change = TSimd.MultiplyAdd(slot0, TSimd.Create(_meanRate), TSimd.Multiply(g, TSimd.Create(_gradientRate)));
        return TSimd.Subtract(w, TSimd.Divide(change, root));
    }
}
