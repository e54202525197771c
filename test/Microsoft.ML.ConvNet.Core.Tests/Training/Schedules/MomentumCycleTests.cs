using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Tensors;
using Microsoft.ML.ConvNet.Training;
using Microsoft.ML.ConvNet.Training.Losses;
using Microsoft.ML.ConvNet.Training.Optimizers;
using Microsoft.ML.ConvNet.Training.Schedules;

namespace Microsoft.ML.ConvNet.Core.Tests.Training.Schedules;

/// <summary>One cycle changes the momentum against the learning rate, on demand.</summary>
[TestClass]
public sealed class MomentumCycleTests
{
    public static IEnumerable<object[]> PyTorchs =>
    [
        ["one cycle", new OneCycle { MomentumCycle = true }],
        ["one cycle, other shape", new OneCycle(0.45f) { MomentumCycle = true, MinimumMomentum = 0.7f, MaximumMomentum = 0.9f }],
    ];

    public static IEnumerable<object[]> Optimizers =>
    [
        [new Sgd()],
        [new RmsProp { Momentum = 0.5f }],
        [new Adam()],
        [new AdamW()],
        [new Lion()],
    ];

    [TestMethod]
    [DynamicData(nameof(PyTorchs))]
    public void Momenta_are_those_of_PyTorch(string name, OneCycle schedule)
    {
        schedule.Check();
        double[] expected = PyTorchMomenta.Momenta[name];
        for (int step = 0; step < expected.Length; step++)
        {
            Assert.AreEqual(expected[step], schedule.MomentumAt(step, expected.Length)!.Value, 1e-6, $"step {step}");
        }
    }

    [TestMethod]
    public void Without_it_the_optimizer_keeps_its_own() => Assert.IsNull(new OneCycle().MomentumAt(3, 20));

    [TestMethod]
    public void A_warm_up_has_the_greatest_momentum()
    {
        OneCycle schedule = new() { MomentumCycle = true, WarmupSteps = 4 };
        Assert.AreEqual(0.95f, schedule.MomentumAt(0, 24));
        Assert.AreEqual(0.95f, schedule.MomentumAt(4, 24));
        Assert.AreEqual(new OneCycle { MomentumCycle = true }.MomentumAt(7, 20), schedule.MomentumAt(11, 24));
    }

    [TestMethod]
    public void SGD_follows_the_momentum_of_each_step()
    {
        // One weight and the input 1 with target 0: the gradient of w^2 is 2 w. v = m v + 2 w, w = w - rate v, line by line.
        OneCycle schedule = new(0.5f, 4, 10) { MomentumCycle = true };
        using InMemoryDataset dataset = InMemoryDataset.WithTargets(new Shape(1), 1);
        dataset.Add([1f], [0f]);
        Network network = Network.Input([1]).Dense(1, useBias: false, name: "w");
        using Weights initial = new(network);
        initial["w.weight"].Span[0] = 1;
        using Weights trained = NetworkTrainer.Train(
            network, dataset, new TrainingOptions { Epochs = 8, Loss = new SquaredError(), Schedule = schedule, LearningRate = 0.1f, KeepBest = false }, initial).Weights;
        double w = 1;
        double v = 0;
        for (int step = 0; step < 8; step++)
        {
            v = (schedule.MomentumAt(step, 8)!.Value * v) + (2 * w);
            w -= 0.1 * schedule.FactorAt(step, step, 8) * v;
        }

        Assert.AreEqual(w, trained["w.weight"].Span[0], 1e-6);
    }

    [TestMethod]
    [DynamicData(nameof(Optimizers))]
    public void Every_optimizer_with_a_momentum_takes_it(Optimizer optimizer)
    {
        CollectionAssert.AreNotEqual(Train(optimizer, new OneCycle()), Train(optimizer, new OneCycle { MomentumCycle = true }));
    }

    [TestMethod]
    public void Optimizers_without_a_momentum_are_refused()
    {
        foreach (Optimizer optimizer in (Optimizer[])[new Sgd { Momentum = 0 }, new RmsProp(), new Adagrad(), new Adadelta(), new NAdam()])
        {
            ArgumentException error = Assert.ThrowsExactly<ArgumentException>(() => Train(optimizer, new OneCycle { MomentumCycle = true }));
            StringAssert.StartsWith(error.Message, "A schedule that cycles the momentum is for an optimizer with a momentum");
            StringAssert.EndsWith(error.Message, $"Received: {optimizer.Name}.");
        }

        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(new OneCycle { MinimumMomentum = 0.99f }.Check).Message,
            "One cycle: the smallest momentum is more than 0 and at most the greatest, 0.95. Received: 0.99.");
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(new OneCycle { MaximumMomentum = 1 }.Check).Message, "the greatest momentum is less than 1. Received: 1.");
    }

    private static float[] Train(Optimizer optimizer, LearningRateSchedule schedule)
    {
        using InMemoryDataset images = SmallImages.Make(32, seed: 1);
        using Weights weights = NetworkTrainer.Train(
            SmallImages.Network, images, new TrainingOptions { Epochs = 2, BatchSize = 8, Optimizer = optimizer, Schedule = schedule, KeepBest = false }).Weights;
        return [.. weights.Names.SelectMany(name => weights[name].Span.ToArray())];
    }
}
