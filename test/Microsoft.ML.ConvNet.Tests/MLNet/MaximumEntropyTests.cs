using Microsoft.ML.Data;
using Microsoft.ML.Trainers;

namespace Microsoft.ML.ConvNet.Tests.MLNet;

[TestClass]
public sealed class MaximumEntropyTests
{
    private static readonly string[] Names = ["left", "right", "top"];

    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void It_learns_a_separable_set_and_gives_probabilities()
    {
        IDataView data = Data(300);
        IDataView scored = Pipeline().Fit(data).Transform(data);
        MulticlassClassificationMetrics metrics = _context.MulticlassClassification.Evaluate(scored);
        Assert.AreEqual(1, metrics.MicroAccuracy, 1e-12);
        Assert.IsLessThan(0.2, metrics.LogLoss);
        foreach (float[] score in scored.GetColumn<float[]>("Score"))
        {
            Assert.AreEqual(1, score.Sum(), 1e-5);
            Assert.IsTrue(Array.TrueForAll(score, p => p is >= 0 and <= 1));
        }
    }

    [TestMethod]
    public void Without_penalties_the_gradient_at_the_optimum_is_zero()
    {
        // One constant feature of 0 and labels 3 : 1: only the biases count, and the probabilities become the frequencies.
        var rows = new[] { "a", "a", "a", "b" }.Select(name => new PointRow { Name = name });
        IDataView data = _context.Data.LoadFromEnumerable(rows);
        var pipeline = _context.Transforms.Conversion.MapValueToKey("Label", "Name").Append(Trainer(l1: 0, l2: 0));
        float[] score = pipeline.Fit(data).Transform(data).GetColumn<float[]>("Score").First();
        Assert.AreEqual(0.75, score[0], 1e-3);
        Assert.AreEqual(0.25, score[1], 1e-3);
    }

    [TestMethod]
    public void Example_weights_count_as_repetitions()
    {
        var rows = new[] { ("a", 3f), ("b", 1f) }.Select(row => new PointRow { Name = row.Item1, Weight = row.Item2 });
        IDataView data = _context.Data.LoadFromEnumerable(rows);
        var pipeline = _context.Transforms.Conversion.MapValueToKey("Label", "Name").Append(Trainer(l1: 0, l2: 0, weights: "Weight"));
        float[] score = pipeline.Fit(data).Transform(data).GetColumn<float[]>("Score").First();
        Assert.AreEqual(0.75, score[0], 1e-3);
    }

    [TestMethod]
    public void A_strong_L1_penalty_takes_features_out()
    {
        IDataView data = Data(300);
        Assert.IsTrue(WeightsOf(data, Trainer(l1: 10_000, l2: 0)).All(weight => weight == 0));
        Assert.IsTrue(WeightsOf(data, Trainer(l1: 0.1f, l2: 0)).Any(weight => weight != 0));
    }

    [TestMethod]
    public void An_L2_penalty_makes_weights_smaller()
    {
        IDataView data = Data(300);
        double Length(float l2) => WeightsOf(data, Trainer(l1: 0, l2: l2)).Sum(weight => weight * weight);
        Assert.IsLessThan(Length(1), Length(100));
    }

    [TestMethod]
    [DataRow(0f)]
    [DataRow(1f)]
    public void Weights_are_not_negative_when_that_is_enforced(float l1)
    {
        IDataView data = Data(300);
        float[] weights = WeightsOf(data, Trainer(l1: l1, l2: 1, nonNegative: true));
        Assert.IsTrue(Array.TrueForAll(weights, weight => weight >= 0));
        Assert.IsTrue(Array.Exists(weights, weight => weight > 0));
    }

    [TestMethod]
    public void The_output_knows_the_names_of_the_classes()
    {
        IDataView data = Data(30);
        DataViewSchema schema = Pipeline().Fit(data).GetOutputSchema(data.Schema);
        CheckAnnotations(schema);
        string[] order = [.. schema.Select(column => column.Name)];
        Assert.IsLessThan(Array.IndexOf(order, "Score"), Array.IndexOf(order, "PredictedLabel"));
    }

    [TestMethod]
    public void A_reloaded_model_scores_the_same_and_knows_the_names()
    {
        using var folder = new TestFolder();
        IDataView data = Data(60);
        TransformerChain<MulticlassPredictionTransformer<MaximumEntropyModelParameters>> model = Pipeline().Fit(data);
        string file = Path.Combine(folder.Path, "model.zip");
        _context.Model.Save(model, data.Schema, file);
        ITransformer loaded = new MLContext().Model.Load(file, out DataViewSchema inputSchema);
        CheckAnnotations(loaded.GetOutputSchema(inputSchema));
        float[][] before = [.. model.Transform(data).GetColumn<float[]>("Score")];
        float[][] after = [.. loaded.Transform(data).GetColumn<float[]>("Score")];
        Assert.HasCount(before.Length, after);
        for (int i = 0; i < before.Length; i++)
        {
            CollectionAssert.AreEqual(before[i], after[i]);
        }
    }

    [TestMethod]
    public void The_transformer_tells_its_feature_column_and_model()
    {
        IDataView data = Data(30);
        IDataView keyed = _context.Transforms.Conversion.MapValueToKey("Label", "Name").Fit(data).Transform(data);
        MulticlassPredictionTransformer<MaximumEntropyModelParameters> transformer = Trainer().Fit(keyed);
        Assert.AreEqual("Features", transformer.FeatureColumnName);
        Assert.AreEqual(new VectorDataViewType(NumberDataViewType.Single, 2), transformer.FeatureColumnType);
        Assert.HasCount(3, transformer.Model.GetBiases().ToArray());
        Assert.IsInstanceOfType<ISingleFeaturePredictionTransformer<object>>(transformer);
        Assert.IsInstanceOfType<IPredictionTransformer<MaximumEntropyModelParameters>>(transformer);
    }

    [TestMethod]
    public void A_prediction_engine_gives_the_name_of_the_class()
    {
        IDataView data = Data(300);
        var pipeline = Pipeline().Append(_context.Transforms.Conversion.MapKeyToValue("PredictedName", "PredictedLabel"));
        using PredictionEngine<PointRow, Prediction> engine =
            _context.Model.CreatePredictionEngine<PointRow, Prediction>(pipeline.Fit(data));
        Assert.AreEqual("left", engine.Predict(new PointRow { Features = [-5, 0] }).PredictedName);
        Assert.AreEqual("right", engine.Predict(new PointRow { Features = [5, 0] }).PredictedName);
        Assert.AreEqual("top", engine.Predict(new PointRow { Features = [0, 6] }).PredictedName);
    }

    [TestMethod]
    public void Cross_validation_trains_and_evaluates_once_a_fold()
    {
        IDataView data = Data(150);
        IDataView keyed = _context.Transforms.Conversion.MapValueToKey("Label", "Name").Fit(data).Transform(data);
        IReadOnlyList<TrainCatalogBase.CrossValidationResult<MulticlassClassificationMetrics>> folds =
            _context.MulticlassClassification.CrossValidate(keyed, Trainer(), numberOfFolds: 3);
        CollectionAssert.AreEqual(new[] { 0, 1, 2 }, folds.Select(fold => fold.Fold).ToArray());
        Assert.AreEqual(150, folds.Sum(fold => fold.ScoredHoldOutSet.GetColumn<float[]>("Score").Count()));
        foreach (TrainCatalogBase.CrossValidationResult<MulticlassClassificationMetrics> fold in folds)
        {
            Assert.IsGreaterThan(0.9, fold.Metrics.MicroAccuracy);
            Assert.IsNotNull(fold.Model);
        }
    }

    [TestMethod]
    public void Cross_validation_needs_two_folds()
    {
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => _context.MulticlassClassification.CrossValidate(Data(30), Pipeline(), numberOfFolds: 1));
    }

    [TestMethod]
    public void Columns_are_checked_before_training()
    {
        IDataView data = Data(30);
        ArgumentOutOfRangeException label = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Trainer().Fit(data));
        Assert.Contains("Could not find label column 'Label'", label.Message);
        IDataView keyed = _context.Transforms.Conversion.MapValueToKey("Label", "Name").Fit(data).Transform(data);
        ArgumentOutOfRangeException feature = Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => _context.MulticlassClassification.Trainers.LbfgsMaximumEntropy(featureColumnName: "Weight").Fit(keyed));
        Assert.Contains("feature column 'Weight': expected Vector<Single>, got Single", feature.Message);
        ArgumentOutOfRangeException type = Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => _context.MulticlassClassification.Trainers.LbfgsMaximumEntropy("Weight").Fit(keyed));
        Assert.Contains("label column 'Weight': expected Key<UInt32>, got Single", type.Message);
    }

    [TestMethod]
    public void Options_out_of_range_are_argument_errors()
    {
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Trainer(l1: -1));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Trainer(l2: -1));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => _context.MulticlassClassification.Trainers.LbfgsMaximumEntropy(optimizationTolerance: 0));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => _context.MulticlassClassification.Trainers.LbfgsMaximumEntropy(historySize: 0));
    }

    [TestMethod]
    public void Rows_with_missing_features_are_left_out_and_no_rows_are_an_error()
    {
        PointRow[] bad = [new() { Name = "a", Features = [float.NaN, 0] }, new() { Name = "b", Features = [0, float.NaN] }];
        IDataView data = _context.Data.LoadFromEnumerable(bad);
        Assert.ThrowsExactly<InvalidOperationException>(() => Pipeline().Fit(data));
    }

    private static void CheckAnnotations(DataViewSchema schema)
    {
        DataViewSchema.Column score = schema["Score"];
        Assert.AreEqual(new VectorDataViewType(NumberDataViewType.Single, 3), score.Type);
        VBuffer<ReadOnlyMemory<char>> names = default;
        score.GetSlotNames(ref names);
        CollectionAssert.AreEqual(Names, names.DenseValues().Select(name => name.ToString()).ToArray());
        score.Annotations.GetValue("TrainingLabelValues", ref names);
        CollectionAssert.AreEqual(Names, names.DenseValues().Select(name => name.ToString()).ToArray());
        ReadOnlyMemory<char> kind = default;
        score.Annotations.GetValue("ScoreColumnKind", ref kind);
        Assert.AreEqual("MulticlassClassification", kind.ToString());
        score.Annotations.GetValue("ScoreValueKind", ref kind);
        Assert.AreEqual("Score", kind.ToString());
        uint set = 0;
        score.Annotations.GetValue("ScoreColumnSetId", ref set);
        Assert.AreEqual(1u, set);
        DataViewSchema.Column predicted = schema["PredictedLabel"];
        Assert.AreEqual(new KeyDataViewType(typeof(uint), 3), predicted.Type);
        predicted.GetKeyValues(ref names);
        CollectionAssert.AreEqual(Names, names.DenseValues().Select(name => name.ToString()).ToArray());
        predicted.Annotations.GetValue("ScoreColumnKind", ref kind);
        Assert.AreEqual("MulticlassClassification", kind.ToString());
        predicted.Annotations.GetValue("ScoreValueKind", ref kind);
        Assert.AreEqual("PredictedLabel", kind.ToString());
    }

    private LbfgsMaximumEntropyMulticlassTrainer Trainer(float l1 = 1, float l2 = 1, bool nonNegative = false, string? weights = null) =>
        _context.MulticlassClassification.Trainers.LbfgsMaximumEntropy(
            l1Regularization: l1, l2Regularization: l2, enforceNonNegativity: nonNegative, exampleWeightColumnName: weights);

    private EstimatorChain<MulticlassPredictionTransformer<MaximumEntropyModelParameters>> Pipeline() =>
        _context.Transforms.Conversion.MapValueToKey("Label", "Name").Append(Trainer());

    private float[] WeightsOf(IDataView data, LbfgsMaximumEntropyMulticlassTrainer trainer)
    {
        IDataView keyed = _context.Transforms.Conversion.MapValueToKey("Label", "Name").Fit(data).Transform(data);
        VBuffer<float>[] weights = null!;
        trainer.Fit(keyed).Model.GetWeights(ref weights, out int classes);
        return [.. weights.Take(classes).SelectMany(w => w.DenseValues())];
    }

    /// <summary>Points around (-5, 0), (5, 0) and (0, 6), at most 1 away.</summary>
    private IDataView Data(int count)
    {
        var random = new Random(7);
        float Noise() => random.NextSingle() * 2 - 1;
        (float X, float Y)[] centers = [(-5, 0), (5, 0), (0, 6)];
        PointRow[] rows =
        [
            .. Enumerable.Range(0, count).Select(i => new PointRow
            {
                Name = Names[i % 3],
                Features = [centers[i % 3].X + Noise(), centers[i % 3].Y + Noise()],
            }),
        ];
        return _context.Data.LoadFromEnumerable(rows);
    }

    private sealed class PointRow
    {
        [VectorType(2)]
        public float[] Features { get; set; } = new float[2];

        public string Name { get; set; } = "left";

        public float Weight { get; set; } = 1;
    }

    private sealed class Prediction
    {
        public string PredictedName { get; set; } = "";
    }
}
