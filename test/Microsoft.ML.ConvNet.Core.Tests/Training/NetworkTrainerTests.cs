using Microsoft.ML.ConvNet.Core.Tests.Data;
using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Tensors;
using Microsoft.ML.ConvNet.Training.Losses;
using Microsoft.ML.ConvNet.Training.Optimizers;
using Microsoft.ML.ConvNet.Training;

namespace Microsoft.ML.ConvNet.Core.Tests.Training;

/// <summary>What training learns and tells.</summary>
[TestClass]
public sealed class NetworkTrainerTests
{
    [TestMethod]
    public void The_loss_of_a_small_problem_falls_to_nearly_nothing()
    {
        using InMemoryDataset training = SmallImages.Make(64, seed: 1);
        using InMemoryDataset test = SmallImages.Make(64, seed: 2);
        TrainingOptions options = new() { Epochs = 40, BatchSize = 16, Optimizer = new Adam { LearningRate = 0.01f } };
        TrainingResult result = NetworkTrainer.Train(SmallImages.Network, training, options);
        using Weights weights = result.Weights;
        Assert.HasCount(40, result.Epochs);
        Assert.IsGreaterThan(0.3, result.Epochs[0].Loss);
        Assert.IsLessThan(0.02, result.Epochs[^1].Loss);
        Assert.AreEqual(1.0, result.Epochs[^1].Accuracy);
        EvaluationResult evaluation = NetworkTrainer.Evaluate(SmallImages.Network, weights, test);
        Assert.IsGreaterThan(0.95, evaluation.Accuracy!.Value);
        Assert.AreEqual(64, evaluation.Count);
        Assert.AreEqual(64L, evaluation.Confusion.Cast<long>().Sum());
        Assert.AreEqual(evaluation.Accuracy.Value, (evaluation.Confusion[0, 0] + evaluation.Confusion[1, 1]) / 64.0, 1e-12);
    }

    [TestMethod]
    public void Numbers_are_learnt_with_the_squared_error()
    {
        Random random = new(1);
        using InMemoryDataset dataset = InMemoryDataset.WithTargets(new Shape(2), 1);
        for (int i = 0; i < 200; i++)
        {
            float a = random.NextSingle() - 0.5f;
            float b = random.NextSingle() - 0.5f;
            dataset.Add([a, b], [(2 * a) - b + 0.25f]);
        }

        Network network = Network.Input(new Shape(2)).Dense(1, name: "dense");
        TrainingResult result = NetworkTrainer.Train(
            network,
            dataset,
            new TrainingOptions { Epochs = 60, BatchSize = 8, LearningRate = 0.05f, Loss = new SquaredError(), ValidationSet = dataset });
        using Weights weights = result.Weights;
        Assert.AreEqual(2, weights["dense.weight"].Span[0], 1e-2);
        Assert.AreEqual(-1, weights["dense.weight"].Span[1], 1e-2);
        Assert.AreEqual(0.25, weights["dense.bias"].Span[0], 1e-2);
        Assert.IsNull(result.Epochs[0].Accuracy);
        Assert.IsNull(result.Epochs[0].ValidationAccuracy);
        Assert.AreEqual(result.Epochs[result.WeightsEpoch - 1].ValidationLoss, NetworkTrainer.Evaluate(network, weights, dataset).Loss);
    }

    [TestMethod]
    public void Classes_are_learnt_with_the_squared_error_too()
    {
        using InMemoryDataset training = SmallImages.Make(64, seed: 1);
        TrainingOptions options =
            new() { Epochs = 40, BatchSize = 16, Optimizer = new Adam { LearningRate = 0.01f }, Loss = new SquaredError() };
        TrainingResult result = NetworkTrainer.Train(SmallImages.Network, training, options);
        using Weights weights = result.Weights;
        Assert.IsGreaterThan(0.95, result.Epochs[^1].Accuracy!.Value);
    }

    [TestMethod]
    public void The_loss_of_an_epoch_is_the_mean_over_all_samples_of_which_the_last_batch_has_fewer()
    {
        // With a learning rate of almost nothing the weights stay, and training must measure what evaluation measures.
        using InMemoryDataset dataset = SmallImages.Make(10, seed: 3);
        List<TrainingProgress> progress = [];
        TrainingOptions options = new()
        {
            Epochs = 2,
            BatchSize = 4,
            LearningRate = 1e-20f,
            Seed = 5,
            BatchCompleted = progress.Add,
        };
        TrainingResult result = NetworkTrainer.Train(SmallImages.Network, dataset, options);
        using Weights weights = result.Weights;
        EvaluationResult evaluation = NetworkTrainer.Evaluate(SmallImages.Network, weights, dataset, batchSize: 3);
        Assert.AreEqual(evaluation.Loss, result.Epochs[0].Loss, 1e-6);
        Assert.AreEqual(evaluation.Accuracy, result.Epochs[0].Accuracy);
        CollectionAssert.AreEqual(new[] { 1, 2, 3, 1, 2, 3 }, progress.Select(p => p.Batch).ToArray());
        CollectionAssert.AreEqual(new[] { 1, 1, 1, 2, 2, 2 }, progress.Select(p => p.Epoch).ToArray());
        Assert.IsTrue(progress.All(p => p.Batches == 3 && p.Epochs == 2 && p.LearningRate == 1e-20f && p.ImagesPerSecond > 0));
        Assert.AreEqual(result.Epochs[1].Loss, progress[^1].Loss);
        Assert.AreEqual(TimeSpan.Zero, progress[^1].TimeLeft);
    }

    [TestMethod]
    public void Samples_without_a_class_do_not_count()
    {
        using InMemoryDataset labelled = SmallImages.Make(8, seed: 3);
        using InMemoryDataset dataset = InMemoryDataset.Copy(labelled);
        dataset.Add(new float[36], -1);
        using Weights weights = Weights.Initialize(SmallImages.Network, 1);
        EvaluationResult expected = NetworkTrainer.Evaluate(SmallImages.Network, weights, labelled);
        EvaluationResult actual = NetworkTrainer.Evaluate(SmallImages.Network, weights, dataset);
        Assert.AreEqual(8, actual.Count);
        Assert.AreEqual(expected.Loss, actual.Loss);
        TrainingOptions options = new() { Epochs = 1, BatchSize = 9, LearningRate = 1e-20f };
        TrainingResult result = NetworkTrainer.Train(SmallImages.Network, dataset, options, weights);
        using Weights trained = result.Weights;
        Assert.AreEqual(expected.Loss, result.Epochs[0].Loss, 1e-6);
        Assert.AreEqual(expected.Accuracy, result.Epochs[0].Accuracy);
    }

    [TestMethod]
    public void Training_goes_on_from_given_weights_and_leaves_them()
    {
        using InMemoryDataset training = SmallImages.Make(32, seed: 1);
        using Weights initial = Weights.Initialize(SmallImages.Network, 9);
        using Weights before = initial.Clone();
        TrainingOptions options = new() { Epochs = 1, LearningRate = 1e-20f };
        using Weights same = NetworkTrainer.Train(SmallImages.Network, training, options, initial).Weights;
        using Weights moved = NetworkTrainer.Train(SmallImages.Network, training, options with { LearningRate = 0.1f }, initial).Weights;
        Assert.AreEqual(0, Distance(before, initial));
        Assert.IsLessThan(1e-9, Distance(before, same));
        Assert.IsGreaterThan(1e-3, Distance(before, moved));
    }

    [TestMethod]
    public void Frozen_layers_keep_their_weights()
    {
        using InMemoryDataset training = SmallImages.Make(32, seed: 1);
        using Weights initial = Weights.Initialize(SmallImages.Network, 4);
        TrainingOptions options = new() { Epochs = 2, LearningRate = 0.1f, FrozenLayers = ["conv1"] };
        using Weights trained = NetworkTrainer.Train(SmallImages.Network, training, options, initial).Weights;
        Assert.IsTrue(initial["conv1.weight"].Span.SequenceEqual(trained["conv1.weight"].Span));
        Assert.IsTrue(initial["conv1.bias"].Span.SequenceEqual(trained["conv1.bias"].Span));
        Assert.IsFalse(initial["fc1.weight"].Span.SequenceEqual(trained["fc1.weight"].Span));
    }

    [TestMethod]
    public void The_weights_of_the_best_epoch_are_kept()
    {
        // Judged by samples whose classes are exchanged, the network gets worse as it learns.
        using InMemoryDataset training = SmallImages.Make(64, seed: 1);
        using InMemoryDataset validation = SmallImages.Make(64, seed: 2, exchanged: true);
        TrainingOptions options = new()
        {
            Epochs = 12,
            BatchSize = 16,
            Optimizer = new Adam { LearningRate = 0.01f },
            ValidationSet = validation,
        };
        TrainingResult best = NetworkTrainer.Train(SmallImages.Network, training, options);
        using Weights bestWeights = best.Weights;
        TrainingResult last = NetworkTrainer.Train(SmallImages.Network, training, options with { KeepBest = false });
        using Weights lastWeights = last.Weights;
        double bestAccuracy = best.Epochs.Max(epoch => epoch.ValidationAccuracy!.Value);
        Assert.AreEqual(bestAccuracy, best.Epochs[best.WeightsEpoch - 1].ValidationAccuracy);
        Assert.IsLessThan(12, best.WeightsEpoch);
        Assert.AreEqual(
            best.Epochs[best.WeightsEpoch - 1].ValidationLoss,
            NetworkTrainer.Evaluate(SmallImages.Network, bestWeights, validation, batchSize: 7).Loss);
        Assert.AreEqual(12, last.WeightsEpoch);
        Assert.AreEqual(last.Epochs[11].ValidationLoss, NetworkTrainer.Evaluate(SmallImages.Network, lastWeights, validation).Loss);
    }

    [TestMethod]
    public void Training_stops_early_when_epochs_get_no_better()
    {
        using InMemoryDataset training = SmallImages.Make(64, seed: 1);
        using InMemoryDataset validation = SmallImages.Make(64, seed: 2, exchanged: true);
        TrainingOptions options = new()
        {
            Epochs = 50,
            BatchSize = 16,
            Optimizer = new Adam { LearningRate = 0.01f },
            ValidationSet = validation,
            EarlyStoppingPatience = 3,
        };
        TrainingResult result = NetworkTrainer.Train(SmallImages.Network, training, options);
        using Weights weights = result.Weights;
        Assert.IsTrue(result.IsStoppedEarly);
        Assert.IsFalse(result.IsCancelled);
        Assert.HasCount(result.WeightsEpoch + 3, result.Epochs);
    }

    [TestMethod]
    public void A_network_learns_handwritten_digits()
    {
        using InMemoryDataset all = IdxReader.ReadTraining(TestData.Folder("mnist"));
        NormalizedDataset digits = new(all, 33.3f, 1 / 78.6f);
        DatasetSubset training = new(digits, Enumerable.Range(0, 1000));
        DatasetSubset test = new(digits, Enumerable.Range(50_000, 300));
        Network network = Network.Input(28, 28, 1)
            .Conv(8, 5, stride: 2).Relu().MaxPool(2).Flatten().Dense(10).Softmax();
        TrainingOptions options = new() { Epochs = 2, BatchSize = 16, Optimizer = new Adam { LearningRate = 0.003f } };
        using Weights weights = NetworkTrainer.Train(network, training, options).Weights;
        Assert.IsGreaterThan(0.8, NetworkTrainer.Evaluate(network, weights, test).Accuracy!.Value);
    }

    [TestMethod]
    public void The_time_left_of_more_epochs_than_a_time_can_say_is_the_longest_there_is()
    {
        using InMemoryDataset dataset = SmallImages.Make(10_000, seed: 1);
        using CancellationTokenSource source = new();
        List<TrainingProgress> progress = [];
        TrainingOptions options = new()
        {
            Epochs = int.MaxValue,
            BatchSize = 1,
            CancellationToken = source.Token,
            BatchCompleted = done =>
            {
                // As slow as a large network.
                Thread.Sleep(progress.Count == 0 ? 400 : 0);
                progress.Add(done);
                if (progress.Count == 2)
                {
                    source.Cancel();
                }
            },
        };
        using Weights weights = NetworkTrainer.Train(SmallImages.Network, dataset, options).Weights;
        Assert.AreEqual(int.MaxValue, progress[0].Epochs);
        Assert.AreEqual(TimeSpan.MaxValue, progress[1].TimeLeft);
    }

    [TestMethod]
    public void Scores_that_are_not_numbers_are_refused_and_in_a_training_count_as_wrong()
    {
        // A row as large as a float can be: its first convolution sums to infinity, and to what is not a number behind it.
        using InMemoryDataset dataset = SmallImages.Make(4, seed: 1);
        dataset.Add([.. Enumerable.Range(0, 36).Select(i => i % 2 == 0 ? 3e38f : -3e38f)], 0);
        using Weights weights = Weights.Initialize(SmallImages.Network, 1);
        InvalidDataException error =
            Assert.ThrowsExactly<InvalidDataException>(() => NetworkTrainer.Evaluate(SmallImages.Network, weights, dataset));
        StringAssert.Contains(error.Message, "Sample 4 of the evaluation set: scores are numbers. Received: NaN");
        using InMemoryDataset training = SmallImages.Make(8, seed: 1);
        TrainingResult result = NetworkTrainer.Train(
            SmallImages.Network, training, new TrainingOptions { Epochs = 1, LearningRate = 1e-20f, ValidationSet = dataset }, weights);
        using Weights trained = result.Weights;
        using InMemoryDataset good = SmallImages.Make(4, seed: 1);
        double accuracy = NetworkTrainer.Evaluate(SmallImages.Network, weights, good).Accuracy!.Value;
        Assert.AreEqual(accuracy * 4 / 5, result.Epochs[0].ValidationAccuracy!.Value, 1e-12);
    }

    [TestMethod]
    public void Two_hundred_thousand_classes_are_evaluated_without_a_table_of_their_confusion()
    {
        const int Classes = 200_000;
        using InMemoryDataset dataset = new([1], Classes);
        dataset.Add([1f], 199_999);
        Network network = Network.Input([1]).Dense(Classes, name: "fc").Softmax();
        using Weights weights = new(network);
        weights["fc.bias"].Span[199_999] = 1;
        EvaluationResult result = NetworkTrainer.Evaluate(network, weights, dataset);
        Assert.AreEqual(1.0, result.Accuracy);
        Assert.AreEqual(0, result.Confusion.Length);
    }

    // The largest difference between two weights.
    private static double Distance(Weights left, Weights right)
    {
        double largest = 0;
        foreach (string name in left.Names)
        {
            for (int i = 0; i < left[name].Count; i++)
            {
                largest = Math.Max(largest, Math.Abs((double)left[name].Span[i] - right[name].Span[i]));
            }
        }

        return largest;
    }
}
