using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Tensors;
using Microsoft.ML.ConvNet.Training;
using Microsoft.ML.ConvNet.Training.Losses;

namespace Microsoft.ML.ConvNet.Core.Tests.Training;

/// <summary>What is said of scores that are compared with their targets, by hand.</summary>
[TestClass]
public sealed class EvaluationResultTests
{
    [TestMethod]
    public void Recall_precision_and_F1_follow_from_the_confusion()
    {
        // Class 0: 5 of 8 found, 2 of class 1 taken for it; class 1: 4 of 6; class 2: none, and never found; class 3: 0 of 2; 3 taken for it.
        EvaluationResult result = new(16, 0, 9 / 16.0, new long[,] { { 5, 0, 0, 3 }, { 2, 4, 0, 0 }, { 0, 0, 0, 0 }, { 1, 1, 0, 0 } }, default);
        CollectionAssert.AreEqual((double[])[5 / 8.0, 4 / 6.0, double.NaN, 0], result.Recalls.ToArray());
        CollectionAssert.AreEqual((double[])[5 / 8.0, 4 / 5.0, double.NaN, 0], result.Precisions.ToArray());

        // F1 = 10 / 16, 8 / 11 and 0: the mean of three.
        Assert.AreEqual(((10 / 16.0) + (8 / 11.0)) / 3, result.MacroF1!.Value, 1e-12);
        EvaluationResult ofValues = new(16, 0, null, new long[0, 0], default);
        Assert.IsNull(ofValues.MacroF1);
        Assert.IsNull(ofValues.TopKAccuracy(2));
        Assert.AreEqual(0, ofValues.Recalls.Count + ofValues.Precisions.Count);
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void The_first_places_and_the_log_loss_are_those_of_the_scores(bool hasSoftmax)
    {
        // Scores are ln(1), ln(2), ln(3), ln(4) in an order of their own: probabilities of tenths.
        SymbolicTensor scores = Network.Input(1, 1, 4).Flatten();
        Network network = hasSoftmax ? scores.Dense(4, name: "same").Softmax() : scores.Dense(4, name: "same");
        using Weights weights = new(network);
        for (int i = 0; i < 4; i++)
        {
            weights["same.weight"].Span[i * 5] = 1;
        }

        using InMemoryDataset dataset = new(new Shape(1, 1, 4), 4);
        float[] tenths = [MathF.Log(3), MathF.Log(1), MathF.Log(4), MathF.Log(2)];
        dataset.Add(tenths, 0);
        dataset.Add(tenths, 2);
        dataset.Add(tenths, 1);
        dataset.Add(tenths, 3);
        dataset.Add([1, 1, 1, 1], 1);
        dataset.Add(tenths, -1);
        foreach (Loss loss in (Loss[])[new SoftmaxCrossEntropy(), new FocalLoss(), new SoftmaxCrossEntropy(0.1f) { ClassWeights = new(1, 2, 3, 4) }])
        {
            EvaluationResult result = NetworkTrainer.Evaluate(network, weights, dataset, loss, batchSize: 2);

            // Places 2, 1, 4, 3, and of four equal scores the second.
            double?[] shares = [.. Enumerable.Range(1, 5).Select(result.TopKAccuracy)];
            CollectionAssert.AreEqual((double?[])[0.2, 0.6, 0.8, 1, 1], shares);
            Assert.AreEqual(result.Accuracy, shares[0]);
            double expected = -(Math.Log(0.3) + Math.Log(0.4) + Math.Log(0.1) + Math.Log(0.2) + Math.Log(0.25)) / 5;
            Assert.AreEqual(expected, result.LogLoss!.Value, 1e-6);
        }

        Assert.IsNull(NetworkTrainer.Evaluate(network, weights, Labelled(), new SquaredError()).LogLoss);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => NetworkTrainer.Evaluate(network, weights, dataset).TopKAccuracy(0));
    }

    private static InMemoryDataset Labelled()
    {
        InMemoryDataset dataset = new(new Shape(1, 1, 4), 4);
        dataset.Add([1, 2, 3, 4], 2);
        return dataset;
    }
}
