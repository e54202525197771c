using System.Runtime.CompilerServices;
using Microsoft.ML.ConvNet.Kernels.Simd;

namespace Microsoft.ML.ConvNet.Kernels.Optimizers;

/// <summary>
/// Adadelta (Zeiler, 2012): v = rho v + (1 - rho) g^2; d = g sqrt(u + epsilon) / sqrt(v + epsilon); u = rho u + (1 - rho) d^2;
/// w -= learningRate d. Slot 0 is v, slot 1 u.
/// </summary>
internal readonly struct AdadeltaRule(double learningRate, double rho, double epsilon) : IUpdateRule
{
    private readonly float _learningRate = (float)learningRate;
    private readonly float _rho = (float)rho;
    private readonly float _oneMinusRho = (float)(1.0 - rho);
    private readonly float _epsilon = (float)epsilon;

    /// <inheritdoc/>
    public static int WorkAnElement => 6;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Step<TSimd, TVector>(TVector w, TVector g, ref TVector slot0, ref TVector slot1, ref TVector slot2)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector rho = TSimd.Create(_rho);
        TVector rest = TSimd.Create(_oneMinusRho);
        TVector epsilon = TSimd.Create(_epsilon);
        slot0 = TSimd.MultiplyAdd(slot0, rho, TSimd.Multiply(TSimd.Multiply(g, g), rest));
        TVector ratio = TSimd.Divide(TSimd.Sqrt(TSimd.Add(slot1, epsilon)), TSimd.Sqrt(TSimd.Add(slot0, epsilon)));
        TVector change = TSimd.Multiply(g, ratio);
        slot1 = TSimd.MultiplyAdd(slot1, rho, TSimd.Multiply(TSimd.Multiply(change, change), rest));
        return TSimd.MultiplyAddNegated(change, TSimd.Create(_learningRate), w);
    }
}
