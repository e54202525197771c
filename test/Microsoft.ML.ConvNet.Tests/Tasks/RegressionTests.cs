using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Tests.Rows;
using Microsoft.ML.ConvNet.Training;
using Microsoft.ML.ConvNet.Training.Losses;
using Microsoft.ML.Data;

namespace Microsoft.ML.ConvNet.Tests.Tasks;

/// <summary>A number of an image, or several.</summary>
[TestClass]
public sealed class RegressionTests
{
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void A_number_is_learnt_in_its_own_unit_evaluated_saved_and_predicted()
    {
        IDataView rows = _context.Data.LoadFromEnumerable(HeightRow.Create(160));
        ConvNetTransformer model = Trainer().Fit(rows);
        Assert.AreEqual(ConvNetTask.Regression, model.Task);
        Assert.IsNull(model.PredictedLabelColumnName);
        RegressionMetrics metrics = _context.Regression.Evaluate(model.Transform(rows));
        Assert.IsGreaterThan(0.99, metrics.RSquared, $"of numbers between 1000 and 1350 the error is {metrics.RootMeanSquaredError}");

        using TemporaryFile file = new();
        _context.Model.Save(model, rows.Schema, file.Name);
        ITransformer loaded = new MLContext(seed: 2).Model.Load(file.Name, out _);
        using PredictionEngine<HeightRow, PredictedHeight> engine = _context.Model.CreatePredictionEngine<HeightRow, PredictedHeight>(loaded);
        float[] together = [.. model.Transform(rows).GetColumn<float>("Score")];
        HeightRow[] some = HeightRow.Create(20);
        for (int i = 0; i < some.Length; i++)
        {
            Assert.AreEqual(together[i], engine.Predict(some[i]).Score);
        }
    }

    [TestMethod]
    public void Several_numbers_are_a_vector_with_the_names_of_the_label()
    {
        IDataView rows = _context.Data.LoadFromEnumerable(HeightRow.Create(160));
        rows = _context.Transforms.Concatenate("Both", "Label", "Same", "Thousandths").Fit(rows).Transform(rows);
        ConvNetRegressionTrainer trainer = Trainer(options => options.LabelColumnName = "Both");
        ConvNetTransformer model = trainer.Fit(rows);
        DataViewSchema schema = model.GetOutputSchema(rows.Schema);
        Assert.AreEqual(new VectorDataViewType(NumberDataViewType.Single, 3), schema["Score"].Type);
        VBuffer<ReadOnlyMemory<char>> names = default;
        schema["Score"].GetSlotNames(ref names);
        CollectionAssert.AreEqual(new[] { "Label", "Same", "Thousandths" }, names.DenseValues().Select(name => name.ToString()).ToArray());
        SchemaShapes.AssertFits(trainer.GetOutputSchema(SchemaShapes.Of(rows.Schema)), schema);
        float[][] scores = [.. model.Transform(rows).GetColumn<float[]>("Score")];
        float[][] labels = [.. rows.GetColumn<float[]>("Both")];
        for (int i = 0; i < scores.Length; i++)
        {
            Assert.AreEqual(labels[i][0], scores[i][0], 40);
            Assert.AreEqual(labels[i][1], scores[i][1], 40);
            Assert.AreEqual(labels[i][2], scores[i][2], 8e-4, "thousandths are learnt as well as hundreds");
        }
    }

    [TestMethod]
    public void An_architecture_ends_without_its_softmax()
    {
        ConvNetTransformer model = Trainer(options =>
        {
            options.NetworkBuilder = null;
            options.Architecture = "conv3-6 relu pool2 fc";
        }).Fit(_context.Data.LoadFromEnumerable(HeightRow.Create(40)));
        Assert.IsInstanceOfType<Layers.Dense>(model.Network.Nodes[^1].Layer);
        Assert.AreEqual(1, model.Network.OutputShape.ElementCount);
    }

    [TestMethod]
    public void Rows_without_a_number_are_left_out_and_others_are_refused_with_their_row()
    {
        HeightRow[] rows = HeightRow.Create(40);
        HeightRow[] some = [.. rows.Where((_, i) => i % 7 != 3)];
        foreach (HeightRow row in rows.Where((_, i) => i % 7 == 3))
        {
            row.Label = float.NaN;
        }

        CollectionAssert.AreEqual(
            BarModels.WeightBits(Trainer().Fit(_context.Data.LoadFromEnumerable(some))),
            BarModels.WeightBits(Trainer().Fit(_context.Data.LoadFromEnumerable(rows))));
        rows[20].Label = float.PositiveInfinity;
        ErrorText.Is<InvalidDataException>(
            () => Trainer().Fit(_context.Data.LoadFromEnumerable(rows)), "\"Label\", row 20", "a finite number", "Received: Infinity");
    }

    [TestMethod]
    public void Validation_rows_early_stopping_and_another_loss_work_as_for_classes()
    {
        List<TrainingProgress> epochs = [];
        ConvNetTransformer model = Trainer(options =>
        {
            options.Epoch = 200;
            options.ValidationSetFraction = 0.25f;
            options.EarlyStoppingPatience = 5;
            options.Loss = new HuberLoss();
            options.MetricsCallback = progress =>
            {
                if (progress.CompletedEpoch is not null)
                {
                    epochs.Add(progress);
                }
            };
        }).Fit(_context.Data.LoadFromEnumerable(HeightRow.Create(80)));
        Assert.IsLessThan(200, model.TrainingReport.Count);
        Assert.IsNotNull(model.TrainingReport[^1].ValidationLoss);
        Assert.IsNull(model.TrainingReport[^1].ValidationAccuracy);
        Assert.HasCount(model.TrainingReport.Count, epochs);
    }

    [TestMethod]
    public void What_is_learnt_before_an_end_by_an_exception_is_in_the_unit_of_the_labels()
    {
        IDataView rows = _context.Data.LoadFromEnumerable(HeightRow.Create(160));
        InvalidTimeZoneException exception = Assert.ThrowsExactly<InvalidTimeZoneException>(() => Trainer(options => options.MetricsCallback = progress =>
        {
            if (progress.CompletedEpoch?.Epoch == 25)
            {
                throw new InvalidTimeZoneException();
            }
        }).Fit(rows));
        float[] scores = [.. ConvNetTransformer.FromFailure(exception)!.Transform(rows).GetColumn<float>("Score")];
        Assert.AreEqual(1175, scores.Average(), 60);
    }

    [TestMethod]
    public void Labels_and_networks_that_will_not_do_are_refused_before_a_row_is_read()
    {
        UnreadableDataView texts = new(_context.Data.LoadFromEnumerable(BarImages.Create(3)).Schema);
        ErrorText.Is<ArgumentOutOfRangeException>(() => Trainer().Fit(texts), "holds numbers of Single", "Received: String", "ConvertType");
        UnreadableDataView rows = new(_context.Data.LoadFromEnumerable(HeightRow.Create(3)).Schema);
        ErrorText.Is<ArgumentOutOfRangeException>(
            () => Trainer(options => options.NetworkBuilder = (input, _) => input.Flatten().Dense(3)).Fit(rows), "1 output for", "Received: 3 outputs");
        ErrorText.Is<ArgumentException>(
            () => Trainer(options => options.NetworkBuilder = (input, outputs) => input.Flatten().Dense(outputs).Softmax()).Fit(rows), "softmax");
    }

    [TestMethod]
    public void A_network_from_elsewhere_predicts_numbers_and_is_stored_with_their_names()
    {
        Network network = Network.Input(BarImages.Side, BarImages.Side, 1).Flatten().Dense(2, name: "last");
        using Weights weights = Weights.Initialize(network, seed: 3);
        IDataView data = _context.Data.LoadFromEnumerable(HeightRow.Create(9));
        ConvNetTransformer model = _context.Transforms.ConvNet(new ConvNetScoringEstimator.Options
        {
            Network = network,
            Weights = weights,
            Task = ConvNetTask.Regression,
            ClassNames = ["left", "top"],
        }).Fit(data);
        using TemporaryFile file = new();
        model.SaveNetwork(file.Name);
        ConvNetTransformer loaded = _context.Transforms.ConvNet("Box", "Features", file.Name).Fit(data);
        CollectionAssert.AreEqual(new[] { "left", "top" }, loaded.ClassNames.ToArray());
        CollectionAssert.AreEqual(BarModels.ScoreBits(model.Transform(data)), BarModels.ScoreBits(loaded.Transform(data), "Box"));
    }

    private ConvNetRegressionTrainer Trainer(Action<ConvNetRegressionTrainer.Options>? set = null)
    {
        ConvNetRegressionTrainer.Options options = new()
        {
            NetworkBuilder = (input, outputs) => input.Conv(6, 3).Relu().Flatten().Dense(outputs),
            Epoch = 40,
            BatchSize = 16,
            LearningRate = 0.01f,
            Seed = 1,
        };
        set?.Invoke(options);
        return _context.Regression.Trainers.ConvNet(options);
    }
}
