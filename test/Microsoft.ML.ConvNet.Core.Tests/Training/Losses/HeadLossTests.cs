using Microsoft.ML.ConvNet.Core.Tests.Networks;
using Microsoft.ML.ConvNet.Core.Tests.Numbers;
using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Ops;
using Microsoft.ML.ConvNet.Running;
using Microsoft.ML.ConvNet.Training;
using Microsoft.ML.ConvNet.Training.Losses;

namespace Microsoft.ML.ConvNet.Core.Tests.Training.Losses;

/// <summary>Networks of several heads, each with a loss and a weight of its own.</summary>
[TestClass]
public sealed unsafe class HeadLossTests
{
    private const int Batch = 5;
    private const float Weight = 0.7f;

    public static IEnumerable<object[]> Losses =>
    [
        [new SoftmaxCrossEntropy(), new FocalLoss()],
        [new FocalLoss(), new SoftmaxCrossEntropy(0.2f)],
        [new SoftmaxCrossEntropy(), new SquaredError()],
        [new SquaredError(), new SoftmaxCrossEntropy()],
        [new SoftmaxCrossEntropy(), new BinaryCrossEntropy()],
    ];

    [TestMethod]
    [DynamicData(nameof(Losses))]
    public void The_loss_is_the_weighted_sum_of_each_heads_own_loss_and_so_are_the_gradients(Loss own, Loss ofHead)
    {
        (float[] main, float[] mainGradient, float[] stemOfMain) = Run("head", own, null);
        (float[] head, float[] headGradient, float[] stemOfHead) = Run("aux", ofHead, null);
        (float[] both, float[] bothGradient, float[] stemOfBoth) = Run("head", own, ofHead);
        AssertSum(main, head, both);
        AssertSum(stemOfMain, stemOfHead, stemOfBoth);
        Closeness.AssertClose(Array.ConvertAll(mainGradient, value => (double)value), bothGradient, 1e-6, "own head");
        Assert.AreNotEqual(0, headGradient.Sum(Math.Abs));
    }

    [TestMethod]
    public void Without_weight_an_auxiliary_head_learns_nothing_and_the_rest_as_without_it()
    {
        using InMemoryDataset images = SmallImages.Make(40, seed: 1);
        TrainingOptions options = new() { Epochs = 2, BatchSize = 8, KeepBest = false, LearningRate = 0.05f };
        Network network = TwoHeads();
        using Weights begun = Weights.Initialize(network, options.Seed);
        using Weights silent = NetworkTrainer.Train(
            network, images, options with { HeadLosses = [new HeadLoss("aux") { Weight = 0 }] }, begun).Weights;
        using Weights usual = NetworkTrainer.Train(network, images, options, begun).Weights;
        CollectionAssert.AreEqual(begun["aux.weight"].Span.ToArray(), silent["aux.weight"].Span.ToArray());
        CollectionAssert.AreNotEqual(begun["aux.weight"].Span.ToArray(), usual["aux.weight"].Span.ToArray());

        SymbolicTensor stem = Network.Input(6, 6, 1).Conv(4, 3, name: "stem").Relu(name: "relu");
        Network alone = stem.Flatten(name: "flat").Dense(2, name: "head").Softmax();
        using Weights start = new(alone);
        foreach (string name in start.Names)
        {
            begun[name].CopyTo(start[name].Span);
        }

        using Weights expected = NetworkTrainer.Train(alone, images, options, start).Weights;
        Closeness.AssertClose(
            Array.ConvertAll(expected["stem.weight"].Span.ToArray(), value => (double)value), silent["stem.weight"].Span.ToArray(), 1e-6, "stem");
    }

    [TestMethod]
    public void The_first_setting_that_names_a_head_counts_and_the_networks_weight_where_none_is_given()
    {
        using InMemoryDataset images = SmallImages.Make(40, seed: 1);
        TrainingOptions options = new() { Epochs = 1, BatchSize = 8, LearningRate = 0.05f };
        CollectionAssert.AreEqual(Train(new HeadLoss("aux")), Train());
        CollectionAssert.AreEqual(Train(new HeadLoss("aux") { Weight = 0.3f, Loss = new SoftmaxCrossEntropy() }), Train());
        CollectionAssert.AreEqual(Train(new HeadLoss("aux") { Weight = 2 }, new HeadLoss("*") { Weight = 3 }), Train(new HeadLoss("a?x") { Weight = 2 }));
        CollectionAssert.AreNotEqual(Train(new HeadLoss("aux") { Weight = 2 }), Train());
        CollectionAssert.AreNotEqual(Train(new HeadLoss("aux") { Loss = new FocalLoss() }), Train());

        float[] Train(params HeadLoss[] heads)
        {
            using Weights weights = NetworkTrainer.Train(TwoHeads(), images, options with { HeadLosses = heads }).Weights;
            return weights["stem.weight"].Span.ToArray();
        }
    }

    [TestMethod]
    public void What_cannot_be_is_said_with_what_was_received()
    {
        Network network = TwoHeads();
        Refuse(network, new HeadLoss("aux2"), "The loss of a head names an auxiliary output of the network: aux. Received: \"aux2\".");
        Refuse(network, new HeadLoss("head"), "names an auxiliary output of the network: aux. Received: \"head\".");
        Refuse(SmallImages.Network, new HeadLoss("aux"), "is for networks with auxiliary outputs. Received: \"aux\", and a network without.");
        Refuse(network, new HeadLoss("aux") { Weight = -1 }, "the weight of its loss is at least 0. Received: -1.");
        Refuse(network, new HeadLoss("aux") { Loss = new FocalLoss(-1) }, "The focal loss: gamma is at least 0. Received: -1.");
        Refuse(network, new HeadLoss(string.Empty), "a head has a name");
        Refuse(
            network,
            new HeadLoss("aux") { Loss = new FocalLoss { ClassWeights = new(1, 2) } },
            "its loss has the class weights of the network's own, none (softmax cross-entropy). Received: 1 2.");
    }

    [TestMethod]
    public void A_loss_of_classes_takes_over_the_class_weights_of_the_own_output()
    {
        TrainingOptions options = new()
        {
            Loss = new SoftmaxCrossEntropy { ClassWeights = new(1, 3) },
            HeadLosses = [new HeadLoss("aux") { Loss = new FocalLoss() }],
        };
        options.Require(TwoHeads(), isValidated: false);
        AuxiliaryLoss loss = HeadSettings.Of(options, TwoHeads())!.Single();
        Assert.AreEqual(new FocalLoss { ClassWeights = new(1, 3) }, loss.Function);
    }

    private static void Refuse(Network network, HeadLoss head, string message) => StringAssert.Contains(
        Assert.ThrowsExactly<ArgumentException>(
            () => new TrainingOptions { HeadLosses = [head] }.Require(network, isValidated: false)).Message, message);

    private static void AssertSum(float[] main, float[] head, float[] both) => Closeness.AssertClose(
        [.. main.Select((value, i) => value + (Weight * (double)head[i]))], both, 2e-6, "sum");

    private static Network TwoHeads()
    {
        SymbolicTensor stem = Network.Input(6, 6, 1).Conv(4, 3, name: "stem").Relu(name: "relu");
        return stem.Flatten(name: "flat").Dense(2, name: "head").Softmax().ToNetwork(
            "two heads", [(stem.GlobalAvgPool(name: "pool").Dense(2, name: "aux").Softmax(), 0.3f)]);
    }

    /// <summary>Losses, the gradient by the own head's weights, and that by the input, of one head or of both.</summary>
    private static (float[] Losses, float[] Own, float[] Input) Run(string output, Loss loss, Loss? ofHead)
    {
        SymbolicTensor x = Network.Input([4]);
        Network whole = x.Dense(3, name: "head").ToNetwork("two heads", [(x.Dense(3, name: "aux"), 0.3f)]);
        using Weights all = TestWeights.Create(whole);
        Network network = ofHead is null ? Network.Input([4]).Dense(3, name: output) : whole;
        using Weights weights = new(network);
        foreach (string name in weights.Names)
        {
            all[name].CopyTo(weights[name].Span);
        }

        using TrainingSession session = new(
            network, weights, loss, Batch, 2, seed: 1, inputGradient: true,
            auxiliaryLosses: ofHead is null ? null : [new AuxiliaryLoss(ofHead, Weight)]);
        DistinctNumbers.Create(Batch * 4, seed: 1).CopyTo(new Span<float>(session.Inputs, Batch * 4));
        for (int i = 0; i < Batch; i++)
        {
            int label = i % 3;
            if (session.TargetClasses != null)
            {
                session.TargetClasses[i] = label;
            }

            for (int c = 0; c < 3 && session.TargetValues != null; c++)
            {
                session.TargetValues[(i * 3) + c] = c == label ? 1 : 0;
            }
        }

        session.Step(Batch, epoch: 0);
        int parameter = Enumerable.Range(0, network.Parameters.Count).Single(i => network.Parameters[i].Name == $"{output}.weight");
        float[] own = new Span<float>(session.Gradients + weights.OffsetOf(parameter), 12).ToArray();
        return (
            new Span<float>(session.Losses, Batch).ToArray(), own, new Span<float>(session.InputGradients, Batch * 4).ToArray());
    }
}
