using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Data.Augmentation;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Storage;
using Microsoft.ML.ConvNet.Tensors;
using Microsoft.ML.ConvNet.Training.Losses;
using Microsoft.ML.ConvNet.Training.Optimizers;
using Microsoft.ML.ConvNet.Training.Schedules;
using Microsoft.ML.ConvNet.Training;
using Microsoft.ML.ConvNet.Training.Callbacks;

namespace Microsoft.ML.ConvNet.Core.Tests.Training.Callbacks;

/// <summary>Trainings that are stopped somewhere and gone on with, and checkpoints that are not what they should be.</summary>
[TestClass]
public sealed class CheckpointSavingTests
{
    private const int Samples = 52;
    private const int BatchSize = 8;
    private const int Epochs = 4;

    // Seven batches an epoch, the last of four.
    private const int StepsOfAnEpoch = 7;

    private static readonly Network Network = Network.Input(6, 6, 1)
        .Conv(4, 3).BatchNorm().Relu().Dropout(0.2f).MaxPool(2).Flatten().Dense(6).Relu().Dropout(0.3f).Dense(2).Softmax();

    private static readonly ImageAugmentation Augmentation = new()
    {
        RotationRange = 20,
        WidthShiftRange = 0.2f,
        HorizontalFlip = true,
        Policy = new TrivialAugment(),
        Erasing = new RandomErasing(),
    };

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
                Network,
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
            Network,
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
            (string[])[$"step-{StepsOfAnEpoch:D9}.checkpoint", $"step-{2 * StepsOfAnEpoch:D9}.checkpoint"], Files(thrown));
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
    public void More_epochs_may_be_asked_for()
    {
        byte[] expected = Train(Options() with { Epochs = Epochs + 2 }, out _);
        _ = Train(Options() with { Callbacks = [Saving(_folder)] }, out _);
        byte[] received = Train(Options() with { Epochs = Epochs + 2, Callbacks = [Saving(_folder)] }, out TrainingResult result);
        CollectionAssert.AreEqual(expected, received);
        Assert.HasCount(Epochs + 2, result.Epochs);
    }

    [TestMethod]
    public void Other_epochs_are_refused_where_they_had_changed_the_steps_that_were_made()
    {
        TrainingOptions options = Options() with { Schedule = new CosineDecay() };
        _ = TrainUntil(10, options, _folder);
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(
                () => Train(options with { Epochs = Epochs + 2, Callbacks = [Saving(_folder)] }, out _)).Message,
            "The schedule CosineDecay over 6 epochs has other rates for the steps that were made than over 4.");
        string complete = Path.Combine(_folder, "complete");
        _ = Train(Options() with { Callbacks = [Saving(complete)] }, out _);
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => Train(Options() with { Epochs = 2, Callbacks = [Saving(complete)] }, out _)).Message,
            "A training that has completed 4 epochs has no fewer. Received: 2.");
    }

    [TestMethod]
    public void Files_behind_the_state_that_a_training_went_on_from_do_not_push_out_what_it_writes()
    {
        byte[] expected = Train(Options(), out _);
        CheckpointSaving saving = new(_folder) { EverySteps = 4, Resume = true };
        _ = Train(Options() with { Callbacks = [saving] }, out _);
        foreach (string file in Directory.GetFiles(_folder, "*28.checkpoint"))
        {
            File.Copy(file, file.Replace("28", "30", StringComparison.Ordinal));
            File.WriteAllBytes(file, [1, 2, 3]);
            File.WriteAllBytes(file.Replace("28", "30", StringComparison.Ordinal), [1, 2, 3]);
        }

        _ = TrainUntil(1, Options(), _folder);
        Assert.Contains("step-000000025.checkpoint", Files(_folder));
        Assert.Contains("step-000000024.checkpoint", Files(_folder));
        CollectionAssert.AreEqual(expected, Train(Options() with { Callbacks = [saving] }, out _));
    }

    [TestMethod]
    public void A_file_of_a_newer_version_is_not_passed_over_for_an_older_one()
    {
        _ = TrainUntil(3, Options(), _folder);
        string newest = Directory.GetFiles(_folder, "*.checkpoint").Order(StringComparer.Ordinal).Last();
        Rewrite(newest, json => json.Replace("\"version\": 1", "\"version\": 2", StringComparison.Ordinal));
        StringAssert.Contains(
            Assert.ThrowsExactly<NotSupportedException>(() => Train(Options() with { Callbacks = [Saving(_folder)] }, out _)).Message,
            "Checkpoints of version 1 can be read. Received: version 2");
    }

    [TestMethod]
    public void Another_tier_is_warned_of()
    {
        _ = TrainUntil(3, Options(), _folder);
        string newest = Directory.GetFiles(_folder, "*.checkpoint").Order(StringComparer.Ordinal).Last();
        Rewrite(newest, json => json.Replace("\"simdTier\": \"", "\"simdTier\": \"Another", StringComparison.Ordinal));
        List<string> warnings = [];
        _ = Train(Options() with { Callbacks = [Saving(_folder)], Warned = warnings.Add }, out _);
        StringAssert.Contains(warnings.Single(), "The training began with Another");
    }

    [TestMethod]
    public void Two_trainings_do_not_share_a_folder()
    {
        TrainingOptions options = Options() with { Callbacks = [Saving(_folder)] };
        IOException? error = null;
        _ = Train(options with { EpochCompleted = epoch => error ??= Assert.ThrowsExactly<IOException>(() => Train(options, out _)) }, out _);
        StringAssert.Contains(error!.Message, "One training at a time saves its checkpoints to a folder.");
    }

    [TestMethod]
    public void The_last_files_are_kept_and_the_best_weights_are_in_each()
    {
        CheckpointSaving saving = new(_folder) { Keep = 3, EverySteps = 2 };
        _ = Train(Options() with { Callbacks = [saving] }, out _);
        CollectionAssert.AreEqual(
            (string[])["step-000000024.checkpoint", "step-000000026.checkpoint", "step-000000028.checkpoint"],
            Files(_folder));
    }

    [TestMethod]
    public void Where_the_newest_file_is_damaged_the_one_before_it_serves_and_that_is_said()
    {
        byte[] expected = Train(Options(), out _);
        _ = TrainUntil(2 * StepsOfAnEpoch, Options(), _folder);
        string newest = Directory.GetFiles(_folder, "*.checkpoint").Order(StringComparer.Ordinal).Last();
        byte[] bytes = File.ReadAllBytes(newest);
        List<string> warnings = [];
        TrainingOptions options = Options() with { Callbacks = [Saving(_folder)], Warned = warnings.Add };
        foreach (int place in (int[])[100, bytes.Length / 3, bytes.Length / 2, bytes.Length - 400])
        {
            byte[] damaged = [.. bytes];
            damaged[place] ^= 1;
            File.WriteAllBytes(newest, damaged);
            string copy = Path.Combine(_folder, $"copy {place}");
            _ = Directory.CreateDirectory(copy);
            foreach (string file in Directory.GetFiles(_folder, "*.checkpoint"))
            {
                File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
            }

            CollectionAssert.AreEqual(expected, Train(options with { Callbacks = [Saving(copy)] }, out _), $"damaged at {place}");
        }

        Assert.HasCount(4, warnings);
        StringAssert.Contains(warnings[0], "is damaged");

        foreach (string file in Directory.GetFiles(_folder, "*.checkpoint"))
        {
            File.WriteAllBytes(file, File.ReadAllBytes(file)[..200]);
        }

        ModelFormatException error = Assert.ThrowsExactly<ModelFormatException>(() => Train(options, out _));
        StringAssert.Contains(error.Message, newest);
    }

    [TestMethod]
    public void A_checkpoint_of_another_training_is_refused_with_what_differs()
    {
        _ = TrainUntil(3, Options(), _folder);
        foreach ((TrainingOptions options, string part) in new[]
        {
            (Options() with { BatchSize = 4 }, "as batch size"),
            (Options() with { Seed = 2 }, "as seed"),
            (Options() with { Optimizer = new Adam() }, "as optimizer"),
            (Options() with { Schedule = new CosineDecay() }, "as schedule"),
            (Options() with { ClipGradientValue = 1 }, "as limit to the gradient's elements"),
            (Options() with { Groups = [new ParameterGroup("conv*") { LearningRateFactor = 0.5f }] }, "as groups of parameters"),
            (Options() with { Loss = new SoftmaxCrossEntropy(0.1f) }, "as loss"),
            (Options() with { Loss = new SoftmaxCrossEntropy { ClassWeights = new(1, 2) } }, "as loss"),
            (Options() with { ValidationSet = null }, "as validation samples"),
            (Options() with { KeepBest = false }, "as callbacks"),
            (Options() with { EarlyStoppingPatience = 3 }, "as callbacks"),
            (Options() with { ValidationSet = SmallImages.Make(20, seed: 3) }, "as validation samples"),
        })
        {
            ArgumentException error = Assert.ThrowsExactly<ArgumentException>(
                () => Train(options with { Callbacks = [Saving(_folder)] }, out _));
            StringAssert.Contains(error.Message, part);
        }

        using InMemoryDataset others = SmallImages.Make(Samples, seed: 1, exchanged: true);
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(
                () => NetworkTrainer.Train(Network, others, Options() with { Callbacks = [Saving(_folder)] })).Message,
            "as training samples");
        using InMemoryDataset training = SmallImages.Make(Samples, seed: 1);
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(
                () => Train(Options() with { Callbacks = [Saving(_folder)] }, out _, Augmentation)).Message,
            "as augmentation, where");
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(
                () => NetworkTrainer.Train(SmallImages.Network, training, Options() with { Callbacks = [Saving(_folder)] })).Message,
            "as network");
    }

    [TestMethod]
    public void A_training_that_begins_does_not_write_over_another()
    {
        _ = TrainUntil(3, Options(), _folder);
        ArgumentException error = Assert.ThrowsExactly<ArgumentException>(
            () => Train(Options() with { Callbacks = [new CheckpointSaving(_folder)] }, out _));
        StringAssert.Contains(error.Message, "step-000000003.checkpoint");
    }

    [TestMethod]
    public void Settings_out_of_their_range_are_refused()
    {
        foreach ((CheckpointSaving saving, string text) in new[]
        {
            (new CheckpointSaving(string.Empty), "Checkpoints have a folder."),
            (new CheckpointSaving(_folder) { Keep = 1 }, "the number of files that are kept is at least 2. Received: 1."),
            (new CheckpointSaving(_folder) { EveryEpochs = -1 }, "the number of epochs between two is at least 0. Received: -1."),
            (new CheckpointSaving(_folder) { EverySteps = -1 }, "the number of steps between two is at least 0. Received: -1."),
        })
        {
            StringAssert.Contains(
                Assert.ThrowsExactly<ArgumentException>(() => Train(Options() with { Callbacks = [saving] }, out _)).Message, text);
        }
    }

    private static string[] Files(string folder) =>
        [.. Directory.GetFiles(folder, "*.checkpoint").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    /// <summary>Changes what a checkpoint says, with a hash that is true.</summary>
    private static void Rewrite(string file, Func<string, string> change)
    {
        using ZipArchive archive = ZipFile.Open(file, ZipArchiveMode.Update);
        ZipArchiveEntry entry = archive.GetEntry("state.json")!;
        using Stream stream = entry.Open();
        using StreamReader reader = new(stream);
        string text = reader.ReadToEnd();
        byte[] json = Encoding.UTF8.GetBytes(change(text[..text.LastIndexOf('\n')]));
        stream.SetLength(0);
        stream.Write([.. json, (byte)'\n', .. Encoding.ASCII.GetBytes(Convert.ToHexString(SHA256.HashData(json)))]);
    }

    private static TrainingOptions Options() => new()
    {
        Epochs = Epochs,
        BatchSize = BatchSize,
        Seed = 5,
        ValidationSet = SmallImages.Make(20, seed: 2),
    };

    private static CheckpointSaving Saving(string folder) => new(folder) { Resume = true, EverySteps = 4 };

    private static byte[] Train(TrainingOptions options, out TrainingResult result, ImageAugmentation? augmentation = null)
    {
        using InMemoryDataset images = SmallImages.Make(Samples, seed: 1);
        ImageDataset training = augmentation == null ? images : new NormalizedDataset(new AugmentedDataset(images, augmentation, seed: 3), 0, 1);
        result = NetworkTrainer.Train(Network, training, options);
        using Weights weights = result.Weights;
        return [.. weights.Names.SelectMany(name => MemoryMarshal.AsBytes(weights[name].Span).ToArray())];
    }

    private static TrainingResult Train(TrainingOptions options)
    {
        _ = Train(options, out TrainingResult result);
        return result;
    }

    private static TrainingResult TrainUntil(int step, TrainingOptions options, string folder, ImageAugmentation? augmentation = null)
    {
        using CancellationTokenSource source = new();
        int steps = 0;
        TrainingOptions stopped = options with
        {
            Callbacks = [.. options.Callbacks, Saving(folder)],
            CancellationToken = source.Token,
            BatchCompleted = _ =>
            {
                if (++steps == step)
                {
                    source.Cancel();
                }
            },
        };
        _ = Train(stopped, out TrainingResult result, augmentation);
        return result;
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
