using Microsoft.ML.ConvNet.Kernels.Simd;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Kernels.Losses;

/// <summary>Huber's loss (1964) of predictions [rows, columns] and its gradient.</summary>
internal static unsafe class Huber
{
    /// <summary>
    /// loss[row] = the mean over j of d^2 / 2 where |d| is at most delta, else of delta (|d| - delta / 2), for d = x_j - t_j;
    /// dx = d within [-delta, delta] / columns * scale. <paramref name="lossPerRow"/> and <paramref name="dx"/> may be null; dx may be x.
    /// </summary>
    public static void ForwardBackward(
        WorkerGang gang, int rows, int columns, float* x, float* target, float* lossPerRow, float* dx, float scale, float delta) =>
        RowLoss<HuberTerm>.Run(gang, rows, columns, x, target, lossPerRow, dx, scale, workAnElement: 2, new HuberTerm(delta));

    private readonly struct HuberTerm(float delta) : IRowLossTerm
    {
        private readonly float _delta = delta;

        // c (|d| - c / 2) with c = min(|d|, delta) is both pieces.
        public TVector Loss<TSimd, TVector>(TVector x, TVector target)
            where TSimd : struct, ISimd<TVector>
            where TVector : struct
        {
            TVector size = TSimd.Abs(TSimd.Subtract(x, target));
            TVector limited = TSimd.Min(TSimd.Create(_delta), size);
            return TSimd.Multiply(limited, TSimd.MultiplyAddNegated(limited, TSimd.Create(0.5f), size));
        }

        public TVector Derivative<TSimd, TVector>(TVector x, TVector target)
            where TSimd : struct, ISimd<TVector>
            where TVector : struct
        {
            TVector difference = TSimd.Subtract(x, target);
            return TSimd.Max(TSimd.Create(-_delta), TSimd.Min(TSimd.Create(_delta), difference));
        }
    }
}
