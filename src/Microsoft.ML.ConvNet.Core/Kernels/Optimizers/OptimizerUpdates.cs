using Microsoft.ML.ConvNet.Kernels.Simd;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Kernels.Optimizers;

/// <summary>One step of an optimizer on the weights of a tensor, element by element, with the conventions of PyTorch.</summary>
internal static unsafe class OptimizerUpdates
{
    private const int MaximumSegments = 64;
    private const int BlockLength = 1 << 10;

    /// <summary>
    /// Stochastic gradient descent: g = gradient + weightDecay w; v = momentum v + g; w -= learningRate v, or, with Nesterov's momentum
    /// (Sutskever et al., 2013), w -= learningRate (g + momentum v). Without a velocity w -= learningRate g.
    /// </summary>
    public static void Sgd(
        WorkerGang gang,
        nint count,
        float* w,
        float* gradient,
        float* velocity,
        double learningRate,
        double momentum,
        bool nesterov,
        double weightDecay)
    {
        int parts = SimdLoop.Parts(gang, 3 * count);
        SgdLoop loop = new()
        {
            W = w,
            Gradient = gradient,
            Velocity = velocity,
            Count = count,
            Part = SimdLoop.PartLength(count, parts),
            LearningRate = (float)learningRate,
            Momentum = (float)momentum,
            WeightDecay = (float)weightDecay,
            Nesterov = nesterov,
        };
        SimdLoop.For(gang, parts, &loop, 3 * count);
    }

    /// <summary>
    /// Adam (Kingma and Ba, 2015): m = beta1 m + (1 - beta1) g; v = beta2 v + (1 - beta2) g^2;
    /// w -= learningRate m' / (sqrt(v') + epsilon), where m' = m / (1 - beta1^step) and v' = v / (1 - beta2^step). The weight decay is
    /// added to the gradient, or, where <paramref name="decoupled"/> (AdamW; Loshchilov and Hutter, 2019), w *= 1 - learningRate weightDecay first.
    /// </summary>
    /// <param name="gang">The threads.</param>
    /// <param name="count">The elements.</param>
    /// <param name="w">The weights.</param>
    /// <param name="gradient">The gradient.</param>
    /// <param name="m">The first moment.</param>
    /// <param name="v">The second moment.</param>
    /// <param name="learningRate">The learning rate.</param>
    /// <param name="beta1">The decay of the first moment.</param>
    /// <param name="beta2">The decay of the second moment.</param>
    /// <param name="epsilon">What is added to the root of the second moment.</param>
    /// <param name="weightDecay">The weight decay.</param>
    /// <param name="decoupled">Whether the weight decay acts on the weights, not through the gradient.</param>
    /// <param name="step">The number of this step, from 1.</param>
    public static void Adam(
        WorkerGang gang,
        nint count,
        float* w,
        float* gradient,
        float* m,
        float* v,
        double learningRate,
        double beta1,
        double beta2,
        double epsilon,
        double weightDecay,
        bool decoupled,
        long step)
    {
        int parts = SimdLoop.Parts(gang, 6 * count);
        AdamLoop loop = new()
        {
            W = w,
            Gradient = gradient,
            M = m,
            V = v,
            Count = count,
            Part = SimdLoop.PartLength(count, parts),
            Beta1 = (float)beta1,
            OneMinusBeta1 = (float)(1.0 - beta1),
            Beta2 = (float)beta2,
            OneMinusBeta2 = (float)(1.0 - beta2),
            Epsilon = (float)epsilon,
            GradientDecay = decoupled ? 0f : (float)weightDecay,
            WeightFactor = decoupled ? (float)(1.0 - (learningRate * weightDecay)) : 1f,
            StepSize = (float)(learningRate / (1.0 - Math.Pow(beta1, step))),
            RootCorrection = (float)(1.0 / Math.Sqrt(1.0 - Math.Pow(beta2, step))),
        };
        SimdLoop.For(gang, parts, &loop, 6 * count);
    }

    /// <summary>
    /// The sum of the squares, for clipping a gradient by its norm: float32 within blocks of 1024 elements, whose sums are added in float64.
    /// </summary>
    public static double SumOfSquares(WorkerGang gang, nint count, float* x)
    {
        nint blocks = Math.Max(1, Rounding.DivideUp(count, BlockLength));
        nint segmentLength = Rounding.DivideUp(blocks, MaximumSegments) * BlockLength;
        int segments = (int)Math.Max(1, Rounding.DivideUp(count, segmentLength));
        double* sums = stackalloc double[MaximumSegments];
        SumOfSquaresLoop loop = new() { X = x, Sums = sums, Count = count, SegmentLength = segmentLength, BlockLength = BlockLength };
        SimdLoop.For(gang, segments, &loop, count);
        double sum = 0;
        for (int segment = 0; segment < segments; segment++)
        {
            sum += sums[segment];
        }

        return sum;
    }
}
