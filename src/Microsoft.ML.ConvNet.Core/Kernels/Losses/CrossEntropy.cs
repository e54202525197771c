using Microsoft.ML.ConvNet.Kernels.Normalization;
using Microsoft.ML.ConvNet.Kernels.Reductions;
using Microsoft.ML.ConvNet.Kernels.Simd;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Kernels.Losses;

/// <summary>Softmax and cross-entropy in one: the loss of logits [rows, classes] and its gradient.</summary>
internal static unsafe class CrossEntropy
{
    private const long ExponentialWork = 4;

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
        float* classWeights = null)
    {
        long work = (long)rows * classes * ExponentialWork;
        int parts = SimdLoop.Parts(gang, work, rows);
        CrossEntropyLoop loop = new()
        {
            X = x,
            Target = target,
            Loss = lossPerRow,
            Dx = dx,
            Rows = rows,
            Classes = classes,
            Parts = parts,
            Scale = scale,
            LabelSmoothing = labelSmoothing,
            ClassWeights = classWeights,
        };
        SimdLoop.For(gang, parts, &loop, work);
    }

    private struct CrossEntropyLoop : ISimdTask
    {
        public float* X;
        public int* Target;
        public float* Loss;
        public float* Dx;
        public int Rows;
        public int Classes;
        public int Parts;
        public float Scale;
        public float LabelSmoothing;
        public float* ClassWeights;

        public readonly void Run<TSimd, TVector>(int item, void* scratch)
            where TSimd : struct, ISimd<TVector>
            where TVector : struct
        {
            int end = Share.End(Rows, item, Parts);
            for (int row = Share.Start(Rows, item, Parts); row < end; row++)
            {
                float loss = Row<TSimd, TVector>(X + ((nint)row * Classes), Target[row], Dx == null ? null : Dx + ((nint)row * Classes));
                if (Loss != null)
                {
                    Loss[row] = loss;
                }
            }
        }

        private readonly float Row<TSimd, TVector>(float* x, int target, float* dx)
            where TSimd : struct, ISimd<TVector>
            where TVector : struct
        {
            if ((uint)target >= (uint)Classes)
            {
                if (dx != null)
                {
                    new Span<float>(dx, Classes).Clear();
                }

                return 0f;
            }

            float max = Softmax.MaxOfRow<TSimd, TVector>(x, Classes);
            float logit = x[target] - max;
            if (ClassWeights != null)
            {
                return WeightedRow<TSimd, TVector>(x, target, dx, max);
            }

            double meanLogit = LabelSmoothing == 0f ? 0 : Reduction.SumOfRow<TSimd, TVector>(x, Classes, max) / Classes;
            float sum = Softmax.ExponentialsOfRow<TSimd, TVector>(x, dx, Classes, max);
            if (dx != null)
            {
                Gradient<TSimd, TVector>(dx, target, sum);
            }

            return (float)(Math.Log(sum) - ((1.0 - LabelSmoothing) * logit) - (LabelSmoothing * meanLogit));
        }

        // The targets no longer sum to 1: their sum is what the logarithm of the softmax's divisor counts.
        private readonly float WeightedRow<TSimd, TVector>(float* x, int target, float* dx, float max)
            where TSimd : struct, ISimd<TVector>
            where TVector : struct
        {
            double own = (1.0 - LabelSmoothing) * ClassWeights[target];
            double each = (double)LabelSmoothing / Classes;
            double total = own;
            double logits = own * (x[target] - max);
            for (int c = 0; c < Classes && LabelSmoothing != 0; c++)
            {
                total += each * ClassWeights[c];
                logits += each * ClassWeights[c] * (x[c] - max);
            }

            float sum = Softmax.ExponentialsOfRow<TSimd, TVector>(x, dx, Classes, max);
            if (dx != null)
            {
                TVector factor = TSimd.Create((float)(Scale * total / sum));
                TVector share = TSimd.Create((float)(Scale * each));
                for (nint i = 0; i < Classes; i += TSimd.Width)
                {
                    nint count = nint.Min(TSimd.Width, Classes - i);
                    TVector value = TSimd.Multiply(TSimd.LoadPartial(dx + i, count), factor);
                    value = TSimd.MultiplyAddNegated(TSimd.LoadPartial(ClassWeights + i, count), share, value);
                    TSimd.StorePartial(dx + i, value, count);
                }

                dx[target] -= (float)(Scale * own);
            }

            return (float)((total * Math.Log(sum)) - logits);
        }

        private readonly void Gradient<TSimd, TVector>(float* dx, int target, float sum)
            where TSimd : struct, ISimd<TVector>
            where TVector : struct
        {
            TVector factor = TSimd.Create(Scale / sum);
            TVector offset = TSimd.Create(-LabelSmoothing / Classes * Scale);
            nint i = 0;
            for (; i <= Classes - TSimd.Width; i += TSimd.Width)
            {
                TSimd.Store(dx + i, TSimd.MultiplyAdd(TSimd.Load(dx + i), factor, offset));
            }

            if (i < Classes)
            {
                TVector value = TSimd.MultiplyAdd(TSimd.LoadPartial(dx + i, Classes - i), factor, offset);
                TSimd.StorePartial(dx + i, value, Classes - i);
            }

            dx[target] -= (1f - LabelSmoothing) * Scale;
        }
    }
}
