using System.Runtime.InteropServices;
using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Data.Augmentation;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Storage;
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
    public void So_does_one_with_averages_plateaus_unfreezing_a_schedule_and_steps_of_several_batches()
    {
        TrainingOptions options = Options() with
        {
            AccumulatedBatches = 2,
            ClipGradientNorm = 0.5f,
            Schedule = new CosineDecay { WarmupSteps = 3 },
            Callbacks =
            [
                new WeightAverage(0.8f),
                new ReduceOnPlateau(1, 0.5f, TrainingMetric.Loss, minimumChange: 0.05),
                new Unfreezing(new UnfreezingStage("conv*", 2), new UnfreezingStage("bn*", 3)),
            ],
        };
        byte[] expected = Train(options, out _);
        foreach (int step in (int[])[2, 4, 6, 11])
        {
            string folder = Path.Combine(_folder, $"stopped at {step}");
            Assert.IsTrue(TrainUntil(step, options, folder).IsCancelled);
            byte[] received = Train(options with { Callbacks = [.. options.Callbacks, Saving(folder)] }, out _);
            CollectionAssert.AreEqual(expected, received, $"stopped after step {step}");
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
    public void The_last_files_are_kept_and_the_best_weights_are_in_each()
    {
        CheckpointSaving saving = new(_folder) { Keep = 3, EverySteps = 2 };
        _ = Train(Options() with { Callbacks = [saving] }, out _);
        CollectionAssert.AreEqual(
            (string[])["step-000000024.checkpoint", "step-000000026.checkpoint", "step-000000028.checkpoint"],
            Directory.GetFiles(_folder).Select(Path.GetFileName).Order(StringComparer.Ordinal).ToArray());
    }

    [TestMethod]
    public void Where_the_newest_file_is_damaged_the_one_before_it_serves_and_that_is_said()
    {
        byte[] expected = Train(Options(), out _);
        _ = TrainUntil(2 * StepsOfAnEpoch, Options(), _folder);
        string newest = Directory.GetFiles(_folder).Order(StringComparer.Ordinal).Last();
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
            foreach (string file in Directory.GetFiles(_folder))
            {
                File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
            }

            CollectionAssert.AreEqual(expected, Train(options with { Callbacks = [Saving(copy)] }, out _), $"damaged at {place}");
        }

        Assert.HasCount(4, warnings);
        StringAssert.Contains(warnings[0], "is damaged");

        foreach (string file in Directory.GetFiles(_folder))
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
            (Options() with { Loss = new SoftmaxCrossEntropy(0.1f) }, "as loss"),
            (Options() with { ValidationSet = null }, "as validation samples"),
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
}
