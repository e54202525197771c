using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Tensors;
using Microsoft.ML.ConvNet.Training.Losses;
using Microsoft.ML.ConvNet.Training.Optimizers;
using Microsoft.ML.ConvNet.Training.Schedules;
using Microsoft.ML.ConvNet.Training;
using Microsoft.ML.ConvNet.Training.Callbacks;
using static Microsoft.ML.ConvNet.Core.Tests.Training.Checkpoints.StoppableTraining;

namespace Microsoft.ML.ConvNet.Core.Tests.Training.Callbacks;

/// <summary>Trainings that are stopped somewhere and gone on with end in the bits of those that were not.</summary>
[TestClass]
public sealed class CheckpointSavingTests
{
    private readonly string _folder = Directory.CreateTempSubdirectory("convnet-test-").FullName;

    public static IEnumerable<object[]> Optimizers =>
    [
        [new Sgd { Momentum = 0, LearningRate = 0.05f }],
        [new Sgd { Momentum = 0.9f, Nesterov = true, WeightDecay = 1e-3f, LearningRate = 0.02f }],
        [new Adam { WeightDecay = 1e-3f }],
        [new AdamW { WeightDecay = 1e-2f }],
        [new RmsProp { Alpha = 0.9f, L1Decay = 1e-4f }],
        [new RmsProp { Alpha = 0.9f, Momentum = 0.8f, IsCentered = true, WeightDecay = 1e-3f }],
        [new Adagrad { LearningRateDecay = 0.01f, InitialAccumulator = 0.1f }],
        [new Adadelta { WeightDecay = 1e-3f }],
        [new NAdam { WeightDecay = 1e-3f, MomentumDecay = 0.1f }],
        [new Lion { WeightDecay = 0.1f }],
    ];

    [TestCleanup]
    public void Clean() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    [DynamicData(nameof(Optimizers))]
    public void Stopped_after_any_step_a_training_ends_in_the_bits_of_one_that_was_not(Optimizer optimizer)
    {
        TrainingOptions options = Options() with { Optimizer = optimizer };
        byte[] expected = Train(options, out TrainingResult whole);
        foreach (int step in (int[])[1, 5, StepsOfAnEpoch, StepsOfAnEpoch + 3, (3 * StepsOfAnEpoch) - 1, (Epochs * StepsOfAnEpoch) - 1])
        {
            string folder = Path.Combine(_folder, $"stopped at {step}");
            Assert.IsTrue(TrainUntil(step, options, folder).IsCancelled);
            byte[] received = Train(options with { Callbacks = [.. options.Callbacks, Saving(folder)] }, out TrainingResult resumed);
            CollectionAssert.AreEqual(expected, received, $"stopped after step {step}");
            CollectionAssert.AreEqual(
                whole.Epochs.Select(epoch => (epoch.Loss, epoch.Accuracy, epoch.ValidationLoss, epoch.LearningRate)).ToArray(),
                resumed.Epochs.Select(epoch => (epoch.Loss, epoch.Accuracy, epoch.ValidationLoss, epoch.LearningRate)).ToArray());
            Assert.AreEqual(whole.WeightsEpoch, resumed.WeightsEpoch);
        }
    }

    [TestMethod]
    public void So_does_one_whose_last_weights_are_given_with_averages_plateaus_unfreezing_a_schedule_and_steps_of_several_batches()
    {
        TrainingOptions options = Options() with
        {
            AccumulatedBatches = 2,
            ClipGradientNorm = 0.5f,
            ClipGradientValue = 0.1f,
            Groups = [new ParameterGroup("conv*") { LearningRateFactor = 0.5f, WeightDecay = 1e-3f }],
            Loss = new FocalLoss { ClassWeights = new(1, 3) },
            KeepBest = false,
            Schedule = new CosineDecay { WarmupSteps = 3 },
            Callbacks =
            [
                new WeightAverage(0.8f),
                new ReduceOnPlateau(1, 0.5f, TrainingMetric.Loss, minimumChange: 0.05),
                new Unfreezing(new UnfreezingStage("conv*", 2), new UnfreezingStage("bn*", 3)),
            ],
        };
        byte[] expected = Train(options, out TrainingResult whole);
        Assert.IsTrue(
            whole.Epochs.Zip(Train(options with { Callbacks = [options.Callbacks[0], options.Callbacks[2]] }).Epochs)
                .Any(pair => pair.First.LearningRate != pair.Second.LearningRate),
            "there was a plateau");
        foreach (int step in (int[])[2, 4, 6, 11])
        {
            string folder = Path.Combine(_folder, $"stopped at {step}");
            Assert.IsTrue(TrainUntil(step, options, folder).IsCancelled);
            byte[] received = Train(options with { Callbacks = [.. options.Callbacks, Saving(folder)], NumberOfThreads = 1 }, out TrainingResult resumed);
            CollectionAssert.AreEqual(expected, received, $"stopped after step {step}");
            CollectionAssert.AreEqual(
                whole.Epochs.Select(epoch => (epoch.Loss, epoch.ValidationLoss, epoch.LearningRate)).ToArray(),
                resumed.Epochs.Select(epoch => (epoch.Loss, epoch.ValidationLoss, epoch.LearningRate)).ToArray());
        }
    }

    [TestMethod]
    [DataRow(0.3f, 0f)]
    [DataRow(0f, 1f)]
    [DataRow(0.3f, 1f)]
    public void So_does_one_whose_samples_are_mixed_and_augmented_with_a_momentum_that_changes(float mixup, float cutMix)
    {
        TrainingOptions options = Options() with { Mixup = mixup, CutMix = cutMix, Schedule = new OneCycle { MomentumCycle = true }, KeepBest = false };
        byte[] expected = Train(options, out _, Augmentation);
        foreach (int step in (int[])[1, 5, StepsOfAnEpoch + 3])
        {
            string folder = Path.Combine(_folder, $"stopped at {step}");
            Assert.IsTrue(TrainUntil(step, options, folder, Augmentation).IsCancelled);
            byte[] received = Train(options with { Callbacks = [.. options.Callbacks, Saving(folder)], NumberOfThreads = 1 }, out _, Augmentation);
            CollectionAssert.AreEqual(expected, received, $"stopped after step {step}");
        }

        TrainUntil(3, options, Path.Combine(_folder, "another"), Augmentation);
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => Train(
                options with { Mixup = 0.7f, Callbacks = [Saving(Path.Combine(_folder, "another"))] }, out _, Augmentation)).Message,
            FormattableString.Invariant($"Received: mixup 0.7, CutMix {cutMix}, ImageAugmentation"));
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    public void Cancelled_in_the_midst_of_a_step_of_any_kind_it_goes_on_from_before_that_step(int accumulatedBatches)
    {
        TrainingOptions options = Options() with { AccumulatedBatches = accumulatedBatches, KeepBest = false };
        byte[] expected = Train(options, out _);
        foreach (int reading in (int[])[70, 100, 150])
        {
            string folder = Path.Combine(_folder, $"cancelled at {reading}");
            using CancellationTokenSource source = new();
            using InMemoryDataset training = SmallImages.Make(Samples, seed: 1);
            TrainingResult stopped = NetworkTrainer.Train(
                TrainedNetwork,
                new CountedReadings(training, reading, source.Cancel),
                options with { Callbacks = [Saving(folder)], CancellationToken = source.Token });
            stopped.Weights.Dispose();
            Assert.IsTrue(stopped.IsCancelled);
            CollectionAssert.AreEqual(expected, Train(options with { Callbacks = [Saving(folder)] }, out _), $"cancelled at reading {reading}");
        }
    }

    [TestMethod]
    public void What_a_sample_or_a_callback_throws_leaves_the_state_before_it()
    {
        byte[] expected = Train(Options(), out _);
        using InMemoryDataset training = SmallImages.Make(Samples, seed: 1);
        string bad = Path.Combine(_folder, "bad sample");
        _ = Assert.ThrowsExactly<InvalidTimeZoneException>(() => NetworkTrainer.Train(
            TrainedNetwork,
            new CountedReadings(training, 130, () => throw new InvalidTimeZoneException()),
            Options() with { Callbacks = [new CheckpointSaving(bad)] }));
        CollectionAssert.AreEqual(expected, Train(Options() with { Callbacks = [Saving(bad)] }, out _));

        string thrown = Path.Combine(_folder, "callback");
        _ = Assert.ThrowsExactly<InvalidTimeZoneException>(() => Train(
            Options() with
            {
                Callbacks = [new CheckpointSaving(thrown)],
                EpochCompleted = epoch => _ = epoch.Epoch == 2 ? throw new InvalidTimeZoneException() : 0,
            },
            out _));
        CollectionAssert.AreEqual(
            (string[])[$"step-{StepsOfAnEpoch:D9}.checkpoint", $"step-{2 * StepsOfAnEpoch:D9}.checkpoint"], CheckpointsIn(thrown));
        CollectionAssert.AreEqual(expected, Train(Options() with { Callbacks = [Saving(thrown)] }, out _));
    }

    [TestMethod]
    public void A_training_that_was_told_to_stop_completes_its_epoch_also_behind_a_checkpoint()
    {
        TrainingOptions options = Options() with { Callbacks = [new Stopper(atStep: 9)] };
        byte[] expected = Train(options, out TrainingResult whole);
        Assert.HasCount(2, whole.Epochs);
        Assert.IsTrue(TrainUntil(10, options, _folder).IsCancelled);
        CollectionAssert.AreEqual(expected, Train(options with { Callbacks = [new Stopper(9), Saving(_folder)] }, out TrainingResult resumed));
        Assert.HasCount(2, resumed.Epochs);
        Assert.AreEqual("It was enough.", resumed.StopReason);
    }

    [TestMethod]
    public void Early_stopping_decides_as_if_nothing_had_been_stopped_with_more_epochs_too()
    {
        using InMemoryDataset exchanged = SmallImages.Make(20, seed: 2, exchanged: true);
        TrainingOptions options = Options() with { Epochs = 20, EarlyStoppingPatience = 2, ValidationSet = exchanged, LearningRate = 0.05f };
        byte[] expected = Train(options, out TrainingResult whole);
        Assert.IsTrue(whole.IsStoppedEarly);
        foreach (int epochs in (int[])[whole.Epochs.Count - 1, whole.Epochs.Count])
        {
            string folder = Path.Combine(_folder, $"{epochs} epochs");
            _ = Train(options with { Epochs = epochs, Callbacks = [Saving(folder)] }, out _);
            CollectionAssert.AreEqual(expected, Train(options with { Callbacks = [Saving(folder)] }, out TrainingResult resumed));
            Assert.HasCount(whole.Epochs.Count, resumed.Epochs);
        }
    }

    [TestMethod]
    public void So_does_one_whose_images_are_augmented()
    {
        byte[] expected = Train(Options(), out _, Augmentation);
        CollectionAssert.AreNotEqual(expected, Train(Options(), out _));
        foreach (int step in (int[])[1, 3, StepsOfAnEpoch, StepsOfAnEpoch + 4, (Epochs * StepsOfAnEpoch) - 1])
        {
            string folder = Path.Combine(_folder, $"stopped at {step}");
            Assert.IsTrue(TrainUntil(step, Options(), folder, Augmentation).IsCancelled);
            byte[] received = Train(Options() with { Callbacks = [Saving(folder)] }, out _, Augmentation);
            CollectionAssert.AreEqual(expected, received, $"stopped after step {step}");
        }
    }

    [TestMethod]
    public void Saving_changes_nothing_and_a_training_that_was_complete_is_given_again()
    {
        byte[] expected = Train(Options(), out TrainingResult whole);
        TrainingOptions options = Options() with { Callbacks = [Saving(_folder)] };
        CollectionAssert.AreEqual(expected, Train(options, out _));
        int batches = 0;
        byte[] again = Train(options with { BatchCompleted = _ => batches++ }, out TrainingResult second);
        CollectionAssert.AreEqual(expected, again);
        Assert.AreEqual(0, batches);
        Assert.HasCount(Epochs, second.Epochs);
        Assert.AreEqual(whole.WeightsEpoch, second.WeightsEpoch);
    }

    [TestMethod]
    public void A_training_that_began_with_other_weights_is_not_gone_on_with()
    {
        using Weights first = Weights.Initialize(SmallImages.Network, 1);
        using Weights second = Weights.Initialize(SmallImages.Network, 2);
        using InMemoryDataset images = SmallImages.Make(24, seed: 1);
        TrainingOptions options = Options() with { Callbacks = [Saving(_folder)] };
        NetworkTrainer.Train(SmallImages.Network, images, options, first).Weights.Dispose();
        NetworkTrainer.Train(SmallImages.Network, images, options, first).Weights.Dispose();
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => NetworkTrainer.Train(SmallImages.Network, images, options, second)).Message,
            "as initial weights, where");
    }

    [TestMethod]
    public void What_initial_weights_are_a_function_of_stands_for_them_where_it_is_said()
    {
        using Weights first = Weights.Initialize(SmallImages.Network, 1);
        using Weights second = Weights.Initialize(SmallImages.Network, 2);
        using InMemoryDataset images = SmallImages.Make(24, seed: 1);
        TrainingOptions options = Options() with { Callbacks = [Saving(_folder)], InitialWeightsOrigin = new Dictionary<string, string> { ["base"] = "a" } };
        NetworkTrainer.Train(SmallImages.Network, images, options, first).Weights.Dispose();
        NetworkTrainer.Train(SmallImages.Network, images, options, second).Weights.Dispose();
        TrainingOptions other = options with { InitialWeightsOrigin = new Dictionary<string, string> { ["base"] = "b" } };
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => NetworkTrainer.Train(SmallImages.Network, images, other, first)).Message,
            "Received: b as base, where");
        TrainingOptions taken = options with { InitialWeightsOrigin = new Dictionary<string, string> { ["seed"] = "1" } };
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => NetworkTrainer.Train(SmallImages.Network, images, taken, first)).Message, "no other part of a training has. Received: seed.");
    }

    [TestMethod]
    public void More_epochs_may_be_asked_for()
    {
        byte[] expected = Train(Options() with { Epochs = Epochs + 2 }, out _);
        _ = Train(Options() with { Callbacks = [Saving(_folder)] }, out _);
        byte[] received = Train(Options() with { Epochs = Epochs + 2, Callbacks = [Saving(_folder)] }, out TrainingResult result);
        CollectionAssert.AreEqual(expected, received);
        Assert.HasCount(Epochs + 2, result.Epochs);
    }

    // From the full rate to the full rate: the factor is 1 in each step, and the momentum alone moves, at another pace over more epochs.
    [TestMethod]
    public void Other_epochs_are_refused_where_they_had_changed_the_momentum_alone()
    {
        TrainingOptions options = Options() with { Schedule = new OneCycle(0.3f, 1, 1) { MomentumCycle = true } };
        _ = TrainUntil(10, options, _folder);
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(
                () => Train(options with { Epochs = Epochs + 2, Callbacks = [Saving(_folder)] }, out _)).Message,
            "has other rates or momenta for the steps that were made");
    }

    [TestMethod]
    public void Other_epochs_are_refused_where_they_had_changed_the_steps_that_were_made()
    {
        TrainingOptions options = Options() with { Schedule = new CosineDecay() };
        _ = TrainUntil(10, options, _folder);
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(
                () => Train(options with { Epochs = Epochs + 2, Callbacks = [Saving(_folder)] }, out _)).Message,
            "The schedule CosineDecay over 6 epochs has other rates or momenta for the steps that were made than over 4.");
        string complete = Path.Combine(_folder, "complete");
        _ = Train(Options() with { Callbacks = [Saving(complete)] }, out _);
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => Train(Options() with { Epochs = 2, Callbacks = [Saving(complete)] }, out _)).Message,
            "A training that has completed 4 epochs has no fewer. Received: 2.");
    }

    private sealed class Stopper(long atStep) : TrainingCallback
    {
        public override void OnStepEnd(TrainingState state, in TrainingProgress progress)
        {
            if (state.Step == atStep)
            {
                state.Stop("It was enough.");
            }
        }
    }

    /// <summary>Samples of which one reading does something.</summary>
    private sealed class CountedReadings(ImageDataset samples, int reading, Action act) : ImageDataset
    {
        // Those of the fingerprint come first.
        private int _readings = -Samples;

        public override int Count => samples.Count;

        public override Shape Shape => samples.Shape;

        public override int ClassCount => samples.ClassCount;

        public override int LabelOf(int index) => samples.LabelOf(index);

        public override void ReadSample(int index, Span<float> pixels)
        {
            samples.ReadSample(index, pixels);
            if (Interlocked.Increment(ref _readings) == reading)
            {
                act();
            }
        }
    }
}
