using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Training;
using Microsoft.ML.ConvNet.Training.Optimizers;

namespace Microsoft.ML.ConvNet.Core.Tests.Training;

/// <summary>Groups of layers that are trained in a way of their own, and elements of the gradient that are limited.</summary>
[TestClass]
public sealed class ParameterGroupTests
{
    private const int Samples = 32;
    private const float Rate = 0.5f;

    private static readonly Network Network = Network.Input(6, 6, 1)
        .Conv(4, 3, name: "body.conv").BatchNorm(name: "body.bn").Relu().MaxPool(2).Flatten()
        .Dense(5, name: "neck").Relu().Dense(2, name: "head").Softmax();

    // One step of all samples along the gradient itself.
    private static readonly TrainingOptions OneStep = new()
    {
        Epochs = 1,
        BatchSize = Samples,
        Optimizer = new Sgd { LearningRate = Rate, Momentum = 0 },
        KeepBest = false,
    };

    [TestMethod]
    public void Layers_of_a_group_move_by_its_share_of_the_learning_rate()
    {
        Dictionary<string, float[]> whole = Moves(OneStep);
        Dictionary<string, float[]> part = Moves(OneStep with { Groups = [new ParameterGroup("body.*") { LearningRateFactor = 0.25f }] });
        foreach (string name in (string[])["body.conv.weight", "body.conv.bias", "body.bn.weight", "body.bn.bias"])
        {
            AssertClose(name, [.. whole[name].Select(move => 0.25 * move)], part[name]);
        }

        foreach (string name in (string[])["neck.weight", "neck.bias", "head.weight", "head.bias"])
        {
            CollectionAssert.AreEqual(whole[name], part[name], name);
        }
    }

    [TestMethod]
    public void A_groups_weight_decay_takes_the_place_of_the_optimizers_for_weights_alone()
    {
        using Weights initial = Weights.Initialize(Network, 4);
        Dictionary<string, float[]> without = Moves(OneStep);
        Dictionary<string, float[]> with = Moves(OneStep with
        {
            Optimizer = new Sgd { LearningRate = Rate, Momentum = 0, WeightDecay = 0.1f },
            Groups = [new ParameterGroup("neck") { WeightDecay = 0 }, new ParameterGroup("head") { WeightDecay = 0.3f }],
        });
        foreach ((string name, float decay) in ((string, float)[])
        [
            ("body.conv.weight", 0.1f), ("neck.weight", 0), ("head.weight", 0.3f),
            ("body.conv.bias", 0), ("body.bn.weight", 0), ("body.bn.bias", 0), ("neck.bias", 0), ("head.bias", 0),
        ])
        {
            float[] start = initial[name].Span.ToArray();
            AssertClose(name, [.. without[name].Select((move, i) => move - (Rate * decay * start[i]))], with[name]);
        }
    }

    [TestMethod]
    public void The_first_group_that_names_a_layer_counts()
    {
        Dictionary<string, float[]> whole = Moves(OneStep);
        Dictionary<string, float[]> part = Moves(OneStep with
        {
            Groups =
            [
                new ParameterGroup("nec?") { LearningRateFactor = 0.5f },
                new ParameterGroup("*") { LearningRateFactor = 0.1f },
                new ParameterGroup("head") { LearningRateFactor = 9 },
            ],
        });
        AssertClose("neck", [.. whole["neck.weight"].Select(move => 0.5 * move)], part["neck.weight"]);
        AssertClose("head", [.. whole["head.weight"].Select(move => 0.1 * move)], part["head.weight"]);
    }

    [TestMethod]
    public void A_frozen_group_is_what_frozen_layers_are_by_name_or_pattern()
    {
        TrainingOptions options = OneStep with { Epochs = 3, BatchSize = 8 };
        Dictionary<string, float[]> byName = Moves(options with { FrozenLayers = ["body.conv", "body.bn"] });
        Assert.IsTrue(byName["body.conv.weight"].Concat(byName["body.bn.running_mean"]).All(move => move == 0));
        Assert.IsTrue(byName["neck.weight"].Any(move => move != 0));
        foreach (TrainingOptions same in (TrainingOptions[])
        [
            options with { FrozenLayers = ["body.*"] },
            options with { Groups = [new ParameterGroup("body.*") { IsFrozen = true }] },
            options with { Groups = [new ParameterGroup("body.bn") { IsFrozen = true }], FrozenLayers = ["*conv"] },
        ])
        {
            foreach ((string name, float[] moves) in Moves(same))
            {
                CollectionAssert.AreEqual(byName[name], moves, name);
            }
        }
    }

    [TestMethod]
    public void Elements_of_the_gradient_are_limited()
    {
        const float Limit = 0.01f;
        Dictionary<string, float[]> whole = Moves(OneStep);
        Dictionary<string, float[]> limited = Moves(OneStep with { ClipGradientValue = Limit });
        Assert.IsTrue(whole["head.weight"].Any(move => Math.Abs(move) > Rate * Limit));
        Assert.IsTrue(whole["head.weight"].Any(move => Math.Abs(move) < Rate * Limit));
        foreach ((string name, float[] moves) in whole)
        {
            if (!name.Contains("running", StringComparison.Ordinal))
            {
                AssertClose(name, [.. moves.Select(move => (double)Math.Clamp(move, -Rate * Limit, Rate * Limit))], limited[name]);
            }
        }
    }

    [TestMethod]
    public void Groups_out_of_range_are_named()
    {
        foreach ((ParameterGroup group, string text) in new[]
        {
            (new ParameterGroup(string.Empty), "A group of parameters: layers have a name. Received: none."),
            (new ParameterGroup("tail.*"), "Received: \"tail.*\"."),
            (new ParameterGroup("head") { LearningRateFactor = 0 },
                "The group of parameters \"head\": the factor of the learning rate is more than 0. Received: 0."),
            (new ParameterGroup("head") { WeightDecay = -1 }, "The group of parameters \"head\": the weight decay is at least 0. Received: -1."),
            (new ParameterGroup("*") { IsFrozen = true }, "all of whose parameters are frozen"),
        })
        {
            StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => Moves(OneStep with { Groups = [group] })).Message, text);
        }
    }

    /// <summary>How far a training moves each number.</summary>
    private static Dictionary<string, float[]> Moves(TrainingOptions options)
    {
        using InMemoryDataset training = SmallImages.Make(Samples, seed: 1);
        using Weights initial = Weights.Initialize(Network, 4);
        using Weights trained = NetworkTrainer.Train(Network, training, options, initial).Weights;
        return initial.Names.ToDictionary(
            name => name, name => trained[name].Span.ToArray().Zip(initial[name].Span.ToArray(), (after, before) => after - before).ToArray());
    }

    private static void AssertClose(string name, double[] expected, float[] received)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.AreEqual(expected[i], received[i], 1e-6, $"{name}, {i}");
        }
    }
}
