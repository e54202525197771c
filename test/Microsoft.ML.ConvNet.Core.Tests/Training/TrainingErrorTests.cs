using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Tensors;
using Microsoft.ML.ConvNet.Training.Losses;
using Microsoft.ML.ConvNet.Training.Optimizers;
using Microsoft.ML.ConvNet.Training.Schedules;
using Microsoft.ML.ConvNet.Training;

namespace Microsoft.ML.ConvNet.Core.Tests.Training;

/// <summary>Trainings that cannot begin, go wrong, or are cancelled.</summary>
[TestClass]
public sealed class TrainingErrorTests
{
    [TestMethod]
    [DataRow(float.NaN, "NaN")]
    [DataRow(float.NegativeInfinity, "-Infinity")]
    public void Pixels_that_are_not_finite_are_named_by_sample_and_place(float pixel, string text)
    {
        FaultyImages dataset = new() { Spoilt = 5, Pixel = pixel };
        InvalidDataException error = Assert.ThrowsExactly<InvalidDataException>(() => NetworkTrainer.Train(SmallImages.Network, dataset));
        Assert.AreEqual($"Sample 5 of the training set: pixels are finite. Received: {text}, row 1, column 2, channel 0.", error.Message);
        using Weights weights = Weights.Initialize(SmallImages.Network, 1);
        error = Assert.ThrowsExactly<InvalidDataException>(() => NetworkTrainer.Evaluate(SmallImages.Network, weights, dataset));
        Assert.Contains("Sample 5 of the evaluation set", error.Message);
    }

    [TestMethod]
    [DataRow(2)]
    [DataRow(-2)]
    public void Labels_out_of_range_are_named_by_sample(int label)
    {
        FaultyImages dataset = new() { Spoilt = 7, Label = label };
        InvalidDataException error = Assert.ThrowsExactly<InvalidDataException>(() => NetworkTrainer.Train(SmallImages.Network, dataset));
        Assert.AreEqual(
            FormattableString.Invariant($"Sample 7 of the training set: a label is from 0 to 1, or -1 for none. Received: {label}."), error.Message);
    }

    [TestMethod]
    public void Samples_that_do_not_fit_the_network_are_refused()
    {
        using InMemoryDataset otherShape = new(new Shape(5, 6, 1), 2);
        otherShape.Add(new float[30], 0);
        Refuse(otherShape, new TrainingOptions(), "The network takes samples of 6x6x1. Received: a training set of 5x6x1.");

        using InMemoryDataset otherClasses = new(new Shape(6, 6, 1), 3);
        otherClasses.Add(new float[36], 0);
        Refuse(otherClasses, new TrainingOptions(), "classes, 3. Received: 2 outputs; end the network with 3 units.");

        using InMemoryDataset empty = new(new Shape(6, 6, 1), 2);
        Refuse(empty, new TrainingOptions(), "The training set has at least one sample. Received: none.");

        using InMemoryDataset good = SmallImages.Make(4, seed: 1);
        Refuse(good, new TrainingOptions { ValidationSet = empty }, "The validation set has at least one sample");

        using InMemoryDataset numbers = InMemoryDataset.WithTargets(new Shape(6, 6, 1), 2);
        numbers.Add(new float[36], [1, 2]);
        Refuse(numbers, new TrainingOptions(), "Received: a training set with 2 target values a sample; use SquaredError.");
    }

    [TestMethod]
    public void A_set_without_any_class_is_refused()
    {
        using InMemoryDataset dataset = new(new Shape(6, 6, 1), 2);
        dataset.Add(new float[36], -1);
        InvalidDataException error = Assert.ThrowsExactly<InvalidDataException>(() => NetworkTrainer.Train(SmallImages.Network, dataset));
        Assert.Contains("all without", error.Message);
        TrainingOptions options = new() { Loss = new SquaredError() };
        error = Assert.ThrowsExactly<InvalidDataException>(() => NetworkTrainer.Train(SmallImages.Network, dataset, options));
        Assert.Contains("needs a class for every sample", error.Message);
    }

    [TestMethod]
    public void Options_out_of_range_are_named()
    {
        using InMemoryDataset good = SmallImages.Make(4, seed: 1);
        Refuse(good, new TrainingOptions { Epochs = 0 }, "The number of epochs is at least 1. Received: 0.");
        Refuse(good, new TrainingOptions { BatchSize = 0 }, "The batch size is at least 1. Received: 0.");
        Refuse(good, new TrainingOptions { LearningRate = -0.5f }, "The learning rate is more than 0. Received: -0.5.");
        Refuse(good, new TrainingOptions { LearningRate = float.NaN }, "Received: NaN.");
        Refuse(good, new TrainingOptions { ClipGradientNorm = 0 }, "Received: 0.");
        Refuse(good, new TrainingOptions { ClipGradientValue = 0 }, "The greatest value of the gradient is more than 0. Received: 0.");
        Refuse(good, new TrainingOptions { EarlyStoppingPatience = 0 }, "Received: 0.");
        Refuse(good, new TrainingOptions { Optimizer = new Sgd { Momentum = 2 } }, "momentum");
        Refuse(good, new TrainingOptions { Schedule = new StepDecay(0) }, "Step decay");
        Refuse(good, new TrainingOptions { Loss = new SoftmaxCrossEntropy(-1) }, "label smoothing");
        Refuse(
            good,
            new TrainingOptions { FrozenLayers = ["conv7"] },
            "conv1, relu1, maxpool1, flatten1, fc1, softmax1. Received: \"conv7\".");
        Refuse(
            good,
            new TrainingOptions { FrozenLayers = ["conv1", "fc1"] },
            "Received: a network of 6 layers, all of whose parameters are frozen.");
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => NetworkTrainer.Train(SmallImages.Network, good, new TrainingOptions { NumberOfThreads = -1 }));
    }

    [TestMethod]
    public void Weights_of_another_network_are_refused()
    {
        using InMemoryDataset good = SmallImages.Make(4, seed: 1);
        Network other = Network.Input(6, 6, 1).Flatten().Dense(2).Softmax();
        using Weights weights = new(other);
        Assert.ThrowsExactly<ArgumentException>(() => NetworkTrainer.Train(SmallImages.Network, good, initial: weights));
    }

    [TestMethod]
    public void A_loss_that_is_not_finite_ends_training_with_the_place_and_a_remedy()
    {
        using InMemoryDataset dataset = SmallImages.Make(64, seed: 1);
        TrainingOptions options = new() { BatchSize = 8, LearningRate = 1e20f };
        TrainingDivergedException error =
            Assert.ThrowsExactly<TrainingDivergedException>(() => NetworkTrainer.Train(SmallImages.Network, dataset, options));
        Assert.MatchesRegex(
            @"^The loss is not finite in epoch 1, batch [2-8] \(received: .+\); a smaller learning rate than 1E\+20, ", error.Message);
    }

    [TestMethod]
    public void Weights_that_the_last_batch_spoils_are_noticed()
    {
        using InMemoryDataset dataset = SmallImages.Make(8, seed: 1);
        Sgd optimizer = new() { LearningRate = float.MaxValue, WeightDecay = 1e30f };
        TrainingOptions options = new() { Epochs = 1, BatchSize = 8, Optimizer = optimizer };
        TrainingDivergedException error =
            Assert.ThrowsExactly<TrainingDivergedException>(() => NetworkTrainer.Train(SmallImages.Network, dataset, options));
        Assert.Contains("The parameter \"conv1.weight\" is not finite in epoch 1", error.Message);
    }

    [TestMethod]
    public void A_shortened_gradient_keeps_the_step_within_the_learning_rate()
    {
        using InMemoryDataset dataset = SmallImages.Make(8, seed: 1);
        using Weights initial = Weights.Initialize(SmallImages.Network, 1);
        TrainingOptions options = new()
        {
            Epochs = 1,
            BatchSize = 8,
            Optimizer = new Sgd { LearningRate = 1, Momentum = 0 },
            ClipGradientNorm = 0.01f,
        };
        using Weights trained = NetworkTrainer.Train(SmallImages.Network, dataset, options, initial).Weights;
        double squares = 0;
        foreach (string name in trained.Names)
        {
            for (int i = 0; i < trained[name].Count; i++)
            {
                double difference = (double)trained[name].Span[i] - initial[name].Span[i];
                squares += difference * difference;
            }
        }

        Assert.AreEqual(0.01, Math.Sqrt(squares), 1e-5);
    }

    [TestMethod]
    public void Cancelled_in_its_second_epoch_a_training_has_the_weights_of_the_first()
    {
        using InMemoryDataset dataset = SmallImages.Make(64, seed: 1);
        using CancellationTokenSource source = new();
        int batches = 0;
        TrainingOptions options = new() { Epochs = 5, BatchSize = 16, LearningRate = 0.05f };
        using Weights first = NetworkTrainer.Train(SmallImages.Network, dataset, options with { Epochs = 1 }).Weights;
        TrainingResult result = NetworkTrainer.Train(
            SmallImages.Network,
            dataset,
            options with
            {
                CancellationToken = source.Token,
                BatchCompleted = progress =>
                {
                    batches++;
                    if (progress is { Epoch: 2, Batch: 3 })
                    {
                        source.Cancel();
                    }
                },
            });
        using Weights weights = result.Weights;
        Assert.IsTrue(result.IsCancelled);
        Assert.AreEqual(7, batches);
        Assert.HasCount(1, result.Epochs);
        Assert.AreEqual(1, result.WeightsEpoch);
        Assert.IsTrue(weights.Names.All(name => weights[name].Span.SequenceEqual(first[name].Span)));
    }

    [TestMethod]
    public void Cancelled_in_its_first_epoch_a_training_has_the_weights_so_far()
    {
        using InMemoryDataset dataset = SmallImages.Make(64, seed: 1);
        using CancellationTokenSource source = new();
        using Weights initial = Weights.Initialize(SmallImages.Network, 0);
        TrainingOptions options = new()
        {
            BatchSize = 16,
            CancellationToken = source.Token,
            BatchCompleted = _ => source.Cancel(),
        };
        TrainingResult result = NetworkTrainer.Train(SmallImages.Network, dataset, options);
        using Weights weights = result.Weights;
        Assert.IsTrue(result.IsCancelled);
        Assert.IsEmpty(result.Epochs);
        Assert.AreEqual(0, result.WeightsEpoch);
        Assert.IsFalse(weights["fc1.weight"].Span.SequenceEqual(initial["fc1.weight"].Span));
    }

    [TestMethod]
    public void A_cancelled_evaluation_says_so()
    {
        using InMemoryDataset dataset = SmallImages.Make(4, seed: 1);
        using Weights weights = Weights.Initialize(SmallImages.Network, 0);
        Assert.ThrowsExactly<OperationCanceledException>(
            () => NetworkTrainer.Evaluate(SmallImages.Network, weights, dataset, cancellationToken: new CancellationToken(true)));
    }

    private static void Refuse(ImageDataset dataset, TrainingOptions options, string message) => Assert.Contains(
        message, Assert.ThrowsExactly<ArgumentException>(() => NetworkTrainer.Train(SmallImages.Network, dataset, options)).Message);
}
