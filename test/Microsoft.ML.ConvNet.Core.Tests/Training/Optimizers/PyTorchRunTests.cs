using Microsoft.ML.ConvNet.Core.Tests.Zoo;
using Microsoft.ML.ConvNet.Training.Optimizers;

namespace Microsoft.ML.ConvNet.Core.Tests.Training.Optimizers;

/// <summary>20 steps of every optimizer against PyTorch's, and of Lion, which PyTorch has not, against its paper's algorithm in double.</summary>
[TestClass]
public sealed class PyTorchRunTests
{
    private const int Count = 5;
    private const int Steps = 20;
    private static readonly int[] Shown = [1, 2, 10, 20];

    public static IEnumerable<object[]> Runs =>
    [
        ["sgd", new Sgd { LearningRate = 0.1f, Momentum = 0 }],
        ["sgd, momentum, decay", new Sgd { LearningRate = 0.1f, WeightDecay = 0.05f }],
        ["sgd, nesterov, decay", new Sgd { LearningRate = 0.1f, WeightDecay = 0.05f, Nesterov = true }],
        ["adam", new Adam { LearningRate = 0.02f }],
        ["adam, decay", new Adam { LearningRate = 0.02f, Beta1 = 0.8f, Beta2 = 0.95f, Epsilon = 1e-6f, WeightDecay = 0.3f }],
        ["adamw", new AdamW { LearningRate = 0.02f }],
        ["adamw, decay", new AdamW { LearningRate = 0.02f, Beta1 = 0.8f, Beta2 = 0.95f, Epsilon = 1e-6f, WeightDecay = 0.3f }],
        ["rmsprop", new RmsProp()],
        ["rmsprop, decay", new RmsProp { Alpha = 0.9f, Epsilon = 1e-3f, WeightDecay = 0.3f }],
        ["rmsprop, momentum", new RmsProp { Alpha = 0.9f, Epsilon = 1e-3f, Momentum = 0.8f }],
        ["rmsprop, centered", new RmsProp { Alpha = 0.9f, Epsilon = 1e-3f, IsCentered = true }],
        ["rmsprop, momentum, centered, decay",
            new RmsProp { Alpha = 0.9f, Epsilon = 1e-3f, Momentum = 0.8f, IsCentered = true, WeightDecay = 0.3f }],
        ["adagrad", new Adagrad { LearningRate = 0.05f }],
        ["adagrad, rate's decay, accumulator, decay",
            new Adagrad { LearningRate = 0.05f, LearningRateDecay = 0.1f, InitialAccumulator = 0.2f, WeightDecay = 0.3f }],
        ["adadelta", new Adadelta()],
        ["adadelta, decay", new Adadelta { LearningRate = 0.5f, Rho = 0.8f, Epsilon = 1e-3f, WeightDecay = 0.3f }],
        ["nadam", new NAdam { LearningRate = 0.02f }],
        ["nadam, decay",
            new NAdam { LearningRate = 0.02f, Beta1 = 0.8f, Beta2 = 0.95f, Epsilon = 1e-6f, WeightDecay = 0.3f, MomentumDecay = 0.05f }],
    ];

    [TestMethod]
    [DynamicData(nameof(Runs))]
    public void Weights_go_where_PyTorch_takes_them(string name, Optimizer optimizer)
    {
        double[][] expected = PyTorchRuns.Weights[name];
        List<double[]> received = After(optimizer);
        for (int i = 0; i < Shown.Length; i++)
        {
            AssertClose(expected[i], received[i], $"{name}, step {Shown[i]}");
        }
    }

    [TestMethod]
    public void Every_run_of_PyTorch_is_compared() => CollectionAssert.AreEquivalent(
        PyTorchRuns.Weights.Keys.ToArray(), Runs.Select(run => (string)run[0]).ToArray());

    [TestMethod]
    [DataRow(0f)]
    [DataRow(0.3f)]
    public void Lion_takes_the_steps_of_its_paper(float decay) => AssertRun(
        new Lion { LearningRate = 0.02f, WeightDecay = decay },
        (w, g, slots, _) =>
        {
            // Chen et al. (2023), algorithm 2: c = interp(g, m, beta1); w = w - lr (sign(c) + lambda w); m = interp(g, m, beta2).
            double c = (0.9 * slots[0]) + (0.1 * g);
            slots[0] = (0.99 * slots[0]) + (0.01 * g);
            return w - (0.02 * (Math.Sign(c) + (decay * w)));
        });

    [TestMethod]
    public void Decoupled_decay_of_NAdam_shrinks_the_weights_beside_the_step() => AssertRun(
        new NAdam { LearningRate = 0.02f, WeightDecay = 0.3f, DecoupledWeightDecay = true },
        (w, g, slots, t) =>
        {
            // torch.optim.NAdam(decoupled_weight_decay=True), line by line.
            w -= 0.02 * 0.3 * w;
            slots[2] = t == 1 ? 1 : slots[2];
            double mu = 0.9 * (1 - (0.5 * Math.Pow(0.96, t * 0.004)));
            double muNext = 0.9 * (1 - (0.5 * Math.Pow(0.96, (t + 1) * 0.004)));
            slots[2] *= mu;
            slots[0] = (0.9 * slots[0]) + (0.1 * g);
            slots[1] = (0.999 * slots[1]) + (0.001 * g * g);
            double mHat = (muNext * slots[0] / (1 - (slots[2] * muNext))) + ((1 - mu) * g / (1 - slots[2]));
            return w - (0.02 * mHat / (Math.Sqrt(slots[1] / (1 - Math.Pow(0.999, t))) + 1e-8));
        });

    [TestMethod]
    public void L1_decay_adds_the_weights_sign_to_the_gradient_of_every_optimizer()
    {
        // A weight of 2 with a gradient of -0.2 and an L1 decay of 0.5 takes the first step of a gradient of 0.3.
        foreach (Func<float, Optimizer> create in (Func<float, Optimizer>[])
        [
            l1 => new Sgd { L1Decay = l1 },
            l1 => new Adam { L1Decay = l1 },
            l1 => new AdamW { L1Decay = l1 },
            l1 => new RmsProp { L1Decay = l1 },
            l1 => new Adagrad { L1Decay = l1 },
            l1 => new Adadelta { L1Decay = l1 },
            l1 => new NAdam { L1Decay = l1 },
            l1 => new Lion { L1Decay = l1 },
        ])
        {
            Optimizer with = create(0.5f);
            Assert.AreEqual(FirstStep(create(0), 0.3f), FirstStep(with, -0.2f), 1e-6, with.Name);
            Assert.AreNotEqual(FirstStep(create(0), -0.2f), FirstStep(with, -0.2f), with.Name);
        }
    }

    private static float FirstStep(Optimizer optimizer, float gradient)
    {
        using OptimizerRun run = new(optimizer, 1);
        run.Weights[0] = 2;
        run.Gradients[0] = gradient;
        run.Step();
        return run.Weights[0];
    }

    private static void AssertRun(Optimizer optimizer, Func<double, double, double[], int, double> next)
    {
        double[] w = Array.ConvertAll(Hashed("weights"), v => (double)v);
        double[][] slots = [.. w.Select(_ => new double[3])];
        List<double[]> expected = [];
        for (int t = 1; t <= Steps; t++)
        {
            float[] gradient = Hashed(FormattableString.Invariant($"gradient {t}"));
            w = [.. w.Select((value, i) => next(value, gradient[i], slots[i], t))];
            if (Shown.Contains(t))
            {
                expected.Add(w);
            }
        }

        List<double[]> received = After(optimizer);
        for (int i = 0; i < Shown.Length; i++)
        {
            AssertClose(expected[i], received[i], $"{optimizer.Name}, step {Shown[i]}");
        }
    }

    private static void AssertClose(double[] expected, double[] received, string what)
    {
        for (int i = 0; i < Count; i++)
        {
            Assert.AreEqual(expected[i], received[i], 2e-6, $"{what}, weight {i}");
        }
    }

    private static List<double[]> After(Optimizer optimizer)
    {
        optimizer.Check();
        using OptimizerRun run = new(optimizer, Count);
        Hashed("weights").CopyTo(run.Weights);
        List<double[]> after = [];
        for (int step = 1; step <= Steps; step++)
        {
            Hashed(FormattableString.Invariant($"gradient {step}")).CopyTo(run.Gradients);
            run.Step();
            if (Shown.Contains(step))
            {
                after.Add(Array.ConvertAll(run.Weights[..Count].ToArray(), v => (double)v));
            }
        }

        return after;
    }

    private static float[] Hashed(string name)
    {
        float[] numbers = new float[Count];
        HashedNumbers.Fill(name, numbers);
        return numbers;
    }
}
