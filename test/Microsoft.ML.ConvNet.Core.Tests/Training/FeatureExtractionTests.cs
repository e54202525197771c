using Microsoft.ML.ConvNet.Core.Tests.Networks;
using Microsoft.ML.ConvNet.Core.Tests.Numbers;
using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Training;

namespace Microsoft.ML.ConvNet.Core.Tests.Training;

/// <summary>Features that are computed once, and rates that follow the depth.</summary>
[TestClass]
public sealed class FeatureExtractionTests
{
    private static readonly Network Features = SmallImages.Network.Truncate(SmallImages.Network.FeatureLayer!);

    [TestMethod]
    public void Features_count_what_their_samples_do()
    {
        using Weights weights = Weights.Initialize(Features, 3);
        using CachedDataset samples = new(Features.InputShape, 2, memoryBudget: 1 << 20);
        samples.Add(new float[Features.InputShape.ElementCount], 0, 0.25f);
        samples.Add(new float[Features.InputShape.ElementCount], 1);
        using InMemoryDataset features = FeatureExtraction.Run(Features, weights, samples);
        Assert.IsTrue(features.IsWeighted);
        Assert.AreEqual(0.25f, features.WeightOf(0));
        Assert.AreEqual(1f, features.WeightOf(1));
    }

    [TestMethod]
    public void Each_sample_has_the_features_that_the_network_gives_alone_and_its_class()
    {
        using Weights weights = Weights.Initialize(Features, 3);
        using InMemoryDataset samples = SmallImages.Make(11, seed: 1);
        List<int> done = [];
        using InMemoryDataset features = FeatureExtraction.Run(Features, weights, samples, batchSize: 4, computed: done.Add);
        Assert.AreEqual(11, features.Count);
        CollectionAssert.AreEqual((int[])[4, 8, 11], done);
        float[] pixels = new float[samples.Shape.ElementCount];
        float[] values = new float[Features.OutputShape.ElementCount];
        for (int i = 0; i < 11; i++)
        {
            samples.ReadSample(i, pixels);
            features.ReadSample(i, values);
            Closeness.AssertSameBits(EngineRun.Predict(Features, weights, pixels, 1, threads: 1), values, $"sample {i}");
            Assert.AreEqual(samples.LabelOf(i), features.LabelOf(i));
        }
    }

    [TestMethod]
    public void A_head_on_the_features_learns_what_the_network_with_frozen_layers_does()
    {
        using Weights weights = Weights.Initialize(SmallImages.Network, 3);
        using Weights body = weights.CopyFor(Features);
        using InMemoryDataset samples = SmallImages.Make(64, seed: 1);
        using InMemoryDataset features = FeatureExtraction.Run(Features, body, samples);
        string head = SmallImages.Network.Nodes[^2].Name;
        Network alone = Network.Input(Features.OutputShape).Dense(2, name: head).Softmax();
        using Weights aloneWeights = weights.CopyFor(alone);
        TrainingOptions options = new() { Epochs = 3, BatchSize = 8, KeepBest = false };
        TrainingResult frozen = NetworkTrainer.Train(
            SmallImages.Network, samples, options with { FrozenLayers = Features.LayersUpTo(Features.Nodes[^1].Name) }, weights);
        TrainingResult cached = NetworkTrainer.Train(alone, features, options, aloneWeights);
        foreach (string parameter in (string[])[$"{head}.weight", $"{head}.bias"])
        {
            Closeness.AssertClose(
                [.. frozen.Weights[parameter].ToArray().Select(value => (double)value)], cached.Weights[parameter].Span, 1e-5, parameter);
            Assert.AreNotEqual(weights[parameter].Span[0], cached.Weights[parameter].Span[0]);
        }

        frozen.Weights.Dispose();
        cached.Weights.Dispose();
    }

    [TestMethod]
    public void Features_that_are_not_finite_are_refused_with_their_sample()
    {
        using Weights weights = Weights.Initialize(Features, 3);
        weights["conv1.weight"].Span.Fill(float.MaxValue);
        using InMemoryDataset samples = SmallImages.Make(2, seed: 1);
        InvalidDataException error = Assert.ThrowsExactly<InvalidDataException>(() => FeatureExtraction.Run(Features, weights, samples));
        StringAssert.Contains(error.Message, "Sample 0: features are finite numbers");
    }

    [TestMethod]
    public void It_is_cancelled()
    {
        using Weights weights = Weights.Initialize(Features, 3);
        using InMemoryDataset samples = SmallImages.Make(9, seed: 1);
        using CancellationTokenSource source = new();
        Assert.ThrowsExactly<OperationCanceledException>(() => FeatureExtraction.Run(
            Features, weights, samples, batchSize: 2, computed: _ => source.Cancel(), cancellationToken: source.Token));
    }

    // Six layers in three parts: the last two at the full rate, the two before at a half, the first two at a quarter.
    [TestMethod]
    public void The_rate_falls_from_part_to_part()
    {
        Network network = Network.Input(9, 9, 1).Conv(2, 3, name: "a").BatchNorm(name: "b").Relu().Conv(2, 3, name: "c").Relu()
            .Conv(2, 3, name: "d").GlobalAvgPool().Dense(4, name: "e").Relu().Dense(2, name: "f").Softmax();
        Assert.AreEqual("a 0.25, b 0.25, c 0.5, d 0.5", Text(ParameterGroup.ByDepth(network, 3, 0.5f)));
        Assert.AreEqual("a 0.5, b 0.5, c 0.5", Text(ParameterGroup.ByDepth(network, 2, 0.5f)));
        Assert.AreEqual(string.Empty, Text(ParameterGroup.ByDepth(network, 1, 0.5f)));
        Assert.HasCount(5, ParameterGroup.ByDepth(network, 100, 0.5f));
        Assert.ThrowsExactly<ArgumentException>(() => ParameterGroup.ByDepth(network, 0));
        Assert.ThrowsExactly<ArgumentException>(() => ParameterGroup.ByDepth(network, 2, 0));
    }

    private static string Text(IReadOnlyList<ParameterGroup> groups) =>
        string.Join(", ", groups.Select(group => FormattableString.Invariant($"{group.Layers} {group.LearningRateFactor}")));
}
