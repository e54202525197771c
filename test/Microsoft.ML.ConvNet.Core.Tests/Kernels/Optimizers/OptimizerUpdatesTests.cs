using Microsoft.ML.ConvNet.Kernels.Optimizers;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Core.Tests.Kernels.Optimizers;

/// <summary>The optimizers' steps against their published formulas, in double, over three steps.</summary>
[TestClass]
public sealed unsafe class OptimizerUpdatesTests
{
    private const int Steps = 3;
    private static readonly int[] Lengths = [1, 5, 16, 33, 1000, 70_001];

    [TestMethod]
    [DataRow(0.0, false, 0.0)]
    [DataRow(0.0, false, 0.1)]
    [DataRow(0.9, false, 0.01)]
    [DataRow(0.9, true, 0.01)]
    public void Gradient_descent_takes_the_steps_of_its_formula(double momentum, bool nesterov, double weightDecay)
    {
        foreach (int length in Lengths)
        {
            float[] start = GuardedFloats.Uniform(1, length);
            double[] w = Array.ConvertAll(start, v => (double)v);
            double[] velocity = new double[length];
            using WorkerGang gang = WorkerPool.Shared.Lease(2);
            using GuardedFloats weights = new(start);
            using GuardedFloats v = new(length);
            for (int step = 1; step <= Steps; step++)
            {
                float[] g = GuardedFloats.Uniform(step + 1, length);
                using GuardedFloats gradient = new(g);
                OptimizerUpdates.Sgd(
                    gang, length, weights.Pointer, gradient.Pointer, momentum == 0 ? null : v.Pointer, 0.1, momentum, nesterov, weightDecay);
                for (int i = 0; i < length; i++)
                {
                    double slope = g[i] + (weightDecay * w[i]);
                    velocity[i] = (momentum * velocity[i]) + slope;
                    w[i] -= 0.1 * (nesterov ? slope + (momentum * velocity[i]) : velocity[i]);
                }
            }

            weights.AssertClose(w, 1e-6, 3e-7, $"{length} weights");
        }
    }

    [TestMethod]
    [DataRow(0.0, false)]
    [DataRow(0.05, false)]
    [DataRow(0.05, true)]
    public void Adam_takes_the_steps_of_its_formula(double weightDecay, bool decoupled)
    {
        const double Rate = 0.01;
        foreach (int length in Lengths)
        {
            float[] start = GuardedFloats.Uniform(1, length);
            double[] w = Array.ConvertAll(start, v => (double)v);
            double[] m = new double[length];
            double[] v = new double[length];
            using WorkerGang gang = WorkerPool.Shared.Lease(2);
            using GuardedFloats weights = new(start);
            using GuardedFloats first = new(length);
            using GuardedFloats second = new(length);
            for (int step = 1; step <= Steps; step++)
            {
                float[] g = GuardedFloats.Uniform(step + 1, length);
                using GuardedFloats gradient = new(g);
                OptimizerUpdates.Adam(
                    gang, length, weights.Pointer, gradient.Pointer, first.Pointer, second.Pointer, Rate, 0.9, 0.999, 1e-8, weightDecay, decoupled, step);
                for (int i = 0; i < length; i++)
                {
                    w[i] *= decoupled ? 1 - (Rate * weightDecay) : 1;
                    double slope = g[i] + (decoupled ? 0 : weightDecay * w[i]);
                    m[i] = (0.9 * m[i]) + (0.1 * slope);
                    v[i] = (0.999 * v[i]) + (0.001 * slope * slope);
                    double unbiased = Math.Sqrt(v[i] / (1 - Math.Pow(0.999, step)));
                    w[i] -= Rate * (m[i] / (1 - Math.Pow(0.9, step))) / (unbiased + 1e-8);
                }
            }

            weights.AssertClose(w, 1e-6, 3e-7, $"{length} weights");
        }
    }

    [TestMethod]
    public void The_first_step_of_Adam_is_the_learning_rate()
    {
        using WorkerGang gang = WorkerPool.Shared.Lease(1);
        using GuardedFloats w = new([1f, 1f]);
        using GuardedFloats gradient = new([1e-3f, -50f]);
        using GuardedFloats m = new(2);
        using GuardedFloats v = new(2);
        OptimizerUpdates.Adam(gang, 2, w.Pointer, gradient.Pointer, m.Pointer, v.Pointer, 0.1, 0.9, 0.999, 1e-8, 0, false, 1);
        w.AssertClose([0.9, 1.1], 1e-5, 0, "weights");
    }

    [TestMethod]
    public void The_sum_of_squares_is_exact_to_a_millionth_with_any_threads()
    {
        foreach (int length in Lengths.Append(300_007))
        {
            float[] values = GuardedFloats.Uniform(1, length);
            double expected = values.Sum(v => (double)v * v);
            ThreadCounts.SameBits($"{length} values", gang =>
            {
                using GuardedFloats x = new(values);
                double sum = OptimizerUpdates.SumOfSquares(gang, length, x.Pointer);
                Assert.AreEqual(expected, sum, 1e-6 * expected);
                long bits = BitConverter.DoubleToInt64Bits(sum);
                return [BitConverter.Int32BitsToSingle((int)bits), BitConverter.Int32BitsToSingle((int)(bits >> 32))];
            });
        }
    }
}
