using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Training;
using Microsoft.ML.ConvNet.Training.Optimizers;

namespace Microsoft.ML.ConvNet.Core.Tests.Training;

/// <summary>A learning rate is found by steps with one that grows.</summary>
[TestClass]
public sealed class LearningRateFinderTests
{
    private static readonly TrainingOptions Options = new() { BatchSize = 16, Optimizer = new Sgd { Momentum = 0 } };

    [TestMethod]
    public void The_rates_grow_by_the_same_factor_and_the_losses_are_those_of_a_training_with_them()
    {
        LearningRateCurve curve = Find(new LearningRateFinder { Minimum = 1e-4f, Maximum = 1e-2f, Steps = 21, Smoothing = 0.5f }, Options);
        Assert.HasCount(21, curve.Points);
        for (int i = 0; i < 21; i++)
        {
            // Two powers of ten in twenty factors.
            Assert.AreEqual(1e-4 * Math.Pow(10, i / 10.0), curve.Points[i].LearningRate, 1e-8);
        }

        // The first loss is that of the weights it begins with; the running mean by its definition, without the share of its beginning at 0.
        (double a, double b, double c) = (curve.Points[0].Loss, curve.Points[1].Loss, curve.Points[2].Loss);
        Assert.AreEqual(a, curve.Points[0].SmoothedLoss, 1e-12);
        Assert.AreEqual(((0.5 * a) + b) / 1.5, curve.Points[1].SmoothedLoss, 1e-12);
        Assert.AreEqual(((0.25 * a) + (0.5 * b) + c) / 1.75, curve.Points[2].SmoothedLoss, 1e-12);
    }

    [TestMethod]
    public void A_training_with_the_suggestion_learns_what_one_with_a_hundredth_of_it_does_not()
    {
        LearningRateCurve curve = Find(new LearningRateFinder(), Options);
        float suggestion = curve.Suggestion!.Value;
        Assert.IsTrue(curve.Lowest!.LearningRate > suggestion);
        Assert.IsTrue(curve.Lowest.SmoothedLoss < curve.Points[0].SmoothedLoss);
        double good = LastLoss(suggestion);
        double small = LastLoss(suggestion / 100);
        Assert.IsTrue(good < 0.8 * small, $"{good} with {suggestion}, {small} with a hundredth");
    }

    [TestMethod]
    public void Weights_and_options_stay_as_they_are()
    {
        using Weights weights = Weights.Initialize(SmallImages.Network, 3);
        float[] before = weights["conv1.weight"].Span.ToArray();
        int epochs = 0;
        Find(new LearningRateFinder(), Options with { EpochCompleted = _ => epochs++, EarlyStoppingPatience = 1 }, weights);
        CollectionAssert.AreEqual(before, weights["conv1.weight"].Span.ToArray());
        Assert.AreEqual(0, epochs);
    }

    [TestMethod]
    public void It_ends_where_the_loss_explodes()
    {
        LearningRateCurve curve = Find(new LearningRateFinder { Maximum = 1e12f, Steps = 300 }, Options);
        Assert.IsTrue(curve.Points.Count is > 10 and < 300, $"{curve.Points.Count} steps");
        Assert.IsNotNull(curve.Suggestion);
    }

    [TestMethod]
    public void The_same_seed_finds_the_same_at_any_number_of_threads() => CollectionAssert.AreEqual(
        Find(new LearningRateFinder(), Options with { NumberOfThreads = 1 }).Points.ToArray(),
        Find(new LearningRateFinder(), Options with { NumberOfThreads = 4 }).Points.ToArray());

    [TestMethod]
    public void A_tenth_of_the_rate_of_the_lowest_loss_is_suggested_or_that_of_the_fastest_fall_where_it_is_greater()
    {
        double[] losses = [3, 3, 2.9, 2.7, 2, 1.2, 1, 0.9, 0.85, 0.9, 3];
        LearningRateCurve curve = new([.. losses.Select((loss, i) => new LearningRatePoint((float)Math.Pow(10, i - 6), loss, loss))]);

        // Between 2.7 and 1.2, three steps on, and around it: the middle is the fifth step, 1e-2.
        Assert.AreEqual(1e-2, curve.Steepest!.LearningRate, 1e-6);
        Assert.AreEqual((0.85, 100), (curve.Lowest!.Loss, curve.Lowest.LearningRate));
        Assert.AreEqual(10, curve.Suggestion!.Value, 1e-5);

        // Three steps to a power of ten, and the fall just before the lowest loss: the fastest is behind a tenth of it.
        double[] late = [3, 3, 3, 3, 3, 3, 3, 2.9, 2, 1, 1.5];
        LearningRateCurve near = new([.. late.Select((loss, i) => new LearningRatePoint((float)Math.Pow(10, i / 3.0), loss, loss))]);
        Assert.AreEqual(near.Steepest!.LearningRate, near.Suggestion);
        Assert.IsTrue(near.Suggestion > near.Lowest!.LearningRate / 10);
        Assert.IsNull(new LearningRateCurve([.. Enumerable.Range(1, 20).Select(i => new LearningRatePoint(i, i, i))]).Suggestion);
        Assert.IsNull(new LearningRateCurve([]).Suggestion);
    }

    [TestMethod]
    public void Settings_out_of_range_and_a_cancellation_are_told()
    {
        Refuse(new LearningRateFinder { Minimum = 0 }, "The learning-rate finder: the smallest rate is more than 0. Received: 0.");
        Refuse(new LearningRateFinder { Maximum = 1e-8f }, "the greatest rate is more than the smallest, 1E-07. Received: 1E-08.");
        Refuse(new LearningRateFinder { Steps = 5 }, "the number of steps is from 10 to 100,000. Received: 5.");
        Refuse(new LearningRateFinder { Smoothing = 1 }, "the smoothing is at least 0 and less than 1. Received: 1.");
        Refuse(new LearningRateFinder { StopFactor = 1 }, "the factor that ends it is more than 1. Received: 1.");
        using CancellationTokenSource source = new();
        Assert.ThrowsExactly<OperationCanceledException>(() => Find(
            new LearningRateFinder(), Options with { CancellationToken = source.Token, Warned = null, Seed = Cancelled(source) }));

        static ulong Cancelled(CancellationTokenSource source)
        {
            source.Cancel();
            return 1;
        }
    }

    private static void Refuse(LearningRateFinder finder, string message) =>
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => Find(finder, Options)).Message, message);

    private static LearningRateCurve Find(LearningRateFinder finder, TrainingOptions options, Weights? initial = null)
    {
        using InMemoryDataset images = SmallImages.Make(100, seed: 1);
        return finder.Run(SmallImages.Network, images, options, initial);
    }

    private static double LastLoss(float rate)
    {
        using InMemoryDataset images = SmallImages.Make(100, seed: 1);
        TrainingResult result = NetworkTrainer.Train(SmallImages.Network, images, Options with { Epochs = 5, LearningRate = rate });
        result.Weights.Dispose();
        return result.Epochs[^1].Loss;
    }
}
