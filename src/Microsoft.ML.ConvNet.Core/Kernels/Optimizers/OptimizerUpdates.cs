using Microsoft.ML.ConvNet.Kernels.Simd;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Kernels.Optimizers;

/// <summary>One step of an optimizer on a stretch of weights, element by element, with the conventions of PyTorch.</summary>
internal static unsafe class OptimizerUpdates
{
    private const int MaximumSegments = 64;
    private const int BlockLength = 1 << 10;

    /// <summary>Makes one step: the decays are added to the gradient, or taken from the weights, and the rule does the rest.</summary>
    /// <param name="gang">The threads.</param>
    /// <param name="target">The weights, their gradient and what is remembered of them.</param>
    /// <param name="rule">The optimizer's rule with its settings.</param>
    public static void Run<TRule>(WorkerGang gang, in UpdateTarget target, in TRule rule)
        where TRule : unmanaged, IUpdateRule
    {
        long work = target.Count * TRule.WorkAnElement;
        int parts = SimdLoop.Parts(gang, work);
        UpdateLoop<TRule> loop = new() { Target = target, Rule = rule, Part = SimdLoop.PartLength(target.Count, parts) };
        SimdLoop.For(gang, parts, &loop, work);
    }

    /// <summary>Limits each element to [-limit, limit]; NaN stays.</summary>
    public static void Clamp(WorkerGang gang, nint count, float* x, float limit)
    {
        int parts = SimdLoop.Parts(gang, count);
        ClampLoop loop = new() { X = x, Count = count, Limit = limit, Part = SimdLoop.PartLength(count, parts) };
        SimdLoop.For(gang, parts, &loop, count);
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
