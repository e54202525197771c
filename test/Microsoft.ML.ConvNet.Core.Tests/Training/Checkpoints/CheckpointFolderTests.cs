using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Storage;
using Microsoft.ML.ConvNet.Training.Losses;
using Microsoft.ML.ConvNet.Training.Optimizers;
using Microsoft.ML.ConvNet.Training.Schedules;
using Microsoft.ML.ConvNet.Training;
using Microsoft.ML.ConvNet.Training.Callbacks;
using static Microsoft.ML.ConvNet.Core.Tests.Training.Checkpoints.StoppableTraining;

namespace Microsoft.ML.ConvNet.Core.Tests.Training.Checkpoints;

/// <summary>Files of checkpoints: which are kept, and what becomes of those that are damaged, newer, or of another training.</summary>
[TestClass]
public sealed class CheckpointFolderTests
{
    private readonly string _folder = Directory.CreateTempSubdirectory("convnet-test-").FullName;

    [TestCleanup]
    public void Clean() => Directory.Delete(_folder, recursive: true);

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
        Assert.Contains("step-000000025.checkpoint", CheckpointsIn(_folder));
        Assert.Contains("step-000000024.checkpoint", CheckpointsIn(_folder));
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
            CheckpointsIn(_folder));
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
                () => NetworkTrainer.Train(TrainedNetwork, others, Options() with { Callbacks = [Saving(_folder)] })).Message,
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
}
