using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Tests.Rows;
using Microsoft.ML.ConvNet.Training;
using Microsoft.ML.ConvNet.Training.Callbacks;
using Microsoft.ML.ConvNet.Training.Losses;
using Microsoft.ML.ConvNet.Training.Optimizers;
using Microsoft.ML.ConvNet.Training.Schedules;
using Microsoft.ML.Data;

namespace Microsoft.ML.ConvNet.Tests.Training;

/// <summary>The engine's options in the vocabulary of ML.NET.</summary>
[TestClass]
public sealed class EngineOptionsTests
{
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void Frozen_layers_keep_their_weights_and_the_others_learn()
    {
        Network network = Network.Input(8, 8, 1).Conv(4, 3, name: "first").Relu().Flatten().Dense(3, name: "second");
        using Weights initial = Weights.Initialize(network, 5);
        ConvNetTransformer model = Train(options =>
        {
            (options.NetworkBuilder, options.Network) = (null, network);
            options.InitialWeights = initial;
            options.FrozenLayers = ["first"];
        });
        CollectionAssert.AreEqual(initial["first.weight"].Span.ToArray(), model.Weights["first.weight"].Span.ToArray());
        CollectionAssert.AreNotEqual(initial["second.weight"].Span.ToArray(), model.Weights["second.weight"].Span.ToArray());
    }

    [TestMethod]
    public void Each_option_changes_what_is_learnt()
    {
        uint[] usual = BarModels.WeightBits(Train(_ => { }));
        CollectionAssert.AreEqual(usual, BarModels.WeightBits(Train(options => (options.Shuffle, options.KeepBest, options.LabelSmoothing) = (true, true, 0))));
        foreach (Action<ConvNetMulticlassTrainer.Options> set in new Action<ConvNetMulticlassTrainer.Options>[]
        {
            options => options.ClipGradientNorm = 0.001f,
            options => options.ClipGradientValue = 0.001f,
            options => options.WeightDecay = 0.1f,
            options => options.L1Decay = 0.01f,
            options => options.Loss = new FocalLoss(),
            options => options.ParameterGroups = [new ParameterGroup("conv*") { LearningRateFactor = 0.1f }],
            options => options.Mixup = 0.4f,
            options => options.CutMix = 1,
            options => options.Optimizer = new Lion(),
            options => options.LearningRateSchedule = new OneCycle { MomentumCycle = true },
            options => options.LabelSmoothing = 0.1f,
            options => options.Shuffle = false,
            options => options.AccumulatedBatches = 2,
            options => options.Callbacks = [new WeightAverage(0.5f)],
        })
        {
            CollectionAssert.AreNotEqual(usual, BarModels.WeightBits(Train(set)));
        }
    }

    [TestMethod]
    public void The_last_weights_rather_than_the_best_are_kept_on_demand()
    {
        // A rate that spoils in the last two epochs what was learnt in the first two.
        ConvNetTransformer best = Train(options => options.LearningRateSchedule = new Spoiling());
        ConvNetTransformer last = Train(options => (options.LearningRateSchedule, options.KeepBest) = (new Spoiling(), false));
        Assert.AreNotEqual(best.TrainingReport.MinBy(epoch => epoch.Loss)!.Epoch, best.TrainingReport.Count, "a later epoch is worse");
        CollectionAssert.AreNotEqual(BarModels.WeightBits(best), BarModels.WeightBits(last));
    }

    [TestMethod]
    public void Auxiliary_outputs_that_are_probabilities_get_no_softmax_either()
    {
        SymbolicTensor features = Network.Input(8, 8, 1).Conv(4, 3).Relu().Flatten();
        Network network = features.Dense(3).ToNetwork(
            null, [(features.Dense(3, name: "one").Sigmoid(), 0.3f), (features.Dense(3, name: "other"), 0.3f)]);
        ConvNetTransformer model = Train(options => (options.NetworkBuilder, options.Network) = (null, network));
        string[] kinds = [.. model.Network.AuxiliaryOutputs.Select(output => model.Network.Nodes[output.Node].Layer.GetType().Name)];
        CollectionAssert.AreEqual(new[] { "Sigmoid", "Softmax" }, kinds);
        Assert.AreEqual("Softmax", model.Network.Nodes[^1].Layer.GetType().Name);
    }

    [TestMethod]
    public void What_cannot_be_is_said_before_a_row_is_read()
    {
        DataViewSchema.Builder schema = new();
        schema.AddColumn("Features", new VectorDataViewType(NumberDataViewType.Single, 8, 8, 1));
        schema.AddColumn("Label", new KeyDataViewType(typeof(uint), 3));
        UnreadableDataView rows = new(schema.ToSchema());
        ConvNetMulticlassTrainer.Options options = BarModels.Options();
        options.FrozenLayers = ["conv1", "none"];
        ErrorText.Is<ArgumentOutOfRangeException>(
            () => _context.MulticlassClassification.Trainers.ConvNet(options).Fit(rows), "FrozenLayers are layers of the network: conv1", "Received: \"none\"");
        foreach ((Action<ConvNetMulticlassTrainer.Options> set, string message) in new (Action<ConvNetMulticlassTrainer.Options>, string)[]
        {
            (bad => bad.ClipGradientNorm = 0, "ClipGradientNorm is more than 0. Received: 0"),
            (bad => bad.ClipGradientNorm = float.NaN, "ClipGradientNorm is more than 0. Received: NaN"),
            (bad => bad.ClipGradientValue = -1, "ClipGradientValue is more than 0. Received: -1"),
            (bad => bad.WeightDecay = -1, "WeightDecay is at least 0. Received: -1"),
            (bad => bad.L1Decay = float.NaN, "L1Decay is at least 0. Received: NaN"),
            (bad => bad.Mixup = -0.5f, "Mixup is at least 0. Received: -0.5"),
            (bad => bad.CutMix = float.PositiveInfinity, "CutMix is at least 0. Received: Infinity"),
            (bad => bad.HeadLosses = null!, "HeadLosses is a list"),
            (bad => bad.ParameterGroups = null!, "ParameterGroups is a list"),
            (bad => (bad.Loss, bad.LabelSmoothing) = (new FocalLoss(), 0.1f), "LabelSmoothing is 0 where there is a Loss, which has its own settings. Received: 0.1"),
            (bad => bad.LabelSmoothing = 1.5f, "LabelSmoothing is at least 0 and less than 1. Received: 1.5"),
            (bad => bad.FrozenLayers = null!, "FrozenLayers is a list"),
            (bad => bad.ChannelOrder = (ChannelOrder)7, "ChannelOrder is one of its names"),
            (bad => bad.ImageBackground = (ImageBackground)7, "ImageBackground is one of its names"),
        })
        {
            ConvNetMulticlassTrainer.Options bad = BarModels.Options();
            set(bad);
            ErrorText.Is<ArgumentException>(() => _context.MulticlassClassification.Trainers.ConvNet(bad), message);
        }
    }

    [TestMethod]
    public void What_the_engine_refuses_is_refused_before_a_row_is_read_too()
    {
        DataViewSchema.Builder schema = new();
        schema.AddColumn("Features", new VectorDataViewType(NumberDataViewType.Single, 8, 8, 1));
        schema.AddColumn("Label", new KeyDataViewType(typeof(uint), 3));
        UnreadableDataView rows = new(schema.ToSchema());
        foreach ((Action<ConvNetMulticlassTrainer.Options> set, string message) in new (Action<ConvNetMulticlassTrainer.Options>, string)[]
        {
            (bad => bad.HeadLosses = [new HeadLoss("aux")], "is for networks with auxiliary outputs. Received: \"aux\""),
            (bad => bad.ParameterGroups = [new ParameterGroup("none*")], "Received: \"none*\"."),
            (bad => bad.Loss = new FocalLoss(-1), "gamma is at least 0. Received: -1."),
            (bad => (bad.Optimizer, bad.LearningRateSchedule) = (new Adagrad(), new OneCycle { MomentumCycle = true }), "Received: Adagrad."),
        })
        {
            ConvNetMulticlassTrainer.Options bad = BarModels.Options();
            set(bad);
            ErrorText.Is<ArgumentException>(() => _context.MulticlassClassification.Trainers.ConvNet(bad).Fit(rows), message);
        }
    }

    [TestMethod]
    public void Heads_are_named_as_they_were_written_though_a_softmax_is_put_behind_them()
    {
        SymbolicTensor features = Network.Input(8, 8, 1).Conv(4, 3).Relu().Flatten();
        Network network = features.Dense(3).ToNetwork(null, [(features.Dense(3, name: "aux"), 0.3f)]);
        uint[] usual = Bits();
        CollectionAssert.AreEqual(usual, Bits(new HeadLoss("aux") { Weight = 0.3f }));
        CollectionAssert.AreNotEqual(usual, Bits(new HeadLoss("aux") { Weight = 1 }));
        CollectionAssert.AreNotEqual(usual, Bits(new HeadLoss("aux") { Loss = new FocalLoss() }));

        uint[] Bits(params HeadLoss[] heads) => BarModels.WeightBits(Train(options =>
        {
            (options.NetworkBuilder, options.Network) = (null, network);
            options.HeadLosses = heads;
        }));
    }

    [TestMethod]
    public void A_learning_rate_is_found_with_which_the_network_learns()
    {
        ConvNetMulticlassTrainer.Options options = BarModels.Options();
        options.Optimizer = new Sgd();
        options.Seed = 3;
        options.ValidationSetFraction = 0.2f;
        IDataView rows = BarModels.Keyed(_context, BarImages.Create(90));
        LearningRateCurve curve = _context.MulticlassClassification.Trainers.ConvNet(options).FindLearningRate(rows);
        options.LearningRate = curve.Suggestion!.Value;
        ConvNetTransformer model = _context.MulticlassClassification.Trainers.ConvNet(options).Fit(rows);
        Assert.IsTrue(model.TrainingReport[^1].Loss < 0.7 * curve.Points[0].Loss, $"{model.TrainingReport[^1].Loss} with {options.LearningRate}");
        ErrorText.Is<ArgumentException>(
            () => _context.MulticlassClassification.Trainers.ConvNet(options).FindLearningRate(rows, new LearningRateFinder { Steps = 1 }), "Received: 1.");
    }

    private ConvNetTransformer Train(Action<ConvNetMulticlassTrainer.Options> set) => BarModels.Train(_context, options =>
    {
        options.Seed = 3;
        options.Epoch = 4;
        set(options);
    });

    private sealed record Spoiling : LearningRateSchedule
    {
        protected override float DecayAt(int epoch, long stepNumber, long totalSteps) => epoch < 2 ? 1 : 1000;
    }
}
