using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Tests.Rows;
using Microsoft.ML.Data;

namespace Microsoft.ML.ConvNet.Tests.Tasks;

/// <summary>Whether something is so of an image.</summary>
[TestClass]
public sealed class BinaryTests
{
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void It_is_learnt_evaluated_saved_and_predicted()
    {
        IDataView rows = _context.Data.LoadFromEnumerable(FlagRow.Create(120));
        ConvNetTransformer model = Train(rows);
        Assert.AreEqual(ConvNetTask.Binary, model.Task);
        CollectionAssert.AreEqual(new[] { "false", "true" }, model.ClassNames.ToArray());

        IDataView test = _context.Data.LoadFromEnumerable(FlagRow.Create(200).Skip(120));
        CalibratedBinaryClassificationMetrics metrics = _context.BinaryClassification.Evaluate(model.Transform(test));
        Assert.IsGreaterThan(0.95, metrics.Accuracy);
        Assert.IsGreaterThan(0.97, metrics.AreaUnderRocCurve);

        using TemporaryFile file = new();
        _context.Model.Save(model, rows.Schema, file.Name);
        ITransformer loaded = new MLContext(seed: 2).Model.Load(file.Name, out _);
        FlagRow[] some = FlagRow.Create(40);
        using PredictionEngine<FlagRow, PredictedFlag> engine = _context.Model.CreatePredictionEngine<FlagRow, PredictedFlag>(loaded);
        PredictedFlag[] together = [.. _context.Data.CreateEnumerable<PredictedFlag>(model.Transform(_context.Data.LoadFromEnumerable(some)), reuseRowObject: false)];
        for (int i = 0; i < some.Length; i++)
        {
            PredictedFlag alone = engine.Predict(some[i]);
            Assert.AreEqual(together[i].Score, alone.Score);
            Assert.AreEqual(together[i].Probability, alone.Probability);
            Assert.AreEqual(1 / (1 + Math.Exp(-alone.Score)), alone.Probability, 1e-6);
            Assert.AreEqual(alone.Score > 0, alone.PredictedLabel);
            Assert.AreEqual(alone.Probability > 0.5f, alone.PredictedLabel);
        }
    }

    [TestMethod]
    public void The_columns_are_those_of_a_binary_classification()
    {
        IDataView rows = _context.Data.LoadFromEnumerable(FlagRow.Create(30));
        ConvNetBinaryTrainer trainer = Trainer();
        ConvNetTransformer model = trainer.Fit(rows);
        DataViewSchema schema = model.GetOutputSchema(rows.Schema);
        Assert.AreEqual(NumberDataViewType.Single, schema["Score"].Type);
        Assert.AreEqual(NumberDataViewType.Single, schema["Probability"].Type);
        Assert.AreEqual(BooleanDataViewType.Instance, schema["PredictedLabel"].Type);
        bool isNormalized = false;
        schema["Probability"].Annotations.GetValue("IsNormalized", ref isNormalized);
        Assert.IsTrue(isNormalized);
        foreach (string name in new[] { "Score", "Probability", "PredictedLabel" })
        {
            ReadOnlyMemory<char> kind = default;
            schema[name].Annotations.GetValue("ScoreColumnKind", ref kind);
            Assert.AreEqual("BinaryClassification", kind.ToString());
        }

        SchemaShapes.AssertFits(trainer.GetOutputSchema(SchemaShapes.Of(rows.Schema)), schema);
    }

    [TestMethod]
    public void Rows_may_have_weights_and_classes_may_too()
    {
        FlagRow[] rows = FlagRow.Create(90);
        foreach (FlagRow row in rows.Where(row => row.Label))
        {
            row.Weight = 1e-6f;
        }

        IDataView data = _context.Data.LoadFromEnumerable(rows);
        double Share(Action<ConvNetBinaryTrainer.Options> set) =>
            Train(data, set).Transform(data).GetColumn<bool>("PredictedLabel").Average(flag => flag ? 1.0 : 0.0);
        Assert.AreEqual(0.5, Share(_ => { }), 0.05);
        Assert.AreEqual(0, Share(options => options.ExampleWeightColumnName = "Weight"));
        Assert.AreEqual(1, Share(options => options.ClassWeights = ClassWeighting.ByName(new Dictionary<string, float> { ["false"] = 1e-6f })));
        Assert.ThrowsExactly<ArgumentException>(
            () => Share(options => options.ClassWeights = ClassWeighting.ByName(new Dictionary<string, float> { ["yes"] = 2 })));
    }

    [TestMethod]
    public void Labels_and_networks_that_will_not_do_are_refused_before_a_row_is_read()
    {
        UnreadableDataView keyed = new(BarModels.Keyed(_context, BarImages.Create(3)).Schema);
        ErrorText.Is<ArgumentOutOfRangeException>(() => Trainer().Fit(keyed), "\"Label\" is a column of Boolean", "Received: Key<UInt32");
        ErrorText.Is<ArgumentOutOfRangeException>(
            () => Trainer().GetOutputSchema(SchemaShapes.Of(keyed.Schema)), "\"Label\" is a column of Boolean", "Received: Key<UInt32>", "ConvertType");
        UnreadableDataView rows = new(_context.Data.LoadFromEnumerable(FlagRow.Create(3)).Schema);
        ErrorText.Is<ArgumentOutOfRangeException>(
            () => Trainer(options => options.NetworkBuilder = (input, _) => input.Flatten().Dense(1)).Fit(rows),
            "two outputs",
            "Received: 1 outputs",
            "Dense(2).Softmax()");
        ErrorText.Is<ArgumentException>(() => Trainer(options => options.ProbabilityColumnName = "Score"), "\"Score\" for both");
    }

    [TestMethod]
    public void A_network_from_elsewhere_may_have_one_output()
    {
        Network logit = Network.Input(BarImages.Side, BarImages.Side, 1).Flatten().Dense(1, name: "last");
        Network sigmoid = Network.Input(BarImages.Side, BarImages.Side, 1).Flatten().Dense(1, name: "last").Sigmoid();
        using Weights ofLogit = Weights.Initialize(logit, seed: 3);
        using Weights ofSigmoid = ofLogit.CopyFor(sigmoid);
        FlagRow[] rows = FlagRow.Create(20);
        foreach (FlagRow row in rows)
        {
            row.Features = [.. row.Features!.Select(pixel => pixel / 255)];
        }

        IDataView data = _context.Data.LoadFromEnumerable(rows);
        float[] matrix = ofLogit["last.weight"].ToArray();
        PredictedFlag[][] both = [Score(logit, ofLogit), Score(sigmoid, ofSigmoid)];
        for (int i = 0; i < rows.Length; i++)
        {
            double expected = rows[i].Features!.Select((pixel, place) => (double)pixel * matrix[place]).Sum();
            foreach (PredictedFlag[] scored in both)
            {
                Assert.AreEqual(expected, scored[i].Score, 1e-4);
                Assert.AreEqual(1 / (1 + Math.Exp(-expected)), scored[i].Probability, 1e-5);
                Assert.AreEqual(expected > 0, scored[i].PredictedLabel);
            }
        }

        PredictedFlag[] Score(Network network, Weights weights)
        {
            ConvNetTransformer model = _context.Transforms.ConvNet(new ConvNetScoringEstimator.Options
            {
                Network = network,
                Weights = weights,
                Task = ConvNetTask.Binary,
            }).Fit(data);
            using TemporaryFile file = new();
            model.SaveNetwork(file.Name);
            ConvNetTransformer loaded = _context.Transforms.ConvNet("Score", "Features", file.Name).Fit(data);
            CollectionAssert.AreEqual(model.Transform(data).GetColumn<float>("Score").ToArray(), loaded.Transform(data).GetColumn<float>("Score").ToArray());
            return [.. _context.Data.CreateEnumerable<PredictedFlag>(model.Transform(data), reuseRowObject: false)];
        }
    }

    [TestMethod]
    public void Probabilities_that_are_all_or_nothing_have_a_score_that_is_a_number()
    {
        Network network = Network.Input(BarImages.Side, BarImages.Side, 1).Flatten().Dense(2, name: "last").Softmax();
        using Weights weights = new(network);
        weights["last.weight"].Span.Clear();
        weights["last.bias"].Span[1] = 500;
        IDataView data = _context.Data.LoadFromEnumerable(FlagRow.Create(2));
        ConvNetTransformer model = _context.Transforms.ConvNet(
            new ConvNetScoringEstimator.Options { Network = network, Weights = weights, Task = ConvNetTask.Binary }).Fit(data);
        Assert.IsTrue(model.Transform(data).GetColumn<float>("Score").All(score => score is > 80 and < 200));
    }

    private ConvNetBinaryTrainer Trainer(Action<ConvNetBinaryTrainer.Options>? set = null)
    {
        ConvNetBinaryTrainer.Options options = new() { NetworkBuilder = BarModels.Network, Epoch = 8, BatchSize = 16, LearningRate = 0.01f };
        set?.Invoke(options);
        return _context.BinaryClassification.Trainers.ConvNet(options);
    }

    private ConvNetTransformer Train(IDataView rows, Action<ConvNetBinaryTrainer.Options>? set = null) => Trainer(set).Fit(rows);
}
