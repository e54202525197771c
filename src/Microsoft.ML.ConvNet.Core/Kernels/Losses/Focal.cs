using Microsoft.ML.ConvNet.Kernels.Normalization;
using Microsoft.ML.ConvNet.Kernels.Simd;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Kernels.Losses;

/// <summary>Softmax and focal loss (Lin et al., 2017) in one: the loss of logits [rows, classes] and its gradient.</summary>
internal static unsafe class Focal
{
    /// <summary>
    /// loss[row] = -w (1 - p)^gamma log p, where p = softmax(x)[target] and w the weight of the target's class; dx is its gradient times
    /// scale. A target outside 0 .. classes - 1, such as -1, is ignored: its loss and gradient are 0.
    /// </summary>
    /// <param name="gang">The threads.</param>
    /// <param name="rows">The rows of the logits.</param>
    /// <param name="classes">The columns of the logits.</param>
    /// <param name="x">The logits.</param>
    /// <param name="target">The class of each row.</param>
    /// <param name="lossPerRow">The loss of each row, or null.</param>
    /// <param name="dx">The gradient, or null. It may be x.</param>
    /// <param name="scale">What the gradient is multiplied by, such as 1 / rows.</param>
    /// <param name="gamma">How little a sample counts that is found already, at least 0.</param>
    /// <param name="classWeights">The weight of each class, or null for 1.</param>
    /// <param name="second">A second class of each row, or null for one class only.</param>
    /// <param name="shares">What the first class counts beside the second, from 0 to 1.</param>
    public static void ForwardBackward(
        WorkerGang gang,
        int rows,
        int classes,
        float* x,
        int* target,
        float* lossPerRow,
        float* dx,
        float scale,
        float gamma,
        float* classWeights = null,
        int* second = null,
        float* shares = null) =>
        ClassLoss<FocalRow>.Run(gang, rows, classes, x, target, lossPerRow, dx, scale, classWeights, new FocalRow(gamma), second, shares);

    private readonly struct FocalRow(float gamma) : IClassLossRow
    {
        private readonly float _gamma = gamma;

        public float Row<TSimd, TVector>(float* x, in ClassTarget target, float* dx, int classes, float scale, float* classWeights)
            where TSimd : struct, ISimd<TVector>
            where TVector : struct
        {
            float max = Softmax.MaxOfRow<TSimd, TVector>(x, classes);
            double logit = x[target.First] - max;
            double otherLogit = x[target.Second] - max;
            float sum = Softmax.ExponentialsOfRow<TSimd, TVector>(x, dx, classes, max);
            double logarithm = Math.Log(sum);
            (double loss, double slope) = Of(logit - logarithm, target.Share * (classWeights == null ? 1 : classWeights[target.First]));
            if (target.Share == 1)
            {
                if (dx != null)
                {
                    Gradient<TSimd, TVector>(dx, (float)(scale * slope), sum, classes);
                    dx[target.First] -= (float)(scale * slope);
                }

                return (float)loss;
            }

            (double otherLoss, double otherSlope) = Of(
                otherLogit - logarithm, (1.0 - target.Share) * (classWeights == null ? 1 : classWeights[target.Second]));
            if (dx != null)
            {
                Gradient<TSimd, TVector>(dx, (float)(scale * (slope + otherSlope)), sum, classes);
                dx[target.First] -= (float)(scale * slope);
                dx[target.Second] -= (float)(scale * otherSlope);
            }

            return (float)(loss + otherLoss);
        }

        /// <summary>The loss by the logarithm of a class's probability p, and -w (p' p), where p' = d((1 - p)^gamma log p)/dp.</summary>
        private (double Loss, double Slope) Of(double logarithm, double weight)
        {
            double p = Math.Exp(logarithm);

            // Rounding may take the probability of a class that is found past 1.
            double rest = Math.Max(0, 1.0 - p);
            double focus = Math.Pow(rest, _gamma);
            double slope = focus - (rest == 0 || _gamma == 0 ? 0 : _gamma * p * Math.Pow(rest, _gamma - 1.0) * logarithm);
            return (-weight * focus * logarithm, weight * slope);
        }

        // d loss / dx_j = slope (softmax(x)_j - (j = target)): what all classes have of it.
        private static void Gradient<TSimd, TVector>(float* dx, float slope, float sum, int classes)
            where TSimd : struct, ISimd<TVector>
            where TVector : struct
        {
            TVector factor = TSimd.Create(slope / sum);
            for (nint i = 0; i < classes; i += TSimd.Width)
            {
                nint count = nint.Min(TSimd.Width, classes - i);
                TSimd.StorePartial(dx + i, TSimd.Multiply(TSimd.LoadPartial(dx + i, count), factor), count);
            }
        }
    }
}
