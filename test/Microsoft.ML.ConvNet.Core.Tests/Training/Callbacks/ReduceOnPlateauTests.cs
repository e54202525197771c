using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Training;
using Microsoft.ML.ConvNet.Training.Callbacks;

namespace Microsoft.ML.ConvNet.Core.Tests.Training.Callbacks;

/// <summary>Smaller learning rates where a training no longer gets better.</summary>
[TestClass]
public sealed class ReduceOnPlateauTests
{
    // Keras' ReduceLROnPlateau with patience=2, factor=0.5, min_delta=0.1 on these losses: it counts 2, 2 as waiting, reduces, counts anew.
    [TestMethod]
    public void After_each_plateau_the_rate_is_multiplied_and_the_epochs_are_counted_anew()
    {
        double[] losses = [3, 2, 2, 2, 2, 1.95, 1, 1, 1];
        float[] expected = [1, 1, 1, 0.5f, 0.5f, 0.25f, 0.25f, 0.25f, 0.125f];
        ReduceOnPlateau callback = new(2, 0.5f, TrainingMetric.ValidationLoss, 0.1);
        for (int epochs = 1; epochs <= losses.Length; epochs++)
        {
            using TrainingState state = Histories.Tell(callback, 20, losses[..epochs]);
            Assert.AreEqual(expected[epochs - 1], state.LearningRateFactor, $"after epoch {epochs}");
        }
    }

    [TestMethod]
    public void The_rate_does_not_fall_below_the_smallest_share()
    {
        using TrainingState state = Histories.Tell(
            new ReduceOnPlateau(1, 0.1f, TrainingMetric.ValidationLoss, minimum: 0.05f), 20, [1, 1, 1, 1]);
        Assert.AreEqual(0.05f, state.LearningRateFactor);
    }

    [TestMethod]
    public void The_training_steps_with_the_smaller_rate()
    {
        using InMemoryDataset training = SmallImages.Make(32, seed: 1);
        using InMemoryDataset exchanged = SmallImages.Make(32, seed: 2, exchanged: true);
        TrainingOptions options = new()
        {
            Epochs = 5,
            LearningRate = 0.1f,
            ValidationSet = exchanged,
            Callbacks = [new ReduceOnPlateau(1, 0.5f, TrainingMetric.ValidationLoss)],
        };
        TrainingResult result = NetworkTrainer.Train(SmallImages.Network, training, options);
        result.Weights.Dispose();
        float expected = 0.1f;
        double best = double.PositiveInfinity;
        foreach (EpochMetrics epoch in result.Epochs)
        {
            Assert.AreEqual(expected, epoch.LearningRate, 1e-7f);
            expected *= epoch.ValidationLoss < best - 1e-4 ? 1 : 0.5f;
            best = Math.Min(best, epoch.ValidationLoss!.Value);
        }

        Assert.IsLessThan(0.1f, expected, "The exchanged classes are learnt ever worse.");
    }
}
