using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Training;
using Microsoft.ML.ConvNet.Training.Losses;

namespace Microsoft.ML.ConvNet.Core.Tests.Training.Losses;

/// <summary>What each sample counts.</summary>
[TestClass]
public sealed class SampleWeightsTests
{
    private const int Batch = 64;

    [TestMethod]
    public void A_sample_of_twice_the_weight_trains_as_if_it_were_there_twice()
    {
        foreach (Loss loss in (Loss[])[
            new SoftmaxCrossEntropy(0.1f), new SoftmaxCrossEntropy { ClassWeights = new(1, 3) }, new FocalLoss(), new SquaredError(), new BinaryCrossEntropy(), new HuberLoss()])
        {
            using CachedDataset once = Make(i => (Copies: 1, Weight: i % 3 == 0 ? 2 : 1));
            using CachedDataset twice = Make(i => (Copies: i % 3 == 0 ? 2 : 1, Weight: 1));
            AssertSame(SmallImages.Network, twice, once, loss);
        }
    }

    [TestMethod]
    public void Samples_of_no_weight_are_as_if_they_were_not_there_and_a_factor_to_all_changes_nothing()
    {
        using CachedDataset half = Make(i => (Copies: i % 3 == 0 ? 0 : 1, Weight: 1));
        using CachedDataset all = Make(i => (Copies: 1, Weight: i % 3 == 0 ? 0 : 5));
        AssertSame(SmallImages.Network, half, all, new SoftmaxCrossEntropy());
    }

    [TestMethod]
    public void Auxiliary_outputs_are_weighted_alike()
    {
        SymbolicTensor features = Network.Input(6, 6, 1).Conv(4, 3).Relu().Flatten();
        Network network = features.Dense(8).Relu().Dense(2).Softmax().ToNetwork(null, [(features.Dense(2, name: "auxiliary").Softmax(), 0.3f)]);
        using CachedDataset once = Make(i => (Copies: 1, Weight: i % 3 == 0 ? 2 : 1));
        using CachedDataset twice = Make(i => (Copies: i % 3 == 0 ? 2 : 1, Weight: 1));
        AssertSame(network, twice, once, new SoftmaxCrossEntropy());
    }

    [TestMethod]
    public void Steps_of_several_batches_have_the_mean_of_all_their_samples()
    {
        using CachedDataset samples = Make(i => (Copies: 1, Weight: i % 3 == 0 ? 4 : 0.5f));
        TrainingOptions options = new() { Epochs = 2, BatchSize = 24, LearningRate = 0.1f, KeepBest = false, Shuffle = false };
        using Weights expected = NetworkTrainer.Train(SmallImages.Network, samples, options).Weights;
        using Weights received = NetworkTrainer.Train(SmallImages.Network, samples, options with { BatchSize = 5, AccumulatedBatches = 5 }).Weights;
        AssertSame(expected, received);
    }

    [TestMethod]
    public void Views_keep_the_weights_of_samples()
    {
        using CachedDataset samples = Make(i => (Copies: 1, Weight: i));
        ImageDataset view = new NormalizedDataset(new DatasetSubset(samples, [3, 1]), 0, 1);
        Assert.IsTrue(view.IsWeighted);
        Assert.AreEqual(3f, view.WeightOf(0));
        Assert.AreEqual(1f, view.WeightOf(1));
        Assert.IsFalse(new DatasetSubset(SmallImages.Make(4, seed: 1), [0]).IsWeighted);
    }

    [TestMethod]
    public void Weights_that_cannot_be_are_named()
    {
        using CachedDataset none = Make(_ => (Copies: 1, Weight: 0));
        InvalidDataException error = Assert.ThrowsExactly<InvalidDataException>(() => NetworkTrainer.Train(SmallImages.Network, none));
        StringAssert.Contains(error.Message, "The training set has a sample of a weight over 0. Received: 24 samples");
    }

    private static CachedDataset Make(Func<int, (int Copies, float Weight)> of)
    {
        using InMemoryDataset samples = SmallImages.Make(24, seed: 1);
        CachedDataset made = new(samples.Shape, 2, memoryBudget: 1 << 20);
        float[] pixels = new float[samples.Shape.ElementCount];
        for (int i = 0; i < samples.Count; i++)
        {
            samples.ReadSample(i, pixels);
            (int copies, float weight) = of(i);
            for (int copy = 0; copy < copies; copy++)
            {
                made.Add(pixels, samples.LabelOf(i), weight);
            }
        }

        return made;
    }

    private static void AssertSame(Network network, ImageDataset expectedSamples, ImageDataset receivedSamples, Loss loss)
    {
        TrainingOptions options = new() { Epochs = 3, BatchSize = Batch, LearningRate = 0.1f, KeepBest = false, Seed = 1, Loss = loss };
        TrainingResult expected = NetworkTrainer.Train(network, expectedSamples, options with { ValidationSet = expectedSamples });
        TrainingResult received = NetworkTrainer.Train(network, receivedSamples, options with { ValidationSet = receivedSamples });
        using Weights expectedWeights = expected.Weights;
        using Weights receivedWeights = received.Weights;
        AssertSame(expectedWeights, receivedWeights);
        Assert.AreEqual(expected.Epochs[^1].Loss, received.Epochs[^1].Loss, 1e-5, loss.Name);
        Assert.AreEqual(expected.Epochs[^1].ValidationLoss!.Value, received.Epochs[^1].ValidationLoss!.Value, 1e-5, loss.Name);
    }

    private static void AssertSame(Weights expected, Weights received)
    {
        foreach (string name in expected.Names)
        {
            for (int i = 0; i < expected[name].Span.Length; i++)
            {
                Assert.AreEqual(expected[name].Span[i], received[name].Span[i], 2e-5f, name);
            }
        }
    }
}
