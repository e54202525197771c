using Microsoft.ML.ConvNet.Core.Tests.Numbers;
using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Training.Optimizers;
using Microsoft.ML.ConvNet.Training;
using Microsoft.ML.ConvNet.Zoo;

namespace Microsoft.ML.ConvNet.Core.Tests.Zoo;

/// <summary>Every architecture scores and learns, on the smallest images that it takes and at a fraction of its width.</summary>
[TestClass]
public class ArchitectureRunTests
{
    private static IEnumerable<object[]> Names => Architecture.All.Select(architecture => new object[] { architecture.Name });

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void Scores_are_finite_and_differ_from_image_to_image(string name)
    {
        float[] scores = ZooScores.Of(Architecture.Get(name));
        Assert.HasCount(ZooScores.Batch * ZooScores.Classes, scores);
        Assert.IsTrue(scores.All(float.IsFinite), $"{name}: {string.Join(' ', scores)}");
        CollectionAssert.AreNotEqual(scores[..ZooScores.Classes], scores[ZooScores.Classes..], name);
    }

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void Two_steps_of_training_have_finite_losses_and_change_all_weights(string name)
    {
        Network network = ZooScores.Small(Architecture.Get(name));
        using Weights initial = Weights.Initialize(network, seed: 1);
        using InMemoryDataset images = new(network.InputShape, ZooScores.Classes);
        for (int i = 0; i < 2 * ZooScores.Batch; i++)
        {
            images.Add(DistinctNumbers.Create(network.InputShape.ElementCount, seed: (ulong)i), i % ZooScores.Classes);
        }

        TrainingResult result = NetworkTrainer.Train(
            network,
            images,
            new TrainingOptions { Epochs = 1, BatchSize = ZooScores.Batch, Optimizer = new Adam { LearningRate = 1e-3f } },
            initial);
        using Weights weights = result.Weights;
        Assert.IsTrue(double.IsFinite(result.Epochs[0].Loss), $"{name}: {result.Epochs[0].Loss}");
        Assert.IsTrue(
            network.Parameters.All(parameter => weights[parameter.Name].Span.ToArray().All(float.IsFinite)), $"{name}: weights");
        Assert.IsFalse(initial[network.Parameters[^1].Name].Span.SequenceEqual(weights[network.Parameters[^1].Name].Span), name);
    }
}
