using System.Runtime.CompilerServices;
using Microsoft.ML.ConvNet.Kernels.Simd;

namespace Microsoft.ML.ConvNet.Kernels.Optimizers;

/// <summary>
/// Stochastic gradient descent: v = momentum v + g; w -= learningRate v, or, with Nesterov's momentum (Sutskever et al., 2013),
/// w -= learningRate (g + momentum v). Slot 0 is v; where the momentum is 0 there is none.
/// </summary>
internal readonly struct SgdRule(double learningRate, double momentum, bool nesterov) : IUpdateRule
{
    private readonly float _learningRate = (float)learningRate;
    private readonly float _momentum = (float)momentum;
    private readonly bool _nesterov = nesterov;

    /// <inheritdoc/>
    public static int WorkAnElement => 3;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Step<TSimd, TVector>(TVector w, TVector g, ref TVector slot0, ref TVector slot1, ref TVector slot2)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector momentum = TSimd.Create(_momentum);
        slot0 = TSimd.MultiplyAdd(slot0, momentum, g);
        TVector direction = _nesterov ? TSimd.MultiplyAdd(slot0, momentum, g) : slot0;
        return TSimd.MultiplyAddNegated(direction, TSimd.Create(_learningRate), w);
    }
}
