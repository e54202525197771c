using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Tests.Rows;
using Microsoft.ML.Data;

namespace Microsoft.ML.ConvNet.Tests.Scoring;

/// <summary>Classes by their names: as predicted labels, beside their scores, and where two maps of keys differ.</summary>
[TestClass]
public sealed class ClassNameTests
{
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void The_predicted_label_is_a_text_where_it_is_asked_for()
    {
        IDataView rows = _context.Data.LoadFromEnumerable(BarImages.Create(60));
        ConvNetMulticlassTrainer.Options options = BarModels.Options();
        options.PredictedLabelAsText = true;
        options.Epoch = 15;
        ConvNetMulticlassTrainer trainer = _context.MulticlassClassification.Trainers.ConvNet(options);
        ConvNetTransformer model = trainer.Fit(rows);
        SchemaShapes.AssertFits(trainer.GetOutputSchema(SchemaShapes.Of(rows.Schema)), model.GetOutputSchema(rows.Schema));
        string[] predicted = [.. model.Transform(rows).GetColumn<string>("PredictedLabel")];
        float[][] scores = [.. model.Transform(rows).GetColumn<float[]>("Score")];
        for (int i = 0; i < predicted.Length; i++)
        {
            IReadOnlyList<ClassScore> ranked = model.Rank(scores[i]);
            Assert.AreEqual(ranked[0].Name, predicted[i]);
            Assert.AreEqual(scores[i].Max(), ranked[0].Score);
            CollectionAssert.AreEquivalent(BarImages.Classes, ranked.Select(pair => pair.Name).ToArray());
            CollectionAssert.AreEqual(scores[i].OrderDescending().Take(2).ToArray(), model.Rank(scores[i], count: 2).Select(pair => pair.Score).ToArray());
        }

        using TemporaryFile file = new();
        _context.Model.Save(model, rows.Schema, file.Name);
        CollectionAssert.AreEqual(predicted, new MLContext(seed: 2).Model.Load(file.Name, out _).Transform(rows).GetColumn<string>("PredictedLabel").ToArray());

        // What scores with the file may say otherwise.
        model.SaveNetwork(file.Name);
        ConvNetTransformer keyed = _context.Transforms.ConvNet(new ConvNetScoringEstimator.Options { ModelFile = file.Name, PredictedLabelAsText = false }).Fit(rows);
        Assert.IsInstanceOfType<KeyDataViewType>(keyed.GetOutputSchema(rows.Schema)["PredictedLabel"].Type);
    }

    [TestMethod]
    public void A_network_that_is_given_tells_its_names_as_texts_too()
    {
        Network network = Network.Input(BarImages.Side, BarImages.Side, 1).Flatten().Dense(2).Softmax();
        using Weights weights = Weights.Initialize(network, seed: 1);
        IDataView rows = _context.Data.LoadFromEnumerable(BarImages.Create(5));
        ConvNetTransformer model = _context.Transforms.ConvNet(new ConvNetScoringEstimator.Options
        {
            Network = network,
            Weights = weights,
            ClassNames = ["cat", "dog"],
            PredictedLabelAsText = true,
        }).Fit(rows);
        Assert.IsTrue(model.Transform(rows).GetColumn<string>("PredictedLabel").All(name => name is "cat" or "dog"));
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => model.Rank([1f])).Message, "each of the 2 names of outputs. Received: 1 scores");
    }

    [TestMethod]
    public void Keys_that_stand_for_other_classes_are_warned_of()
    {
        LogLines log = new(_context);
        ConvNetTransformer model = BarModels.Train(_context);
        BarRow[] rows = BarImages.Create(30);
        _ = model.Transform(BarModels.Keyed(_context, rows));
        Assert.IsFalse(log.Warnings.Any(line => line.Contains("stand for", StringComparison.Ordinal)));
        _ = model.Transform(BarModels.Keyed(_context, rows.Reverse()));
        Assert.IsTrue(log.Warnings.Any(line =>
            line.Contains("\"Label\" stand for slanted, standing, lying, those of \"PredictedLabel\" for lying, standing, slanted", StringComparison.Ordinal)));
    }
}
