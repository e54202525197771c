using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Tests.Rows;
using Microsoft.ML.ConvNet.Training.Optimizers;
using Microsoft.ML.Data;

namespace Microsoft.ML.ConvNet.Tests.Training;

[TestClass]
public sealed class InitialWeightsTests
{
    private const float Hardly = 1e-12f;

    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void Training_goes_on_from_the_weights_of_another_model()
    {
        ConvNetTransformer trained = BarModels.Train(_context, options => options.Epoch = 15);
        ConvNetTransformer tuned = BarModels.Train(_context, options =>
        {
            options.InitialWeights = trained.Weights;
            options.Epoch = 1;
            options.LearningRate = Hardly;
            options.Optimizer = new Sgd { LearningRate = Hardly, Momentum = 0 };
        });
        AssertClose(trained.Weights, tuned.Weights, tuned.Weights.Names);
        IDataView unseen = BarModels.Keyed(_context, BarImages.Create(60, seed: 2));
        Assert.IsGreaterThan(0.95, _context.MulticlassClassification.Evaluate(tuned.Transform(unseen)).MicroAccuracy);
    }

    [TestMethod]
    public void A_layer_of_another_shape_begins_anew()
    {
        ConvNetTransformer first = Fit(Network.Input(8, 8, 1).Conv(4, 3, name: "stem").Relu().Flatten().Dense(3, name: "head"), null);
        ConvNetTransformer second =
            Fit(Network.Input(8, 8, 1).Conv(4, 3, name: "stem").Relu().GlobalAvgPool().Dense(3, name: "head"), first.Weights);
        AssertClose(first.Weights, second.Weights, ["stem.weight", "stem.bias", "head.bias"]);
        Assert.AreEqual("4x3", second.Weights["head.weight"].Shape.ToString());
    }

    [TestMethod]
    public void Weights_that_fit_nowhere_are_refused()
    {
        using Weights others = new(Network.Input([5]).Dense(2, name: "other"));
        ArgumentException error = Assert.ThrowsExactly<ArgumentException>(
            () => Fit(Network.Input(8, 8, 1).Conv(4, 3, name: "stem").GlobalAvgPool().Dense(3), others));
        StringAssert.Contains(error.Message, "stem.weight");
        StringAssert.Contains(error.Message, "Received: other.weight, other.bias");
    }

    [TestMethod]
    public void Weights_that_fit_nowhere_are_refused_before_a_row_is_read()
    {
        DataViewSchema.Builder schema = new();
        schema.AddColumn("Features", new VectorDataViewType(NumberDataViewType.Single, 8, 8, 1));
        schema.AddColumn("Label", new KeyDataViewType(typeof(uint), 3));
        using Weights others = new(Network.Input([5]).Dense(2, name: "other"));
        ConvNetMulticlassTrainer.Options options = BarModels.Options();
        options.InitialWeights = others;
        ErrorText.Is<ArgumentException>(
            () => _context.MulticlassClassification.Trainers.ConvNet(options).Fit(new UnreadableDataView(schema.ToSchema())),
            "InitialWeights has a parameter of the name and shape");
    }

    [TestMethod]
    [DataRow(false, null, DisplayName = "nothing frozen")]
    [DataRow(false, "relu1", DisplayName = "a layer without weights")]
    [DataRow(true, "stem", DisplayName = "a layer whose weights are given")]
    public void Nothing_is_said_of_layers_that_are_frozen_as_they_were_given(bool isGiven, string? frozen)
    {
        LogLines log = new(_context);
        FitFrozen(isGiven ? Stem() : null, frozen is null ? [] : [frozen]);
        Assert.IsEmpty(log.Warnings, string.Join('\n', log.Warnings));
    }

    [TestMethod]
    public void Layers_that_are_frozen_with_random_weights_are_named_once()
    {
        LogLines log = new(_context);
        FitFrozen(null, ["stem", "relu1", "second"]);
        Assert.HasCount(1, log.Warnings, string.Join('\n', log.Warnings));
        StringAssert.Contains(log.Warnings[0], "drawn at random for stem, second: InitialWeights would give them others");
    }

    [TestMethod]
    public void A_frozen_layer_that_the_given_weights_do_not_fit_is_named()
    {
        LogLines log = new(_context);
        FitFrozen(Stem(), ["stem", "second"]);
        Assert.HasCount(1, log.Warnings, string.Join('\n', log.Warnings));
        StringAssert.Contains(log.Warnings[0], "drawn at random for second: InitialWeights has none of their names and shapes");
    }

    [TestMethod]
    public void Patterns_of_names_freeze_layers_too_and_the_layers_they_stand_for_are_named()
    {
        LogLines log = new(_context);
        FitFrozen(Stem(), ["st*", "sec?nd"]);
        Assert.HasCount(1, log.Warnings, string.Join('\n', log.Warnings));
        StringAssert.Contains(log.Warnings[0], "drawn at random for second: InitialWeights has none of their names and shapes");
        ErrorText.Is<ArgumentOutOfRangeException>(() => FitFrozen(Stem(), ["st", "stem*"]), "FrozenLayers are layers of the network", "Received: \"st\"");
    }

    [TestMethod]
    public void Layers_that_a_pattern_freezes_keep_their_weights()
    {
        using Weights weights = Stem();
        ConvNetTransformer trained = FitFrozen(weights, ["st*m"]);
        CollectionAssert.AreEqual(weights["stem.weight"].ToArray(), trained.Weights["stem.weight"].ToArray());
        Assert.AreNotEqual(1f, trained.Weights["second.weight"].Span[0]);
    }

    // Fits one layer of the network below.
    private static Weights Stem() => Weights.Initialize(Network.Input(8, 8, 1).Conv(4, 3, name: "stem"), 1);

    private ConvNetTransformer FitFrozen(Weights? weights, string[] frozen)
    {
        Network network = Network.Input(8, 8, 1).Conv(4, 3, name: "stem").Relu().BatchNorm(name: "second").GlobalAvgPool().Dense(3);
        return _context.MulticlassClassification.Trainers.ConvNet(new ConvNetMulticlassTrainer.Options
        {
            Network = network,
            InitialWeights = weights,
            FrozenLayers = frozen,
            Epoch = 1,
        }).Fit(BarModels.Keyed(_context, BarImages.Create(30)));
    }

    private static void AssertClose(Weights expected, Weights actual, IEnumerable<string> names)
    {
        foreach (string name in names)
        {
            for (int i = 0; i < expected[name].Count; i++)
            {
                Assert.AreEqual(expected[name].Span[i], actual[name].Span[i], 1e-6f, $"{name}[{i}]");
            }
        }
    }

    private ConvNetTransformer Fit(Network network, Weights? weights)
    {
        ConvNetMulticlassTrainer.Options options = new()
        {
            Network = network,
            InitialWeights = weights,
            Epoch = 1,
            Optimizer = new Sgd { LearningRate = Hardly, Momentum = 0 },
        };
        return _context.MulticlassClassification.Trainers.ConvNet(options).Fit(BarModels.Keyed(_context, BarImages.Create(30)));
    }
}
