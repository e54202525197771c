using Microsoft.ML.Data;

namespace Microsoft.ML.ConvNet.Tests.MLNet;

[TestClass]
public sealed class MetricsMulticlassTests
{
    private static readonly double Ln2 = Math.Log(2);

    // True class, scores; the probability of the truth; its rank among the scores.
    private static readonly ScoredRow[] Rows =
    [
        new(0, [0.5f, 0.25f, 0.25f]), //      1/2, first
        new(1, [0.25f, 0.5f, 0.25f]), //      1/2, first
        new(2, [0.5f, 0.25f, 0.25f]), //      1/4, third: of equal scores the first counts as higher
        new(0, [0.125f, 0.125f, 0.75f]), //   1/8, second
    ];

    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void Accuracies_count_the_class_with_the_highest_score()
    {
        MulticlassClassificationMetrics metrics = Evaluate(Rows);

        // 2 of 4 rows; by class 1 of 2, 1 of 1 and 0 of 1.
        Assert.AreEqual(0.5, metrics.MicroAccuracy, 1e-12);
        Assert.AreEqual((0.5 + 1 + 0) / 3, metrics.MacroAccuracy, 1e-12);
    }

    [TestMethod]
    public void LogLoss_is_the_mean_of_minus_log_probability()
    {
        MulticlassClassificationMetrics metrics = Evaluate(Rows);

        // (ln 2 + ln 2 + ln 4 + ln 8) / 4 = 7/4 ln 2; by class (1 + 3) / 2, 1 and 2 times ln 2.
        Assert.AreEqual(1.75 * Ln2, metrics.LogLoss, 1e-7);
        Assert.AreEqual(2 * Ln2, metrics.PerClassLogLoss[0], 1e-7);
        Assert.AreEqual(1 * Ln2, metrics.PerClassLogLoss[1], 1e-7);
        Assert.AreEqual(2 * Ln2, metrics.PerClassLogLoss[2], 1e-7);

        // The entropy of the labels 1/2, 1/4, 1/4 is 1.5 ln 2: (1.5 - 1.75) / 1.5.
        Assert.AreEqual(-1.0 / 6, metrics.LogLossReduction, 1e-7);
    }

    [TestMethod]
    public void Top_k_counts_ranks_up_to_k()
    {
        MulticlassClassificationMetrics metrics = Evaluate(Rows, topK: 3);
        Assert.AreEqual(3, metrics.TopKPredictionCount);
        Assert.AreEqual(0.5, metrics.TopKAccuracyForAllK[0], 1e-12);
        Assert.AreEqual(0.75, metrics.TopKAccuracyForAllK[1], 1e-12);
        Assert.AreEqual(1, metrics.TopKAccuracyForAllK[2], 1e-12);
        Assert.AreEqual(1, metrics.TopKAccuracy, 1e-12);
    }

    [TestMethod]
    public void Without_top_k_there_is_no_top_k_accuracy()
    {
        MulticlassClassificationMetrics metrics = Evaluate(Rows);
        Assert.AreEqual(0, metrics.TopKPredictionCount);
        Assert.AreEqual(0, metrics.TopKAccuracy);
        Assert.IsNull(metrics.TopKAccuracyForAllK);
    }

    [TestMethod]
    public void The_confusion_matrix_has_truths_as_rows()
    {
        ConfusionMatrix confusion = Evaluate(Rows).ConfusionMatrix;
        Assert.AreEqual(3, confusion.NumberOfClasses);
        CollectionAssert.AreEqual(new double[] { 1, 0, 1 }, confusion.Counts[0].ToArray());
        CollectionAssert.AreEqual(new double[] { 0, 1, 0 }, confusion.Counts[1].ToArray());
        CollectionAssert.AreEqual(new double[] { 1, 0, 0 }, confusion.Counts[2].ToArray());
        CollectionAssert.AreEqual(new[] { 0.5, 1, 0 }, confusion.PerClassPrecision.ToArray());
        CollectionAssert.AreEqual(new[] { 0.5, 1, 0 }, confusion.PerClassRecall.ToArray());
        Assert.AreEqual(1, confusion.GetCountForClassPair(predictedClassIndicatorIndex: 2, actualClassIndicatorIndex: 0));
        Assert.AreEqual(0, confusion.GetCountForClassPair(predictedClassIndicatorIndex: 1, actualClassIndicatorIndex: 0));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => confusion.GetCountForClassPair(3, 0));
    }

    [TestMethod]
    public void The_confusion_table_is_printed_in_the_known_form()
    {
        string[] expected =
        [
            "",
            "Confusion table",
            "          ||========================",
            "PREDICTED ||     0 |     1 |     2 | Recall",
            "TRUTH     ||========================",
            "        0 ||     1 |     0 |     1 | 0.5000",
            "        1 ||     0 |     1 |     0 | 1.0000",
            "        2 ||     1 |     0 |     0 | 0.0000",
            "          ||========================",
            "Precision ||0.5000 |1.0000 |0.0000 |",
            "",
        ];
        Assert.AreEqual(string.Join(Environment.NewLine, expected), Evaluate(Rows).ConfusionMatrix.GetFormattedConfusionTable());
    }

    [TestMethod]
    public void Long_class_names_are_numbered_in_the_confusion_table()
    {
        ConfusionMatrix confusion = EvaluateNamed("short", "chrysanthemum", "rose");

        // The first column is as wide as "1. chrysanthemum".
        string[] expected =
        [
            "",
            "Confusion table",
            "                 ||========================",
            "PREDICTED        ||     0 |     1 |     2 | Recall",
            "TRUTH            ||========================",
            "0.         short ||     1 |     0 |     0 | 1.0000",
            "1. chrysanthemum ||     0 |     1 |     0 | 1.0000",
            "2.          rose ||     0 |     0 |     1 | 1.0000",
            "                 ||========================",
            "Precision        ||1.0000 |1.0000 |1.0000 |",
            "",
        ];
        Assert.AreEqual(string.Join(Environment.NewLine, expected), confusion.GetFormattedConfusionTable());
    }

    [TestMethod]
    public void Two_classes_have_wider_columns()
    {
        string[] lines = EvaluateNamed("cat", "dog").GetFormattedConfusionTable().Split(Environment.NewLine);
        Assert.AreEqual("          ||======================", lines[2]);
        Assert.AreEqual("PREDICTED ||      cat |      dog | Recall", lines[3]);
        Assert.AreEqual("      cat ||        1 |        0 | 1.0000", lines[5]);
        Assert.AreEqual("Precision ||   1.0000 |   1.0000 |", lines[8]);
    }

    [TestMethod]
    public void A_probability_of_zero_counts_as_1e_15()
    {
        MulticlassClassificationMetrics metrics = Evaluate([new(1, [1, 0, 0])]);
        Assert.AreEqual(-Math.Log(1e-15f), metrics.LogLoss, 1e-6);
    }

    [TestMethod]
    public void Rows_without_label_or_with_a_score_that_is_not_finite_do_not_count()
    {
        ScoredRow[] rows =
        [
            .. Rows,
            new(float.NaN, [1, 0, 0]),
            new(-1, [1, 0, 0]),
            new(0.5f, [1, 0, 0]),
            new(1, [float.NaN, 0, 0]),
            new(1, [float.PositiveInfinity, 0, 0]),
        ];
        MulticlassClassificationMetrics metrics = Evaluate(rows);
        Assert.AreEqual(0.5, metrics.MicroAccuracy, 1e-12);
        Assert.AreEqual(1.75 * Ln2, metrics.LogLoss, 1e-7);
    }

    [TestMethod]
    public void A_label_beyond_the_scores_counts_as_wrong()
    {
        MulticlassClassificationMetrics metrics = Evaluate([new(0, [1, 0, 0]), new(7, [1, 0, 0])]);
        Assert.AreEqual(0.5, metrics.MicroAccuracy, 1e-12);
        Assert.AreEqual(1, metrics.MacroAccuracy, 1e-12);
        Assert.AreEqual(-Math.Log(1e-15f) / 2, metrics.LogLoss, 1e-6);
    }

    [TestMethod]
    public void A_key_label_counts_from_one()
    {
        IDataView data = _context.Data.LoadFromEnumerable(Rows);
        data = _context.Transforms.Conversion.MapValueToKey("Key", "Label").Fit(data).Transform(data);
        Assert.AreEqual(0.5, _context.MulticlassClassification.Evaluate(data, "Key").MicroAccuracy, 1e-12);
    }

    [TestMethod]
    public void Missing_columns_and_wrong_types_are_named()
    {
        IDataView data = _context.Data.LoadFromEnumerable(Rows);
        MulticlassClassificationCatalog catalog = _context.MulticlassClassification;
        Assert.Contains("Nowhere", Refused(() => catalog.Evaluate(data, "Nowhere")));
        Assert.Contains("Nowhere", Refused(() => catalog.Evaluate(data, "Label", "Nowhere")));
        Assert.Contains("Nowhere", Refused(() => catalog.Evaluate(data, predictedLabelColumnName: "Nowhere")));
        Assert.Contains("label column 'Score': expected Single or Key", Refused(() => catalog.Evaluate(data, "Score")));
        Assert.Contains(
            "expected vector of two or more items of type Single, got Single", Refused(() => catalog.Evaluate(data, "Label", "Label")));
        Assert.Contains("Must be non-negative", Refused(() => catalog.Evaluate(data, topKPredictionCount: -1)));
    }

    private static string Refused(Action evaluate) => Assert.ThrowsExactly<ArgumentOutOfRangeException>(evaluate).Message;

    private MulticlassClassificationMetrics Evaluate(ScoredRow[] rows, int topK = 0) =>
        _context.MulticlassClassification.Evaluate(_context.Data.LoadFromEnumerable(rows), topKPredictionCount: topK);

    /// <summary>The confusion matrix of as many rows as names, each predicted right, with the names on the scores.</summary>
    private ConfusionMatrix EvaluateNamed(params string[] names)
    {
        var schema = SchemaDefinition.Create(typeof(ScoredRow));
        schema["Score"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, names.Length);
        schema["Score"].AddAnnotation(
            "SlotNames",
            new VBuffer<ReadOnlyMemory<char>>(names.Length, Array.ConvertAll(names, name => name.AsMemory())),
            new VectorDataViewType(TextDataViewType.Instance, names.Length));
        IEnumerable<ScoredRow> rows = names.Select((_, c) => new ScoredRow(c, [.. names.Select((_, i) => i == c ? 1f : 0f)]));
        return _context.MulticlassClassification.Evaluate(_context.Data.LoadFromEnumerable(rows, schema)).ConfusionMatrix;
    }

    private sealed class ScoredRow(float label, float[] score)
    {
        public float Label { get; set; } = label;

        [VectorType(3)]
        public float[] Score { get; set; } = score;

        public float PredictedLabel { get; set; }
    }
}
