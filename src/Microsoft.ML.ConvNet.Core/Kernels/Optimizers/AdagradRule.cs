using System.Runtime.CompilerServices;
using Microsoft.ML.ConvNet.Kernels.Simd;

namespace Microsoft.ML.ConvNet.Kernels.Optimizers;

/// <summary>Adagrad (Duchi et al., 2011): s += g^2; w -= learningRate g / (sqrt(s) + epsilon). Slot 0 is s.</summary>
internal readonly struct AdagradRule(double learningRate, double epsilon) : IUpdateRule
{
    private readonly float _learningRate = (float)learningRate;
    private readonly float _epsilon = (float)epsilon;

    /// <inheritdoc/>
    public static int WorkAnElement => 4;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Step<TSimd, TVector>(TVector w, TVector g, ref TVector slot0, ref TVector slot1, ref TVector slot2)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        slot0 = TSimd.MultiplyAdd(g, g, slot0);
        TVector root = TSimd.Add(TSimd.Sqrt(slot0), TSimd.Create(_epsilon));
        return TSimd.Subtract(w, TSimd.Divide(TSimd.Multiply(g, TSimd.Create(_learningRate)), root));
    }
}
