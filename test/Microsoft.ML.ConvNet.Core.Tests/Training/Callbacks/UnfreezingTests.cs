using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Training.Optimizers;
using Microsoft.ML.ConvNet.Training;
using Microsoft.ML.ConvNet.Training.Callbacks;

namespace Microsoft.ML.ConvNet.Core.Tests.Training.Callbacks;

/// <summary>Layers that are trained from some epoch on.</summary>
[TestClass]
public sealed class UnfreezingTests
{
    private static readonly Network Network = Network.Input(6, 6, 1)
        .Conv(4, 3, name: "body.conv").BatchNorm(name: "body.bn").Relu().MaxPool(2).Flatten()
        .Dense(5, name: "neck").Relu().Dense(2, name: "head").Softmax();

    [TestMethod]
    public void Each_layer_moves_from_its_epoch_on_with_its_running_statistics()
    {
        Dictionary<string, int> first = FirstMoves([new Unfreezing(new UnfreezingStage("body.*", 4), new UnfreezingStage("neck", 2))]);
        Assert.AreEqual(1, first["head.weight"]);
        Assert.AreEqual(2, first["neck.weight"]);
        Assert.AreEqual(4, first["body.conv.weight"]);
        Assert.AreEqual(4, first["body.bn.running_mean"]);
        Assert.AreEqual(4, first["body.bn.weight"]);
    }

    [TestMethod]
    public void Layers_that_the_options_freeze_stay_so()
    {
        Dictionary<string, int> first = FirstMoves([new Unfreezing(new UnfreezingStage("body.*", 2))], frozen: ["body.bn"]);
        Assert.AreEqual(2, first["body.conv.weight"]);
        Assert.IsFalse(first.ContainsKey("body.bn.weight"));
        Assert.IsFalse(first.ContainsKey("body.bn.running_mean"));
    }

    [TestMethod]
    public void Training_as_if_frozen_and_then_as_if_not_gives_the_same_weights()
    {
        using InMemoryDataset training = SmallImages.Make(32, seed: 1);
        TrainingOptions options = new()
        {
            Epochs = 1,
            LearningRate = 0.1f,
            Optimizer = new Sgd { Momentum = 0 },
            Shuffle = false,
            KeepBest = false,
        };
        using Weights frozen = NetworkTrainer.Train(Network, training, options with { FrozenLayers = ["body.conv", "body.bn"] }).Weights;
        using Weights expected = NetworkTrainer.Train(Network, training, options, frozen).Weights;
        using Weights received = NetworkTrainer.Train(
            Network, training, options with { Epochs = 2, Callbacks = [new Unfreezing(new UnfreezingStage("body.*", 2))] }).Weights;
        foreach (string name in expected.Names)
        {
            CollectionAssert.AreEqual(expected[name].Span.ToArray(), received[name].Span.ToArray(), name);
        }
    }

    [TestMethod]
    public void Stages_name_layers_of_the_network_and_leave_something_to_train()
    {
        using InMemoryDataset training = SmallImages.Make(32, seed: 1);
        foreach ((Unfreezing callback, string text) in new[]
        {
            (new Unfreezing(), "Unfreezing has at least one stage. Received: none."),
            (new Unfreezing(new UnfreezingStage("tail", 2)), "Received: \"tail\"."),
            (new Unfreezing(new UnfreezingStage("neck", 0)), "Unfreezing: an epoch is at least 1. Received: 0."),
            (new Unfreezing(new UnfreezingStage("*", 2)), "Training changes at least one parameter in epoch 1."),
        })
        {
            ArgumentException error = Assert.ThrowsExactly<ArgumentException>(
                () => NetworkTrainer.Train(Network, training, new TrainingOptions { Callbacks = [callback] }));
            StringAssert.Contains(error.Message, text);
        }
    }

    /// <summary>The epoch, from 1, after which each parameter that moved was first another.</summary>
    private static Dictionary<string, int> FirstMoves(TrainingCallback[] callbacks, string[]? frozen = null)
    {
        using InMemoryDataset training = SmallImages.Make(32, seed: 1);
        Moves moves = new();
        TrainingOptions options = new()
        {
            Epochs = 5,
            BatchSize = 8,
            LearningRate = 0.1f,
            FrozenLayers = frozen ?? [],
            Callbacks = [.. callbacks, moves],
        };
        NetworkTrainer.Train(Network, training, options).Weights.Dispose();
        return moves.First;
    }

    private sealed class Moves : TrainingCallback
    {
        private Dictionary<string, float[]> _start = [];

        public Dictionary<string, int> First { get; } = [];

        public override void OnTrainingBegin(TrainingState state) =>
            _start = state.Weights.Names.ToDictionary(name => name, name => state.Weights[name].Span.ToArray());

        public override void OnEpochEnd(TrainingState state, EpochMetrics epoch)
        {
            foreach ((string name, float[] values) in _start)
            {
                if (!state.Weights[name].Span.SequenceEqual(values))
                {
                    _ = First.TryAdd(name, epoch.Epoch);
                }
            }
        }
    }
}
