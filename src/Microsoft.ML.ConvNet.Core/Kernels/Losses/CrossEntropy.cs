using Microsoft.ML.ConvNet.Kernels.Normalization;
using Microsoft.ML.ConvNet.Kernels.Reductions;
using Microsoft.ML.ConvNet.Kernels.Simd;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Kernels.Losses;

/// <summary>Softmax and cross-entropy in one: the loss of logits [rows, classes] and its gradient.</summary>
internal static unsafe class CrossEntropy
{
    /// <summary>
    /// loss[row] = -sum_j t_j log softmax(x)_j and dx = (softmax(x) - t) scale, where t is 1 - s + s / classes for the target class and
    /// s / classes for the others, s the label smoothing (Szegedy et al., 2015). A target outside 0 .. classes - 1, such as -1, is ignored:
    /// its loss and gradient are 0. Class weights w multiply each t_j by w_j: loss[row] = -sum_j w_j t_j log softmax(x)_j.
    /// </summary>
    /// <param name="gang">The threads.</param>
    /// <param name="rows">The rows of the logits.</param>
    /// <param name="classes">The columns of the logits.</param>
    /// <param name="x">The logits.</param>
    /// <param name="target">The class of each row.</param>
    /// <param name="lossPerRow">The loss of each row, or null.</param>
    /// <param name="dx">The gradient, or null. It may be x.</param>
    /// <param name="scale">What the gradient is multiplied by, such as 1 / rows.</param>
    /// <param name="labelSmoothing">The weight of the uniform distribution in the targets, in [0, 1).</param>
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
        float labelSmoothing = 0f,
        float* classWeights = null,
        int* second = null,
        float* shares = null) =>
        ClassLoss<CrossEntropyRow>.Run(
            gang, rows, classes, x, target, lossPerRow, dx, scale, classWeights, new CrossEntropyRow(labelSmoothing), second, shares);

    private readonly struct CrossEntropyRow(float labelSmoothing) : IClassLossRow
    {
        private readonly float _labelSmoothing = labelSmoothing;

        public float Row<TSimd, TVector>(float* x, in ClassTarget target, float* dx, int classes, float scale, float* classWeights)
            where TSimd : struct, ISimd<TVector>
            where TVector : struct
        {
            float max = Softmax.MaxOfRow<TSimd, TVector>(x, classes);
            if (classWeights != null)
            {
                return WeightedRow<TSimd, TVector>(x, target, dx, classes, scale, classWeights, max);
            }

            double logit = target.Share == 1
                ? x[target.First] - max
                : (target.Share * (double)(x[target.First] - max)) + ((1.0 - target.Share) * (x[target.Second] - max));
            double meanLogit = _labelSmoothing == 0f ? 0 : Reduction.SumOfRow<TSimd, TVector>(x, classes, max) / classes;
            float sum = Softmax.ExponentialsOfRow<TSimd, TVector>(x, dx, classes, max);
            if (dx != null)
            {
                Gradient<TSimd, TVector>(dx, target, sum, classes, scale);
            }

            return (float)(Math.Log(sum) - ((1.0 - _labelSmoothing) * logit) - (_labelSmoothing * meanLogit));
        }

        // The targets no longer sum to 1: their sum is what the logarithm of the softmax's divisor counts.
        private float WeightedRow<TSimd, TVector>(
            float* x, in ClassTarget target, float* dx, int classes, float scale, float* classWeights, float max)
            where TSimd : struct, ISimd<TVector>
            where TVector : struct
        {
            double own = (1.0 - _labelSmoothing) * target.Share * classWeights[target.First];
            double other = (1.0 - _labelSmoothing) * (1.0 - target.Share) * classWeights[target.Second];
            double each = (double)_labelSmoothing / classes;
            double total = own + other;
            double logits = (own * (x[target.First] - max)) + (other * (x[target.Second] - max));
            for (int c = 0; c < classes && _labelSmoothing != 0; c++)
            {
                total += each * classWeights[c];
                logits += each * classWeights[c] * (x[c] - max);
            }

            float sum = Softmax.ExponentialsOfRow<TSimd, TVector>(x, dx, classes, max);
            if (dx != null)
            {
                TVector factor = TSimd.Create((float)(scale * total / sum));
                TVector share = TSimd.Create((float)(scale * each));
                for (nint i = 0; i < classes; i += TSimd.Width)
                {
                    nint count = nint.Min(TSimd.Width, classes - i);
                    TVector value = TSimd.Multiply(TSimd.LoadPartial(dx + i, count), factor);
                    value = TSimd.MultiplyAddNegated(TSimd.LoadPartial(classWeights + i, count), share, value);
                    TSimd.StorePartial(dx + i, value, count);
                }

                dx[target.First] -= (float)(scale * own);
                dx[target.Second] -= (float)(scale * other);
            }

            return (float)((total * Math.Log(sum)) - logits);
        }

        private void Gradient<TSimd, TVector>(float* dx, in ClassTarget target, float sum, int classes, float scale)
            where TSimd : struct, ISimd<TVector>
            where TVector : struct
        {
            TVector factor = TSimd.Create(scale / sum);
            TVector offset = TSimd.Create(-_labelSmoothing / classes * scale);
            nint i = 0;
            for (; i <= classes - TSimd.Width; i += TSimd.Width)
            {
                TSimd.Store(dx + i, TSimd.MultiplyAdd(TSimd.Load(dx + i), factor, offset));
            }

            if (i < classes)
            {
                TVector value = TSimd.MultiplyAdd(TSimd.LoadPartial(dx + i, classes - i), factor, offset);
                TSimd.StorePartial(dx + i, value, classes - i);
            }

            dx[target.First] -= (1f - _labelSmoothing) * target.Share * scale;
            dx[target.Second] -= (1f - _labelSmoothing) * (1f - target.Share) * scale;
        }
    }
}
