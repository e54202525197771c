using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Training;
using Microsoft.ML.ConvNet.Training.Callbacks;

namespace Microsoft.ML.ConvNet.Core.Tests.Training.Callbacks;

/// <summary>Which epoch's weights a training gives.</summary>
[TestClass]
public sealed class KeepBestTests
{
    [TestMethod]
    [DataRow(TrainingMetric.ValidationLoss, 3)]
    [DataRow(TrainingMetric.ValidationAccuracy, 2)]
    [DataRow(TrainingMetric.Best, 3)]
    [DataRow(TrainingMetric.Loss, 1)]
    public void The_weights_of_the_best_epoch_are_kept(TrainingMetric metric, int epoch)
    {
        using TrainingState state = Histories.Tell(new KeepBest(metric), 5, [3, 2, 0.5, 1, 4], [0.2, 0.9, 0.8, 0.9, 0.9]);
        Assert.AreEqual(epoch, state.BestEpoch!.Epoch);
        Assert.AreEqual(epoch, state.BestWeights![state.Weights.Names.First()].Span[0]);
    }

    [TestMethod]
    public void A_training_without_it_gives_the_last_weights()
    {
        using InMemoryDataset training = SmallImages.Make(32, seed: 1);
        using InMemoryDataset exchanged = SmallImages.Make(32, seed: 2, exchanged: true);
        TrainingOptions options = new() { Epochs = 4, LearningRate = 0.1f, ValidationSet = exchanged, KeepBest = false };
        TrainingResult result = NetworkTrainer.Train(SmallImages.Network, training, options);
        using Weights weights = result.Weights;
        Assert.AreEqual(4, result.WeightsEpoch);
    }
}
