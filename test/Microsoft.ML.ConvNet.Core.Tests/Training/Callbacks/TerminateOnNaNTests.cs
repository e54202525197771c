using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Training.Schedules;
using Microsoft.ML.ConvNet.Training;
using Microsoft.ML.ConvNet.Training.Callbacks;

namespace Microsoft.ML.ConvNet.Core.Tests.Training.Callbacks;

/// <summary>Trainings that leave the numbers.</summary>
[TestClass]
public sealed class TerminateOnNaNTests
{
    [TestMethod]
    public void The_error_names_what_left_the_numbers_and_when()
    {
        using InMemoryDataset training = SmallImages.Make(24, seed: 1);
        TrainingDivergedException loss = Assert.ThrowsExactly<TrainingDivergedException>(() => NetworkTrainer.Train(
            SmallImages.Network, training, new TrainingOptions { BatchSize = 8, LearningRate = 1e38f }));
        StringAssert.Contains(loss.Message, "The loss is not finite in epoch 1, batch ");

        TrainingDivergedException weight = Assert.ThrowsExactly<TrainingDivergedException>(() => NetworkTrainer.Train(
            SmallImages.Network, training, new TrainingOptions { BatchSize = 8, Epochs = 3, Schedule = new Leap(AtStep: 5) }));
        StringAssert.Contains(weight.Message, "The parameter \"conv1.weight\" is not finite in epoch 2;");
    }

    [TestMethod]
    public void No_checkpoint_is_written_of_weights_that_are_none()
    {
        string folder = Directory.CreateTempSubdirectory("convnet-test-").FullName;
        try
        {
            using InMemoryDataset training = SmallImages.Make(24, seed: 1);
            TrainingOptions options = new()
            {
                BatchSize = 8,
                Epochs = 3,
                Callbacks = [new Spoiler(atStep: 5), new CheckpointSaving(folder) { EverySteps = 1 }],
            };
            _ = Assert.ThrowsExactly<TrainingDivergedException>(() => NetworkTrainer.Train(SmallImages.Network, training, options));
            CollectionAssert.AreEqual(
                (string[])["step-000000003.checkpoint", "step-000000004.checkpoint"],
                Directory.GetFiles(folder, "*.checkpoint").Select(Path.GetFileName).Order(StringComparer.Ordinal).ToArray());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>The last step of the second epoch goes beyond all numbers, which no loss shows.</summary>
    private sealed record Leap(long AtStep) : LearningRateSchedule
    {
        protected override float DecayAt(int epoch, long stepNumber, long totalSteps) => stepNumber == AtStep ? float.PositiveInfinity : 1;
    }

    private sealed class Spoiler(long atStep) : TrainingCallback
    {
        public override void OnStepEnd(TrainingState state, in TrainingProgress progress)
        {
            if (state.Step == atStep)
            {
                state.Weights["fc1.weight"].Span[0] = float.NaN;
            }
        }
    }
}
