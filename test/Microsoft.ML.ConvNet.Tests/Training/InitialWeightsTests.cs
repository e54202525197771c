using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Tests.Rows;
using Microsoft.ML.ConvNet.Training.Optimizers;

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
