using Microsoft.ML.ConvNet.Core.Tests.Numbers;
using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Training;
using Microsoft.ML.ConvNet.Training.Steps;

namespace Microsoft.ML.ConvNet.Core.Tests.Training.Steps;

/// <summary>How an epoch is divided, and what batch normalisation has to do with it.</summary>
[TestClass]
public sealed class EpochBatchesTests
{
    private static readonly Network Normalized =
        Network.Input(6, 6, 1).Conv(4, 3).BatchNorm(name: "bn").Relu().MaxPool(2).Flatten().Dense(2, name: "dense").Softmax();

    [TestMethod]
    [DataRow(65, 64, true, new[] { 65 })]
    [DataRow(65, 64, false, new[] { 64, 1 })]
    [DataRow(9, 4, true, new[] { 4, 5 })]
    [DataRow(9, 4, false, new[] { 4, 4, 1 })]
    [DataRow(10, 4, true, new[] { 4, 4, 2 })]
    [DataRow(8, 4, true, new[] { 4, 4 })]
    [DataRow(3, 1, true, new[] { 1, 1, 1 })]
    [DataRow(3, 2, true, new[] { 3 })]
    [DataRow(1, 32, true, new[] { 1 })]
    [DataRow(5, 32, true, new[] { 5 })]
    public void A_single_sample_joins_the_batch_before_where_the_batch_is_what_layers_normalise_by(
        int samples, int batchSize, bool normalizesByBatch, int[] expected)
    {
        EpochBatches batches = new(samples, batchSize, normalizesByBatch);
        (int First, int Length)[] parts = [.. Enumerable.Range(0, batches.Count).Select(batch => batches[batch])];
        CollectionAssert.AreEqual(expected, parts.Select(part => part.Length).ToArray());
        CollectionAssert.AreEqual(expected.Select((_, i) => expected.Take(i).Sum()).ToArray(), parts.Select(part => part.First).ToArray());
        Assert.AreEqual(expected.Max(), batches.Largest);
    }

    [TestMethod]
    public void Nine_samples_in_batches_of_eight_are_trained_as_a_batch_of_nine()
    {
        using InMemoryDataset training = SmallImages.Make(9, seed: 1);
        TrainingOptions options = new() { Epochs = 3, BatchSize = 9, LearningRate = 0.1f, KeepBest = false };
        List<TrainingProgress> progress = [];
        using Weights whole = NetworkTrainer.Train(Normalized, training, options).Weights;
        using Weights joined = NetworkTrainer.Train(
            Normalized, training, options with { BatchSize = 8, BatchCompleted = progress.Add, NumberOfThreads = 1 }).Weights;
        foreach (string name in whole.Names)
        {
            Closeness.AssertSameBits(whole[name].ToArray(), joined[name].ToArray(), name);
        }

        Assert.IsTrue(progress.All(p => p is { Batch: 1, Batches: 1 }));
    }

    [TestMethod]
    public void Where_batch_normalisation_is_frozen_or_absent_a_single_sample_is_a_batch()
    {
        using InMemoryDataset training = SmallImages.Make(9, seed: 1);
        List<TrainingProgress> progress = [];
        TrainingOptions options = new() { Epochs = 1, BatchSize = 8, BatchCompleted = progress.Add };
        NetworkTrainer.Train(SmallImages.Network, training, options).Weights.Dispose();
        NetworkTrainer.Train(Normalized, training, options with { FrozenLayers = ["bn"] }).Weights.Dispose();
        CollectionAssert.AreEqual(new[] { 2, 2, 2, 2 }, progress.Select(p => p.Batches).ToArray());
    }

    [TestMethod]
    public void Batches_of_one_sample_are_warned_of_where_batch_normalisation_is_trained()
    {
        using InMemoryDataset training = SmallImages.Make(3, seed: 1);
        List<string> warnings = [];
        TrainingOptions options = new() { Epochs = 2, BatchSize = 1, Warned = warnings.Add };
        NetworkTrainer.Train(SmallImages.Network, training, options).Weights.Dispose();
        NetworkTrainer.Train(Normalized, training, options with { FrozenLayers = ["bn"] }).Weights.Dispose();
        NetworkTrainer.Train(Normalized, training, options with { BatchSize = 2 }).Weights.Dispose();
        Assert.IsEmpty(warnings);
        NetworkTrainer.Train(Normalized, training, options).Weights.Dispose();
        Assert.HasCount(1, warnings);
        StringAssert.Contains(warnings[0], "a batch size of at least 2");
    }
}
