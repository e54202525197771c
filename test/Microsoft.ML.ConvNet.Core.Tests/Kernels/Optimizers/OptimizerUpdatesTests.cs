using Microsoft.ML.ConvNet.Kernels.Optimizers;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Core.Tests.Kernels.Optimizers;

/// <summary>The optimizers' steps against their published formulas, in double, over three steps.</summary>
[TestClass]
public sealed unsafe class OptimizerUpdatesTests
{
    private const int Steps = 3;
    private const double Rate = 0.01;
    private static readonly int[] Lengths = [1, 5, 16, 33, 1000, 70_001];

    /// <summary>One step of one weight by a formula: what is remembered of it changes.</summary>
    private delegate double Formula(double w, double g, double[] slots, int step);

    [TestMethod]
    [DataRow(0.0, false, 0f)]
    [DataRow(0.0, false, 0.1f)]
    [DataRow(0.9, false, 0.01f)]
    [DataRow(0.9, true, 0.01f)]
    public void Gradient_descent_takes_the_steps_of_its_formula(double momentum, bool nesterov, float weightDecay) => AssertSteps(
        _ => new SgdRule(Rate, momentum, nesterov),
        momentum == 0 ? [false, false, false] : [true, false, false],
        (w, g, slots, _) =>
        {
            slots[0] = (momentum * slots[0]) + g;
            return w - (Rate * (nesterov ? g + (momentum * slots[0]) : slots[0]));
        },
        gradientDecay: weightDecay);

    [TestMethod]
    [DataRow(0f, 1f)]
    [DataRow(0.05f, 1f)]
    [DataRow(0f, 0.95f)]
    public void Adam_takes_the_steps_of_its_formula(float weightDecay, float factor) => AssertSteps(
        step => new AdamRule(Rate, 0.9, 0.999, 1e-8, step),
        [true, true, false],
        (w, g, slots, step) =>
        {
            slots[0] = (0.9 * slots[0]) + (0.1 * g);
            slots[1] = (0.999 * slots[1]) + (0.001 * g * g);
            double unbiased = Math.Sqrt(slots[1] / (1 - Math.Pow(0.999, step)));
            return w - (Rate * (slots[0] / (1 - Math.Pow(0.9, step))) / (unbiased + 1e-8));
        },
        gradientDecay: weightDecay,
        weightFactor: factor);

    [TestMethod]
    public void NAdam_takes_the_steps_of_its_formula() => AssertSteps(
        step => new NAdamRule(Rate * step, Rate / step, 0.9, 0.999, 1e-8, step),
        [true, true, false],
        (w, g, slots, step) =>
        {
            slots[0] = (0.9 * slots[0]) + (0.1 * g);
            slots[1] = (0.999 * slots[1]) + (0.001 * g * g);
            double unbiased = Math.Sqrt(slots[1] / (1 - Math.Pow(0.999, step)));
            return w - (((Rate * step * g) + (Rate / step * slots[0])) / (unbiased + 1e-8));
        });

    [TestMethod]
    [DataRow(0.0, false)]
    [DataRow(0.8, false)]
    [DataRow(0.0, true)]
    [DataRow(0.8, true)]
    public void RMSProp_takes_the_steps_of_its_formula(double momentum, bool isCentered) => AssertSteps(
        _ => new RmsPropRule(Rate, 0.9, 1e-3, momentum, isCentered),
        [true, momentum != 0, isCentered],
        (w, g, slots, _) =>
        {
            slots[0] = (0.9 * slots[0]) + (0.1 * g * g);
            slots[2] = (0.9 * slots[2]) + (0.1 * g);
            double size = isCentered ? slots[0] - (slots[2] * slots[2]) : slots[0];
            slots[1] = (momentum * slots[1]) + (g / (Math.Sqrt(size) + 1e-3));
            return w - (Rate * slots[1]);
        });

    [TestMethod]
    public void Adagrad_takes_the_steps_of_its_formula() => AssertSteps(
        _ => new AdagradRule(Rate, 1e-6),
        [true, false, false],
        (w, g, slots, _) =>
        {
            slots[0] += g * g;
            return w - (Rate * g / (Math.Sqrt(slots[0]) + 1e-6));
        });

    [TestMethod]
    public void Adadelta_takes_the_steps_of_its_formula() => AssertSteps(
        _ => new AdadeltaRule(0.5, 0.9, 1e-3),
        [true, true, false],
        (w, g, slots, _) =>
        {
            slots[0] = (0.9 * slots[0]) + (0.1 * g * g);
            double change = g * Math.Sqrt(slots[1] + 1e-3) / Math.Sqrt(slots[0] + 1e-3);
            slots[1] = (0.9 * slots[1]) + (0.1 * change * change);
            return w - (0.5 * change);
        });

    [TestMethod]
    public void Lion_takes_the_steps_of_its_formula() => AssertSteps(
        _ => new LionRule(Rate, 0.9, 0.99),
        [true, false, false],
        (w, g, slots, _) =>
        {
            double direction = (0.9 * slots[0]) + (0.1 * g);
            slots[0] = (0.99 * slots[0]) + (0.01 * g);
            return w - (Rate * Math.Sign(direction));
        },
        weightFactor: 0.97f);

    [TestMethod]
    public void The_sign_of_the_weights_is_added_to_the_gradient() => AssertSteps(
        _ => new SgdRule(Rate, 0, nesterov: false), [false, false, false], (w, g, _, _) => w - (Rate * g), signDecay: 0.3f);

    [TestMethod]
    public void Zero_has_no_sign_and_what_is_not_a_number_stays_so()
    {
        float[] start = [0f, -0f, float.NaN, 1e-40f, -1e-40f, float.PositiveInfinity, float.NegativeInfinity];
        using WorkerGang gang = WorkerPool.Shared.Lease(1);
        using GuardedFloats w = new(start.Length);
        using GuardedFloats gradient = new(start);
        using GuardedFloats m = new(start.Length);
        UpdateTarget target = new() { Weights = w.Pointer, Gradient = gradient.Pointer, Slot0 = m.Pointer, Count = start.Length, WeightFactor = 1 };
        OptimizerUpdates.Run(gang, target, new LionRule(1, 0, 0));
        w.AssertClose([0, 0, double.NaN, -1, 1, -1, 1], 0, 0, "signs");
    }

    [TestMethod]
    public void The_first_step_of_Adam_is_the_learning_rate()
    {
        using WorkerGang gang = WorkerPool.Shared.Lease(1);
        using GuardedFloats w = new([1f, 1f]);
        using GuardedFloats gradient = new([1e-3f, -50f]);
        using GuardedFloats m = new(2);
        using GuardedFloats v = new(2);
        UpdateTarget target = new()
        {
            Weights = w.Pointer,
            Gradient = gradient.Pointer,
            Slot0 = m.Pointer,
            Slot1 = v.Pointer,
            Count = 2,
            WeightFactor = 1,
        };
        OptimizerUpdates.Run(gang, target, new AdamRule(0.1, 0.9, 0.999, 1e-8, step: 1));
        w.AssertClose([0.9, 1.1], 1e-5, 0, "weights");
    }

    [TestMethod]
    public void Each_element_is_limited_and_what_is_not_a_number_stays_so()
    {
        using WorkerGang gang = WorkerPool.Shared.Lease(2);
        foreach (int length in Lengths)
        {
            float[] values = GuardedFloats.Uniform(1, length, -2f, 2f);
            values[^1] = float.NaN;
            using GuardedFloats x = new(values);
            OptimizerUpdates.Clamp(gang, length, x.Pointer, 0.75f);
            x.AssertClose(Array.ConvertAll(values, v => (double)Math.Clamp(v, -0.75f, 0.75f)), 0, 0, $"{length} values");
        }
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

    private static void AssertSteps<TRule>(
        Func<int, TRule> rule,
        bool[] keeps,
        Formula formula,
        float gradientDecay = 0,
        float signDecay = 0,
        float weightFactor = 1)
        where TRule : unmanaged, IUpdateRule
    {
        foreach (int length in Lengths)
        {
            float[] start = GuardedFloats.Uniform(1, length);
            double[] w = Array.ConvertAll(start, v => (double)v);
            double[][] remembered = [.. w.Select(_ => new double[3])];
            using WorkerGang gang = WorkerPool.Shared.Lease(2);
            using GuardedFloats weights = new(start);
            using GuardedFloats slot0 = new(length);
            using GuardedFloats slot1 = new(length);
            using GuardedFloats slot2 = new(length);
            for (int step = 1; step <= Steps; step++)
            {
                float[] g = GuardedFloats.Uniform(step + 1, length);
                using GuardedFloats gradient = new(g);
                UpdateTarget target = new()
                {
                    Weights = weights.Pointer,
                    Gradient = gradient.Pointer,
                    Slot0 = keeps[0] ? slot0.Pointer : null,
                    Slot1 = keeps[1] ? slot1.Pointer : null,
                    Slot2 = keeps[2] ? slot2.Pointer : null,
                    Count = length,
                    GradientDecay = gradientDecay,
                    SignDecay = signDecay,
                    WeightFactor = weightFactor,
                };
                OptimizerUpdates.Run(gang, target, rule(step));
                for (int i = 0; i < length; i++)
                {
                    double slope = g[i] + (gradientDecay * w[i]) + (signDecay * Math.Sign(w[i]));
                    w[i] = formula(weightFactor * w[i], slope, remembered[i], step);
                }
            }

            weights.AssertClose(w, 2e-6, 3e-7, $"{length} weights");
        }
    }
}
