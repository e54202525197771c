using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Training;
using Microsoft.ML.ConvNet.Training.Losses;

namespace Microsoft.ML.ConvNet.Core.Tests.Training.Losses;

/// <summary>The loss of flags, and the sigmoid that it is computed with.</summary>
[TestClass]
public sealed class BinaryCrossEntropyTests
{
    [TestMethod]
    public void A_sigmoid_at_the_end_is_computed_with_the_loss()
    {
        Network logits = Network.Input(6, 6, 1).Conv(4, 3).Relu().MaxPool(2).Flatten().Dense(2);
        Network probabilities = Network.Input(6, 6, 1).Conv(4, 3).Relu().MaxPool(2).Flatten().Dense(2).Sigmoid();
        using InMemoryDataset training = SmallImages.Make(64, seed: 1);
        TrainingOptions options = new() { Epochs = 60, LearningRate = 0.2f, Loss = new BinaryCrossEntropy(), KeepBest = false };
        using Weights expected = NetworkTrainer.Train(logits, training, options).Weights;
        using Weights received = NetworkTrainer.Train(probabilities, training, options).Weights;
        foreach (string name in expected.Names)
        {
            CollectionAssert.AreEqual(expected[name].Span.ToArray(), received[name].Span.ToArray(), name);
        }

        EvaluationResult ofLogits = NetworkTrainer.Evaluate(logits, expected, training, options.Loss);
        EvaluationResult ofProbabilities = NetworkTrainer.Evaluate(probabilities, received, training, options.Loss);
        Assert.AreEqual(ofLogits.Loss, ofProbabilities.Loss, 1e-6);
        Assert.AreEqual(1, ofProbabilities.Accuracy);
        Assert.IsLessThan(0.2, ofProbabilities.Loss);
    }

    [TestMethod]
    public void Its_loss_is_that_of_the_hand()
    {
        // Probabilities 0.8 and 0.4 of the flags 1 and 0: -(ln 0.8 + ln 0.6) / 2
        BinaryCrossEntropy loss = new();
        Assert.AreEqual(0.3669846, loss.Measure([0.8f, 0.4f], [1, 0], areProbabilities: true), 1e-6);
        Assert.AreEqual(0.3669846, loss.Measure([0.8f, 0.4f], 0, areProbabilities: true), 1e-6);
        Assert.AreEqual(0.3669846, loss.Measure([MathF.Log(4), MathF.Log(2f / 3)], [1, 0], areProbabilities: false), 1e-6);
        Assert.AreEqual(500, loss.Measure([1000, 0], [0, 0], areProbabilities: false), 1);
        Assert.IsTrue(double.IsFinite(loss.Measure([1, 0], [0, 1], areProbabilities: true)));
    }
}
