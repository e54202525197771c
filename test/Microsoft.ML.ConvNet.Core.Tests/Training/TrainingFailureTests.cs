using Microsoft.ML.ConvNet.Core.Tests.Tensors;
using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Tensors;
using Microsoft.ML.ConvNet.Training.Schedules;
using Microsoft.ML.ConvNet.Training;

namespace Microsoft.ML.ConvNet.Core.Tests.Training;

/// <summary>What is left of a training that ends by an exception. Alone in the process, since its native memory is counted.</summary>
[TestClass]
[DoNotParallelize]
public sealed class TrainingFailureTests
{
    private readonly List<TrainingResult> _kept = [];
    private long _before;

    [TestInitialize]
    public void Count()
    {
        NativeMemoryCount.FreeWhatIsLeft();
        _before = NativeBuffer.LiveBytes;
    }

    [TestCleanup]
    public void Everything_was_given_back()
    {
        _kept.ForEach(result => result.Weights.Dispose());
        NativeMemoryCount.FreeWhatIsLeft();
        Assert.AreEqual(_before, NativeBuffer.LiveBytes);
    }

    [TestMethod]
    public void After_a_divergence_the_weights_of_the_best_epoch_are_those_of_a_training_that_ended_with_it()
    {
        using InMemoryDataset training = SmallImages.Make(32, seed: 1);
        TrainingOptions options = new() { Epochs = 2, BatchSize = 16, LearningRate = 0.1f, Failed = _kept.Add };
        using Weights expected = NetworkTrainer.Train(SmallImages.Network, training, options).Weights;
        Assert.IsEmpty(_kept);
        TrainingDivergedException error = Assert.ThrowsExactly<TrainingDivergedException>(() => NetworkTrainer.Train(
            SmallImages.Network, training, options with { Epochs = 9, Schedule = new Explosion(FirstEpoch: 2) }));
        StringAssert.Contains(error.Message, nameof(TrainingOptions.ClipGradientNorm));
        AssertKept(error, epochs: 2, weightsEpoch: 2, expected);
    }

    [TestMethod]
    public void What_a_callback_throws_leaves_the_best_weights()
    {
        using InMemoryDataset training = SmallImages.Make(32, seed: 1);
        TrainingOptions options = new() { Epochs = 3, BatchSize = 16, LearningRate = 0.1f };
        using Weights expected = NetworkTrainer.Train(SmallImages.Network, training, options).Weights;
        InvalidTimeZoneException thrown = new();
        InvalidTimeZoneException error = Assert.ThrowsExactly<InvalidTimeZoneException>(() => NetworkTrainer.Train(
            SmallImages.Network,
            training,
            options with { Epochs = 9, EpochCompleted = epoch => ThrowAt(epoch.Epoch, 3, thrown), Failed = _kept.Add }));
        Assert.AreSame(thrown, error);
        AssertKept(error, epochs: 3, weightsEpoch: 3, expected);
        Assert.ThrowsExactly<InvalidTimeZoneException>(() => NetworkTrainer.Train(
            SmallImages.Network,
            training,
            options with { Epochs = 9, BatchCompleted = progress => ThrowAt(progress.Epoch, 4, thrown), Failed = _kept.Add }));
        Assert.AreEqual(3, _kept[1].WeightsEpoch);
    }

    [TestMethod]
    public void A_bad_sample_in_the_validation_set_leaves_what_the_epoch_learnt()
    {
        using InMemoryDataset training = SmallImages.Make(32, seed: 1);
        TrainingOptions options = new() { Epochs = 1, BatchSize = 16, LearningRate = 0.1f, KeepBest = false };
        using Weights expected = NetworkTrainer.Train(SmallImages.Network, training, options).Weights;
        FaultyImages bad = new() { Spoilt = 11, Pixel = float.NaN };
        InvalidDataException error = Assert.ThrowsExactly<InvalidDataException>(() => NetworkTrainer.Train(
            SmallImages.Network, training, options with { ValidationSet = bad, Failed = _kept.Add }));
        AssertKept(error, epochs: 0, weightsEpoch: 0, expected);
    }

    [TestMethod]
    public void Weights_that_diverged_are_not_handed_over()
    {
        using InMemoryDataset training = SmallImages.Make(32, seed: 1);
        TrainingOptions options = new() { LearningRate = float.MaxValue, BatchSize = 16, Failed = _kept.Add };
        Assert.ThrowsExactly<TrainingDivergedException>(() => NetworkTrainer.Train(SmallImages.Network, training, options));
        Assert.IsEmpty(_kept);
    }

    [TestMethod]
    public void Where_nobody_asks_for_them_the_weights_are_freed()
    {
        using InMemoryDataset training = SmallImages.Make(32, seed: 1);
        TrainingOptions options = new() { EpochCompleted = epoch => ThrowAt(epoch.Epoch, 1, new InvalidTimeZoneException()) };
        long before = NativeBuffer.LiveBytes;
        Assert.ThrowsExactly<InvalidTimeZoneException>(() => NetworkTrainer.Train(SmallImages.Network, training, options));
        NativeMemoryCount.FreeIdle();
        Assert.AreEqual(before, NativeBuffer.LiveBytes, "Without the collector's help.");
    }

    [TestMethod]
    public void Where_keeping_the_weights_fails_too_both_failures_are_told()
    {
        using InMemoryDataset training = SmallImages.Make(32, seed: 1);
        TrainingOptions options = new()
        {
            EpochCompleted = epoch => ThrowAt(epoch.Epoch, 1, new InvalidTimeZoneException()),
            Failed = result =>
            {
                _kept.Add(result);
                throw new IOException("The disk is full.");
            },
        };
        AggregateException error = Assert.ThrowsExactly<AggregateException>(() => NetworkTrainer.Train(SmallImages.Network, training, options));
        Assert.IsInstanceOfType<InvalidTimeZoneException>(error.InnerExceptions[0]);
        Assert.IsInstanceOfType<IOException>(error.InnerExceptions[1]);
    }

    private static void ThrowAt(int epoch, int wanted, Exception exception)
    {
        if (epoch == wanted)
        {
            throw exception;
        }
    }

    private void AssertKept(Exception failure, int epochs, int weightsEpoch, Weights expected)
    {
        Assert.HasCount(1, _kept);
        TrainingResult result = _kept[0];
        Assert.AreSame(failure, result.Failure);
        Assert.HasCount(epochs, result.Epochs);
        Assert.AreEqual(weightsEpoch, result.WeightsEpoch);
        Assert.IsFalse(result.IsCancelled);
        foreach (string name in expected.Names)
        {
            Assert.IsTrue(expected[name].Span.SequenceEqual(result.Weights[name].Span), name);
        }
    }

    private sealed record Explosion(int FirstEpoch) : LearningRateSchedule
    {
        protected override float DecayAt(int epoch, long stepNumber, long totalSteps) => epoch < FirstEpoch ? 1 : 1e30f;
    }
}
