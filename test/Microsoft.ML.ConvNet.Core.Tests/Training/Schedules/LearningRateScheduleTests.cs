using Microsoft.ML.ConvNet.Training.Schedules;

namespace Microsoft.ML.ConvNet.Core.Tests.Training.Schedules;

/// <summary>The factors of the learning rate.</summary>
[TestClass]
public sealed class LearningRateScheduleTests
{
    [TestMethod]
    public void A_constant_rate_stays() => Assert.AreEqual(1, new ConstantLearningRate().FactorAt(7, 700, 1000));

    [TestMethod]
    public void A_rate_in_steps_falls_every_few_epochs()
    {
        StepDecay schedule = new(2, 0.5f);
        CollectionAssert.AreEqual(
            new[] { 1f, 1, 0.5f, 0.5f, 0.25f, 0.25f },
            Enumerable.Range(0, 6).Select(epoch => schedule.FactorAt(epoch, epoch * 10, 60)).ToArray());
    }

    [TestMethod]
    public void A_cosine_falls_from_one_to_its_minimum()
    {
        CosineDecay schedule = new(0.1f);
        Assert.AreEqual(1, schedule.FactorAt(0, 0, 100), 1e-6);
        // 0.1 + 0.9 (1 + cos(pi / 4)) / 2 = 0.8681981
        Assert.AreEqual(0.8681981, schedule.FactorAt(0, 25, 100), 1e-6);
        Assert.AreEqual(0.55, schedule.FactorAt(0, 50, 100), 1e-6);
        Assert.AreEqual(0.1, schedule.FactorAt(0, 100, 100), 1e-6);
        Assert.AreEqual(0, new CosineDecay().FactorAt(0, 100, 100), 1e-6);
    }

    public static IEnumerable<object[]> PyTorchs =>
    [
        ["exponential", new ExponentialDecay(0.9f)],
        ["polynomial, power 2", new PolynomialDecay(2)],
        ["polynomial, power 1", new PolynomialDecay()],
        ["one cycle", new OneCycle()],
        ["one cycle, other shape", new OneCycle(0.45f, 10, 100)],
    ];

    [TestMethod]
    [DynamicData(nameof(PyTorchs))]
    public void Factors_are_those_of_PyTorch(string name, LearningRateSchedule schedule)
    {
        schedule.Check();
        double[] expected = PyTorchFactors.Factors[name];
        for (int step = 0; step < expected.Length; step++)
        {
            Assert.AreEqual(expected[step], schedule.FactorAt(step, step, expected.Length), 1e-6, $"step {step}");
        }
    }

    [TestMethod]
    public void Cosines_begin_anew_with_each_cycle()
    {
        // torch.optim.lr_scheduler.CosineAnnealingWarmRestarts(T_0=4, T_mult=2) over 4 + 8 + 16 steps: (1 + cos(pi t / T)) / 2.
        CosineRestarts schedule = new(3, 2);
        foreach ((int step, double factor) in ((int, double)[])
        [
            (0, 1), (1, 0.8535534), (2, 0.5), (3, 0.1464466),
            (4, 1), (6, 0.8535534), (8, 0.5), (11, 0.0380602),
            (12, 1), (16, 0.8535534), (20, 0.5), (27, 0.0096074), (28, 0),
        ])
        {
            Assert.AreEqual(factor, schedule.FactorAt(0, step, 28), 1e-6, $"step {step}");
        }

        // Cycles of one length, down to a tenth: 0.1 + 0.9 / 2 in their middle.
        CosineRestarts even = new(2, Minimum: 0.1f);
        Assert.AreEqual(0.55, even.FactorAt(0, 5, 20), 1e-6);
        Assert.AreEqual(1, even.FactorAt(0, 10, 20), 1e-6);
        Assert.AreEqual(0.55, even.FactorAt(0, 15, 20), 1e-6);
        Assert.AreEqual(0.1, even.FactorAt(0, 20, 20), 1e-6);

        // One cycle is a cosine.
        Assert.AreEqual(new CosineDecay(0.2f).FactorAt(0, 7, 20), new CosineRestarts(1, 3, 0.2f).FactorAt(0, 7, 20));
    }

    [TestMethod]
    public void A_polynomial_ends_at_its_minimum()
    {
        Assert.AreEqual(0.2, new PolynomialDecay(3, 0.2f).FactorAt(0, 10, 10), 1e-6);
        // 0.2 + 0.8 0.5^3
        Assert.AreEqual(0.3, new PolynomialDecay(3, 0.2f).FactorAt(0, 5, 10), 1e-6);
    }

    [TestMethod]
    public void One_cycle_of_few_steps_has_numbers_only()
    {
        foreach (int steps in (int[])[1, 2, 3, 4])
        {
            for (int step = 0; step <= steps; step++)
            {
                Assert.IsTrue(new OneCycle().FactorAt(0, step, steps) is > 0 and <= 1, $"step {step} of {steps}");
            }
        }
    }

    [TestMethod]
    public void Warm_up_rises_evenly_and_the_schedule_follows_it()
    {
        CosineDecay schedule = new() { WarmupSteps = 4 };
        float[] factors = [.. Enumerable.Range(0, 5).Select(step => schedule.FactorAt(0, step, 14))];
        CollectionAssert.AreEqual(new[] { 0.25f, 0.5f, 0.75f, 1, 1 }, factors);
        Assert.AreEqual(0.5, schedule.FactorAt(0, 9, 14), 1e-6);
    }

    [TestMethod]
    public void Settings_out_of_range_are_named()
    {
        Refuse(new StepDecay(0), "Received: 0");
        Refuse(new StepDecay(1, 1.5f), "Received: 1.5");
        Refuse(new CosineDecay(-0.1f), "Received: -0.1");
        Refuse(new ExponentialDecay(0), "Exponential decay: the factor is more than 0 and at most 1. Received: 0.");
        Refuse(new ExponentialDecay(1.5f), "Received: 1.5");
        Refuse(new PolynomialDecay(0), "Polynomial decay: the power is more than 0. Received: 0.");
        Refuse(new PolynomialDecay(1, 2), "Polynomial decay: the share left at the end is from 0 to 1. Received: 2.");
        Refuse(new CosineRestarts(0), "Cosine restarts: the number of cycles is from 1 to 1000. Received: 0.");
        Refuse(new CosineRestarts(2, 0.5f), "Cosine restarts: the growth of the cycles is from 1 to 10. Received: 0.5.");
        Refuse(new CosineRestarts(2, 1, -1), "Cosine restarts: the share left at the end is from 0 to 1. Received: -1.");
        Refuse(new OneCycle(1), "One cycle: the share in which the rate rises is more than 0 and less than 1. Received: 1.");
        Refuse(new OneCycle(0.3f, 0.5f), "One cycle: the first step's divisor is at least 1. Received: 0.5.");
        Refuse(new OneCycle(0.3f, 25, 0), "One cycle: the last step's divisor is at least 1. Received: 0.");
        Refuse(new ConstantLearningRate { WarmupSteps = -1 }, "Received: -1");
    }

    private static void Refuse(LearningRateSchedule schedule, string message) =>
        Assert.Contains(message, Assert.ThrowsExactly<ArgumentException>(schedule.Check).Message);
}
