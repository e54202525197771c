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
        Refuse(new ConstantLearningRate { WarmupSteps = -1 }, "Received: -1");
    }

    private static void Refuse(LearningRateSchedule schedule, string message) =>
        Assert.Contains(message, Assert.ThrowsExactly<ArgumentException>(schedule.Check).Message);
}
