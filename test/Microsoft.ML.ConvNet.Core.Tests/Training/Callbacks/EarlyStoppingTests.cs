using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Training;
using Microsoft.ML.ConvNet.Training.Callbacks;

namespace Microsoft.ML.ConvNet.Core.Tests.Training.Callbacks;

/// <summary>Ending a training that no longer gets better.</summary>
[TestClass]
public sealed class EarlyStoppingTests
{
    private static readonly double[] Losses = [3, 2, 2.5, 1.95, 2.5, 2.5, 2.5, 1, 0.5];

    [TestMethod]
    [DataRow(1, 0.0, 3)]
    [DataRow(3, 0.0, 7)]
    [DataRow(2, 0.1, 4, DisplayName = "a gain of 0.05 is none where 0.1 is asked for")]
    [DataRow(4, 0.0, 9)]
    public void It_ends_after_as_many_epochs_without_a_better_one(int patience, double minimumChange, int epochs)
    {
        using TrainingState state = Histories.Tell(new EarlyStopping(patience, TrainingMetric.ValidationLoss, minimumChange), 20, Losses);
        Assert.AreEqual(epochs, state.Epoch);
        Assert.AreEqual(epochs < Losses.Length, state.StopReason is not null);
    }

    [TestMethod]
    public void The_metric_that_it_watches_is_the_one_it_is_given()
    {
        double[] falling = [0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1];
        using TrainingState byAccuracy = Histories.Tell(new EarlyStopping(2, TrainingMetric.ValidationAccuracy), 20, Losses, falling);
        Assert.AreEqual(3, byAccuracy.Epoch);
        using TrainingState byTrainingLoss = Histories.Tell(new EarlyStopping(2, TrainingMetric.Loss), 20, Losses, falling);
        Assert.AreEqual(3, byTrainingLoss.Epoch, "It rises from epoch to epoch.");
        using TrainingState byBoth = Histories.Tell(new EarlyStopping(3), 20, Losses, [0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5]);
        Assert.AreEqual(7, byBoth.Epoch, "At the same accuracy the loss decides.");
    }

    [TestMethod]
    public void An_epoch_that_is_not_a_number_is_no_better_one_and_one_after_it_is()
    {
        using TrainingState state = Histories.Tell(new EarlyStopping(2, TrainingMetric.ValidationLoss), 20, [double.NaN, 9, double.NaN, 8, 8, 8]);
        Assert.AreEqual(6, state.Epoch);
    }

    [TestMethod]
    public void The_last_epoch_is_no_early_stop()
    {
        using InMemoryDataset training = SmallImages.Make(32, seed: 1);
        using InMemoryDataset exchanged = SmallImages.Make(32, seed: 2, exchanged: true);
        TrainingOptions options = new()
        {
            Epochs = 30,
            LearningRate = 0.1f,
            ValidationSet = exchanged,
            Callbacks = [new EarlyStopping(3, TrainingMetric.ValidationLoss)],
        };
        TrainingResult result = NetworkTrainer.Train(SmallImages.Network, training, options);
        result.Weights.Dispose();
        TrainingResult last = NetworkTrainer.Train(SmallImages.Network, training, options with { Epochs = result.Epochs.Count });
        last.Weights.Dispose();
        Assert.IsTrue(result.IsStoppedEarly);
        Assert.IsFalse(last.IsStoppedEarly);
        Assert.HasCount(result.Epochs.Count, last.Epochs);
    }

    [TestMethod]
    public void The_training_gives_the_best_weights_and_says_that_it_stopped()
    {
        using InMemoryDataset training = SmallImages.Make(32, seed: 1);
        using InMemoryDataset exchanged = SmallImages.Make(32, seed: 2, exchanged: true);
        TrainingOptions options = new()
        {
            Epochs = 30,
            LearningRate = 0.1f,
            ValidationSet = exchanged,
            Callbacks = [new EarlyStopping(3, TrainingMetric.ValidationLoss)],
        };
        TrainingResult result = NetworkTrainer.Train(SmallImages.Network, training, options);
        result.Weights.Dispose();
        Assert.IsTrue(result.IsStoppedEarly);
        StringAssert.Contains(result.StopReason, "and 3 more were waited for.");
        Assert.AreEqual(result.Epochs.MinBy(epoch => epoch.ValidationLoss)!.Epoch, result.WeightsEpoch);
        Assert.HasCount(result.WeightsEpoch + 3, result.Epochs);
    }

    [TestMethod]
    public void What_is_not_measured_cannot_be_watched()
    {
        using InMemoryDataset training = SmallImages.Make(32, seed: 1);
        foreach ((TrainingCallback callback, string text) in new (TrainingCallback, string)[]
        {
            (new EarlyStopping(0), "Early stopping waits at least 1 epoch. Received: 0."),
            (new EarlyStopping(2, TrainingMetric.ValidationLoss), "Early stopping: ValidationLoss needs a validation set. Received: none."),
            (new EarlyStopping(2, TrainingMetric.Loss, -1), "Early stopping: the smallest change that counts is at least 0. Received: -1."),
            (new EarlyStopping(2, (TrainingMetric)17), "Early stopping: the metric is one of TrainingMetric. Received: 17."),
        })
        {
            ArgumentException error = Assert.ThrowsExactly<ArgumentException>(
                () => NetworkTrainer.Train(SmallImages.Network, training, new TrainingOptions { Callbacks = [callback] }));
            StringAssert.Contains(error.Message, text);
        }
    }
}
