using Microsoft.ML.ConvNet.Kernels.Normalization;
using Microsoft.ML.ConvNet.Kernels.Simd;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Kernels.Losses;

/// <summary>Softmax and focal loss (Lin et al., 2017) in one: the loss of logits [rows, classes] and its gradient.</summary>
internal static unsafe class Focal
{
    private const long ExponentialWork = 4;

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
        float* classWeights = null)
    {
        long work = (long)rows * classes * ExponentialWork;
        int parts = SimdLoop.Parts(gang, work, rows);
        FocalLoop loop = new()
        {
            X = x,
            Target = target,
            Loss = lossPerRow,
            Dx = dx,
            Rows = rows,
            Classes = classes,
            Parts = parts,
            Scale = scale,
            Gamma = gamma,
            ClassWeights = classWeights,
        };
        SimdLoop.For(gang, parts, &loop, work);
    }

    private struct FocalLoop : ISimdTask
    {
        public float* X;
        public int* Target;
        public float* Loss;
        public float* Dx;
        public int Rows;
        public int Classes;
        public int Parts;
        public float Scale;
        public float Gamma;
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

            double weight = ClassWeights == null ? 1 : ClassWeights[target];
            float max = Softmax.MaxOfRow<TSimd, TVector>(x, Classes);
            float logit = x[target] - max;
            float sum = Softmax.ExponentialsOfRow<TSimd, TVector>(x, dx, Classes, max);
            double logarithm = logit - Math.Log(sum);
            double p = Math.Exp(logarithm);

            // Rounding may take the probability of a class that is found past 1.
            double rest = Math.Max(0, 1.0 - p);
            double focus = Math.Pow(rest, Gamma);
            if (dx != null)
            {
                // d loss / dx_j = -w (p' p) ((j = target) - softmax(x)_j), where p' = d((1 - p)^gamma log p)/dp.
                double slope = focus - (rest == 0 || Gamma == 0 ? 0 : Gamma * p * Math.Pow(rest, Gamma - 1.0) * logarithm);
                Gradient<TSimd, TVector>(dx, target, (float)(Scale * weight * slope), sum);
            }

            return (float)(-weight * focus * logarithm);
        }

        private readonly void Gradient<TSimd, TVector>(float* dx, int target, float slope, float sum)
            where TSimd : struct, ISimd<TVector>
            where TVector : struct
        {
            TVector factor = TSimd.Create(slope / sum);
            for (nint i = 0; i < Classes; i += TSimd.Width)
            {
                nint count = nint.Min(TSimd.Width, Classes - i);
                TSimd.StorePartial(dx + i, TSimd.Multiply(TSimd.LoadPartial(dx + i, count), factor), count);
            }

            dx[target] -= slope;
        }
    }
}
