using Microsoft.ML.ConvNet.Kernels.Simd;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Kernels.Losses;

/// <summary>Sigmoid and binary cross-entropy in one, for labels that are not exclusive: the loss of logits [rows, columns] and its gradient.</summary>
internal static unsafe class BinaryCrossEntropy
{
    /// <summary>
    /// loss[row] = sum_j (softplus(x_j) - t_j x_j) / columns; dx = (sigmoid(x) - t) / columns * scale, for targets in [0, 1].
    /// <paramref name="lossPerRow"/> and <paramref name="dx"/> may be null; dx may be x.
    /// </summary>
    public static void ForwardBackward(
        WorkerGang gang, int rows, int columns, float* x, float* target, float* lossPerRow, float* dx, float scale) =>
        RowLoss<BinaryCrossEntropyTerm>.Run(gang, rows, columns, x, target, lossPerRow, dx, scale, workAnElement: 8);

    private readonly struct BinaryCrossEntropyTerm : IRowLossTerm
    {
        // max(x, 0) - t x + ln(1 + e^-|x|): the first two terms do not cancel where the label is right.
        public TVector Loss<TSimd, TVector>(TVector x, TVector target)
            where TSimd : struct, ISimd<TVector>
            where TVector : struct
        {
            TVector one = TSimd.Create(1f);
            TVector positive = TSimd.Select(TSimd.LessThan(x, TSimd.Zero), TSimd.Zero, one);
            TVector linear = TSimd.Multiply(x, TSimd.Subtract(positive, target));
            TVector e = VectorMath.Exp<TSimd, TVector>(TSimd.Negate(TSimd.Abs(x)));
            return TSimd.Add(linear, VectorMath.LogOnePlus<TSimd, TVector>(e));
        }

        public TVector Derivative<TSimd, TVector>(TVector x, TVector target)
            where TSimd : struct, ISimd<TVector>
            where TVector : struct =>
            TSimd.Subtract(VectorMath.Sigmoid<TSimd, TVector>(x), target);
    }
}
