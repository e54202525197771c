using Microsoft.ML.ConvNet.Kernels.Simd;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Kernels.Losses;

/// <summary>What a row of logits should say: one class, or two that share it.</summary>
/// <param name="First">The class.</param>
/// <param name="Second">The other class; <paramref name="First"/> where there is one only.</param>
/// <param name="Share">What the first class counts, from 0 to 1; the second one the rest.</param>
internal readonly record struct ClassTarget(int First, int Second, float Share);

/// <summary>The loss of one row of logits by its class, and its gradient: what tells losses over classes apart.</summary>
internal unsafe interface IClassLossRow
{
    /// <summary>Gives the loss of a row.</summary>
    /// <param name="x">The logits.</param>
    /// <param name="target">The class, or two of them: the loss is then the mean of both by their shares.</param>
    /// <param name="dx">The gradient, or null. It may be x.</param>
    /// <param name="classes">The number of logits.</param>
    /// <param name="scale">What the gradient is multiplied by.</param>
    /// <param name="classWeights">The weight of each class, or null for 1.</param>
    float Row<TSimd, TVector>(float* x, in ClassTarget target, float* dx, int classes, float scale, float* classWeights)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct;
}

/// <summary>Runs a loss over the rows of logits [rows, classes].</summary>
/// <typeparam name="TRow">The loss of a row.</typeparam>
internal static unsafe class ClassLoss<TRow>
    where TRow : unmanaged, IClassLossRow
{
    private const long ExponentialWork = 4;

    /// <summary>
    /// The loss of each row and its gradient. A target outside 0 .. classes - 1, such as -1, is ignored: its loss and gradient are 0.
    /// <paramref name="lossPerRow"/> and <paramref name="dx"/> may be null; dx may be x. Where there are <paramref name="second"/> classes, each
    /// row has the mean loss of its two, by the <paramref name="shares"/> of the first.
    /// </summary>
    public static void Run(
        WorkerGang gang,
        int rows,
        int classes,
        float* x,
        int* target,
        float* lossPerRow,
        float* dx,
        float scale,
        float* classWeights,
        TRow row,
        int* second = null,
        float* shares = null)
    {
        long work = (long)rows * classes * ExponentialWork;
        int parts = SimdLoop.Parts(gang, work, rows);
        Loop loop = new()
        {
            X = x,
            Target = target,
            Second = second,
            Shares = shares,
            Loss = lossPerRow,
            Dx = dx,
            Rows = rows,
            Classes = classes,
            Parts = parts,
            Scale = scale,
            ClassWeights = classWeights,
            OfRow = row,
        };
        SimdLoop.For(gang, parts, &loop, work);
    }

    private struct Loop : ISimdTask
    {
        public float* X;
        public int* Target;
        public int* Second;
        public float* Shares;
        public float* Loss;
        public float* Dx;
        public int Rows;
        public int Classes;
        public int Parts;
        public float Scale;
        public float* ClassWeights;
        public TRow OfRow;

        public readonly void Run<TSimd, TVector>(int item, void* scratch)
            where TSimd : struct, ISimd<TVector>
            where TVector : struct
        {
            int end = Share.End(Rows, item, Parts);
            for (int row = Share.Start(Rows, item, Parts); row < end; row++)
            {
                float* dx = Dx == null ? null : Dx + ((nint)row * Classes);
                float loss = 0;
                if ((uint)Target[row] < (uint)Classes)
                {
                    loss = OfRow.Row<TSimd, TVector>(X + ((nint)row * Classes), TargetOf(row), dx, Classes, Scale, ClassWeights);
                }
                else if (dx != null)
                {
                    new Span<float>(dx, Classes).Clear();
                }

                if (Loss != null)
                {
                    Loss[row] = loss;
                }
            }
        }

        private readonly ClassTarget TargetOf(int row) => Second != null && (uint)Second[row] < (uint)Classes
            ? new ClassTarget(Target[row], Second[row], Shares[row])
            : new ClassTarget(Target[row], Target[row], 1);
    }
}
