using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Training.Losses;
using Microsoft.ML.ConvNet.Training.Schedules;
using Microsoft.ML.ConvNet.Training;

namespace Microsoft.ML.ConvNet.Core.Tests.Training.Steps;

/// <summary>Steps of several batches.</summary>
[TestClass]
public sealed class AccumulatedStepTests
{
    [TestMethod]
    [DataRow(64, DisplayName = "four batches a step")]
    [DataRow(40, DisplayName = "a last step of fewer batches, the last of them smaller")]
    public void Four_batches_of_eight_make_the_step_of_one_batch_of_thirty_two(int samples)
    {
        using InMemoryDataset training = SmallImages.Make(samples, seed: 1);
        TrainingOptions options = new() { Epochs = 2, LearningRate = 0.1f, ClipGradientNorm = 1, KeepBest = false, Seed = 3 };
        TrainingResult large = NetworkTrainer.Train(SmallImages.Network, training, options with { BatchSize = 32 });
        TrainingResult parts = NetworkTrainer.Train(SmallImages.Network, training, options with { BatchSize = 8, AccumulatedBatches = 4 });
        using Weights expected = large.Weights;
        using Weights received = parts.Weights;
        foreach (string name in expected.Names)
        {
            for (int i = 0; i < expected[name].Span.Length; i++)
            {
                Assert.AreEqual(expected[name].Span[i], received[name].Span[i], 1e-5f, name);
            }
        }

        Assert.AreEqual(large.Epochs[^1].Loss, parts.Epochs[^1].Loss, 1e-5);
    }

    [TestMethod]
    public void So_do_they_where_classes_have_weights()
    {
        using InMemoryDataset training = SmallImages.Make(40, seed: 1);
        TrainingOptions options = new()
        {
            Epochs = 2,
            LearningRate = 0.1f,
            KeepBest = false,
            Seed = 3,
            Loss = new SoftmaxCrossEntropy { ClassWeights = new(1, 9) },
        };
        TrainingResult large = NetworkTrainer.Train(SmallImages.Network, training, options with { BatchSize = 32 });
        TrainingResult parts = NetworkTrainer.Train(SmallImages.Network, training, options with { BatchSize = 8, AccumulatedBatches = 4 });
        using Weights expected = large.Weights;
        using Weights received = parts.Weights;
        foreach (string name in expected.Names)
        {
            for (int i = 0; i < expected[name].Span.Length; i++)
            {
                Assert.AreEqual(expected[name].Span[i], received[name].Span[i], 1e-5f, name);
            }
        }

        Assert.AreEqual(large.Epochs[^1].Loss, parts.Epochs[^1].Loss, 1e-5);
    }

    [TestMethod]
    public void The_schedule_counts_steps_and_not_batches()
    {
        using InMemoryDataset training = SmallImages.Make(40, seed: 1);
        List<float> rates = [];
        TrainingOptions options = new()
        {
            Epochs = 2,
            BatchSize = 8,
            AccumulatedBatches = 2,
            LearningRate = 1e-3f,
            Schedule = new StepsToGo(),
            BatchCompleted = progress => rates.Add(progress.LearningRate),
        };
        NetworkTrainer.Train(SmallImages.Network, training, options).Weights.Dispose();
        float[] expected = [6e-3f, 5e-3f, 4e-3f, 3e-3f, 2e-3f, 1e-3f];
        Assert.HasCount(expected.Length, rates);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.AreEqual(expected[i], rates[i], 1e-8f);
        }
    }

    [TestMethod]
    public void A_step_has_at_least_one_batch()
    {
        using InMemoryDataset training = SmallImages.Make(8, seed: 1);
        ArgumentException error = Assert.ThrowsExactly<ArgumentException>(
            () => NetworkTrainer.Train(SmallImages.Network, training, new TrainingOptions { AccumulatedBatches = 0 }));
        StringAssert.Contains(error.Message, "The number of batches of a step is at least 1. Received: 0.");
    }

    private sealed record StepsToGo : LearningRateSchedule
    {
        protected override float DecayAt(int epoch, long stepNumber, long totalSteps) => totalSteps - stepNumber;
    }
}
