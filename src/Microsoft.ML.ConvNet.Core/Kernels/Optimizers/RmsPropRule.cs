using System.Runtime.CompilerServices;
using Microsoft.ML.ConvNet.Kernels.Simd;

namespace Microsoft.ML.ConvNet.Kernels.Optimizers;

/// <summary>
/// RMSProp (Tieleman and Hinton, 2012): v = alpha v + (1 - alpha) g^2 and d = g / (sqrt(v) + epsilon), or, centered (Graves, 2013),
/// d = g / (sqrt(v - m^2) + epsilon) with m = alpha m + (1 - alpha) g; b = momentum b + d; w -= learningRate b. Slot 0 is v, slot 1 b, which is
/// not kept where the momentum is 0, and slot 2 m.
/// </summary>
internal readonly struct RmsPropRule(double learningRate, double alpha, double epsilon, double momentum, bool isCentered) : IUpdateRule
{
    private readonly float _learningRate = (float)learningRate;
    private readonly float _alpha = (float)alpha;
    private readonly float _oneMinusAlpha = (float)(1.0 - alpha);
    private readonly float _epsilon = (float)epsilon;
    private readonly float _momentum = (float)momentum;
    private readonly bool _isCentered = isCentered;

    /// <inheritdoc/>
    public static int WorkAnElement => 6;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Step<TSimd, TVector>(TVector w, TVector g, ref TVector slot0, ref TVector slot1, ref TVector slot2)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector alpha = TSimd.Create(_alpha);
        TVector rest = TSimd.Create(_oneMinusAlpha);
        slot0 = TSimd.MultiplyAdd(slot0, alpha, TSimd.Multiply(TSimd.Multiply(g, g), rest));
        TVector size = slot0;
        if (_isCentered)
        {
            // A variance is not negative, but for rounding.
            slot2 = TSimd.MultiplyAdd(slot2, alpha, TSimd.Multiply(g, rest));
            size = TSimd.Max(TSimd.Zero, TSimd.MultiplyAddNegated(slot2, slot2, slot0));
        }

        TVector change = TSimd.Divide(g, TSimd.Add(TSimd.Sqrt(size), TSimd.Create(_epsilon)));
        slot1 = TSimd.MultiplyAdd(slot1, TSimd.Create(_momentum), change);
        return TSimd.MultiplyAddNegated(slot1, TSimd.Create(_learningRate), w);
    }
}
