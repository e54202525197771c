using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Training;
using Microsoft.ML.ConvNet.Training.Callbacks;

namespace Microsoft.ML.ConvNet.Core.Tests.Training.Callbacks;

/// <summary>When callbacks are told, and what becomes of a training in which one throws.</summary>
[TestClass]
public sealed class CallbackTests
{
    [TestMethod]
    public void They_are_told_of_everything_in_order()
    {
        using InMemoryDataset training = SmallImages.Make(24, seed: 1);
        Diary diary = new();
        TrainingOptions options = new() { Epochs = 2, BatchSize = 8, Callbacks = [diary] };
        NetworkTrainer.Train(SmallImages.Network, training, options).Weights.Dispose();
        CollectionAssert.AreEqual(
            (string[])["begin", "epoch 0 begins", "step 1", "step 2", "step 3", "epoch 1 ends", "epoch 1 begins", "step 4", "step 5", "step 6", "epoch 2 ends", "end"],
            diary.Lines);
    }

    [TestMethod]
    public void A_callback_may_end_the_training_after_the_epoch()
    {
        using InMemoryDataset training = SmallImages.Make(24, seed: 1);
        Diary diary = new() { StopsAtStep = 2 };
        TrainingOptions options = new() { Epochs = 5, BatchSize = 8, Callbacks = [diary] };
        TrainingResult result = NetworkTrainer.Train(SmallImages.Network, training, options);
        result.Weights.Dispose();
        Assert.HasCount(1, result.Epochs);
        Assert.IsTrue(result.IsStoppedEarly);
        Assert.AreEqual("end", diary.Lines[^1]);
    }

    [TestMethod]
    [DataRow("begin", 0)]
    [DataRow("epoch 1 begins", 1)]
    [DataRow("step 5", 1)]
    [DataRow("epoch 2 ends", 2)]
    [DataRow("end", 3)]
    public void One_that_throws_ends_the_training_and_not_the_work(string at, int weightsEpoch)
    {
        using InMemoryDataset training = SmallImages.Make(24, seed: 1);
        TrainingResult? kept = null;
        TrainingOptions options = new()
        {
            Epochs = 3,
            BatchSize = 8,
            LearningRate = 0.1f,
            Callbacks = [new Diary { ThrowsAt = at }],
            Failed = result => kept = result,
        };
        Assert.ThrowsExactly<InvalidTimeZoneException>(() => NetworkTrainer.Train(SmallImages.Network, training, options));
        Assert.IsNotNull(kept);
        kept.Weights.Dispose();
        Assert.IsInstanceOfType<InvalidTimeZoneException>(kept.Failure);
        Assert.AreEqual(weightsEpoch, kept.WeightsEpoch);
    }

    private sealed class Diary : TrainingCallback
    {
        public List<string> Lines { get; } = [];

        public string? ThrowsAt { get; init; }

        public int StopsAtStep { get; init; }

        public override void OnTrainingBegin(TrainingState state) => Write("begin");

        public override void OnEpochBegin(TrainingState state) => Write($"epoch {state.Epoch} begins");

        public override void OnStepEnd(TrainingState state, in TrainingProgress progress)
        {
            Write($"step {state.Step}");
            if (state.Step == StopsAtStep)
            {
                state.Stop("It was enough.");
            }
        }

        public override void OnEpochEnd(TrainingState state, EpochMetrics epoch) => Write($"epoch {epoch.Epoch} ends");

        public override void OnTrainingEnd(TrainingState state) => Write("end");

        private void Write(string line)
        {
            Lines.Add(line);
            if (line == ThrowsAt)
            {
                throw new InvalidTimeZoneException();
            }
        }
    }
}
