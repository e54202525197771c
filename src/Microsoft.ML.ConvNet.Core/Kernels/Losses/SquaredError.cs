using Microsoft.ML.ConvNet.Kernels.Simd;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Kernels.Losses;

/// <summary>The mean squared error of predictions [rows, columns] and its gradient.</summary>
internal static unsafe class SquaredError
{
    /// <summary>
    /// loss[row] = sum_j (x_j - t_j)^2 / columns; dx = 2 (x - t) / columns * scale. <paramref name="lossPerRow"/> and
    /// <paramref name="dx"/> may be null; dx may be x.
    /// </summary>
    public static void ForwardBackward(
        WorkerGang gang, int rows, int columns, float* x, float* target, float* lossPerRow, float* dx, float scale) =>
        RowLoss<SquaredErrorTerm>.Run(gang, rows, columns, x, target, lossPerRow, dx, scale, workAnElement: 2);

    private readonly struct SquaredErrorTerm : IRowLossTerm
    {
        public TVector Loss<TSimd, TVector>(TVector x, TVector target)
            where TSimd : struct, ISimd<TVector>
            where TVector : struct
        {
            TVector difference = TSimd.Subtract(x, target);
            return TSimd.Multiply(difference, difference);
        }

        public TVector Derivative<TSimd, TVector>(TVector x, TVector target)
            where TSimd : struct, ISimd<TVector>
            where TVector : struct
        {
            TVector difference = TSimd.Subtract(x, target);
            return TSimd.Add(difference, difference);
        }
    }
}
