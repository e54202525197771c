using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Tensors;
using Microsoft.ML.ConvNet.Training;
using Microsoft.ML.ConvNet.Training.Losses;

namespace Microsoft.ML.ConvNet.Core.Tests.Training.Losses;

/// <summary>What the samples of each class count.</summary>
[TestClass]
public sealed class ClassWeightsTests
{
    [TestMethod]
    public void Balanced_weights_make_all_classes_count_alike()
    {
        // As compute_class_weight("balanced") of scikit-learn: 12 samples of 3 classes, 12 / (3 n).
        CollectionAssert.AreEqual((float[])[4 / 6f, 2, 1], Array.ConvertAll([.. ClassWeights.Balanced(6, 2, 4).Values], value => value));
        CollectionAssert.AreEqual((float[])[0.5f, 0, 1.5f], Array.ConvertAll([.. ClassWeights.Balanced(6, 0, 2).Values], value => value * 0.75f));
        Assert.ThrowsExactly<ArgumentException>(() => ClassWeights.Balanced(0, 0));
        Assert.ThrowsExactly<ArgumentException>(() => ClassWeights.Balanced(3, -1));
    }

    [TestMethod]
    public void Weights_are_compared_and_shown_by_their_values()
    {
        Assert.AreEqual(new SoftmaxCrossEntropy { ClassWeights = new(1, 2.5f) }, new SoftmaxCrossEntropy { ClassWeights = new(1, 2.5f) });
        Assert.AreNotEqual(new SoftmaxCrossEntropy { ClassWeights = new(1, 2.5f) }, new SoftmaxCrossEntropy { ClassWeights = new(1, 2) });
        Assert.AreEqual("1 2.5", new ClassWeights(1, 2.5f).ToString());
    }

    [TestMethod]
    public void Weights_that_do_not_fit_are_named()
    {
        Refuse(new SoftmaxCrossEntropy { ClassWeights = new(1, 2, 3) }, "There is a class weight for each of the 2 outputs. Received: 3.");
        Refuse(new FocalLoss { ClassWeights = new(1) }, "There is a class weight for each of the 2 outputs. Received: 1.");
        Refuse(new SoftmaxCrossEntropy { ClassWeights = new(1, -2) }, "Class weights are at least 0, and not all 0. Received: 1 -2.");
        Refuse(new FocalLoss { ClassWeights = new(0, 0) }, "Received: 0 0.");
        Refuse(new FocalLoss(-1), "The focal loss: gamma is at least 0. Received: -1.");
        Refuse(new HuberLoss(0), "The Huber loss: delta is more than 0. Received: 0.");
    }

    [TestMethod]
    public void A_class_of_twice_the_weight_trains_as_if_its_samples_were_there_twice()
    {
        using InMemoryDataset once = new(new Shape(6, 6, 1), 2);
        using InMemoryDataset twice = new(new Shape(6, 6, 1), 2);
        using InMemoryDataset samples = SmallImages.Make(16, seed: 1);
        float[] pixels = new float[36];
        for (int i = 0; i < samples.Count; i++)
        {
            samples.ReadSample(i, pixels);
            once.Add(pixels, samples.LabelOf(i));
            for (int copy = 0; copy <= samples.LabelOf(i); copy++)
            {
                twice.Add(pixels, samples.LabelOf(i));
            }
        }

        TrainingOptions options = new() { Epochs = 3, BatchSize = 24, LearningRate = 0.1f, KeepBest = false, Seed = 1 };
        foreach (Loss loss in (Loss[])[new SoftmaxCrossEntropy(0), new FocalLoss(2)])
        {
            Loss weighted = loss is FocalLoss focal
                ? focal with { ClassWeights = new(1, 2) }
                : new SoftmaxCrossEntropy { ClassWeights = new(1, 2) };
            TrainingResult expected = NetworkTrainer.Train(SmallImages.Network, twice, options with { Loss = loss });
            TrainingResult received = NetworkTrainer.Train(SmallImages.Network, once, options with { Loss = weighted });
            using Weights expectedWeights = expected.Weights;
            using Weights receivedWeights = received.Weights;
            foreach (string name in expectedWeights.Names)
            {
                for (int i = 0; i < expectedWeights[name].Span.Length; i++)
                {
                    Assert.AreEqual(expectedWeights[name].Span[i], receivedWeights[name].Span[i], 2e-5f, name);
                }
            }

            Assert.AreEqual(expected.Epochs[^1].Loss, received.Epochs[^1].Loss, 1e-5);
            Assert.AreEqual(
                NetworkTrainer.Evaluate(SmallImages.Network, expectedWeights, twice, loss).Loss,
                NetworkTrainer.Evaluate(SmallImages.Network, receivedWeights, once, weighted).Loss,
                1e-5);
        }
    }

    private static void Refuse(Loss loss, string message)
    {
        using InMemoryDataset good = SmallImages.Make(4, seed: 1);
        Assert.Contains(
            message,
            Assert.ThrowsExactly<ArgumentException>(
                () => NetworkTrainer.Train(SmallImages.Network, good, new TrainingOptions { Loss = loss })).Message);
    }
}
