using Microsoft.ML.ConvNet.Tests.Rows;
using Microsoft.ML.Data;

namespace Microsoft.ML.ConvNet.Tests.Training;

/// <summary>What rows, and the rows of a class, count in a training.</summary>
[TestClass]
public sealed class WeightedRowsTests
{
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void A_row_of_twice_the_weight_trains_as_if_it_were_there_twice()
    {
        BarRow[] rows = BarImages.Create(30);
        float[] expected = Train(Weighted(rows.SelectMany((row, i) => Enumerable.Repeat(row, i % 4 == 0 ? 2 : 1)), _ => 7), weights: true);
        float[] received = Train(Weighted(rows, i => i % 4 == 0 ? 2 : 1), weights: true);
        AssertClose(expected, received);
        AssertClose(Train(Weighted(rows, _ => 3), weights: true), Train(Weighted(rows, i => i % 4 == 0 ? 2 : 1), weights: false));
    }

    [TestMethod]
    public void Classes_are_balanced_by_their_rows_or_weighted_by_name()
    {
        // 20, 10 and 5 rows: 35 / (3 x 20), 35 / (3 x 10), 35 / (3 x 5), which are to one another as 1, 2 and 4.
        BarRow[] rows = [.. BarImages.Create(60).GroupBy(row => row.Label).SelectMany((group, i) => group.Take(20 >> i))];
        IDataView data = Weighted(rows, i => 1);
        Dictionary<string, float> ratios = new() { [BarImages.Classes[1]] = 2, [BarImages.Classes[2]] = 4 };
        float[] balanced = Train(data, weights: false, options => options.ClassWeights = ClassWeighting.Balanced);
        AssertClose(balanced, Train(data, weights: false, options => options.ClassWeights = ClassWeighting.ByName(ratios)));
        AssertClose(balanced, Train(Weighted(rows, i => ratios.GetValueOrDefault(rows[i].Label, 1)), weights: true));
        float[] unbalanced = Train(data, weights: false);
        Assert.IsGreaterThan(0.002f, balanced.Zip(unbalanced, (a, b) => Math.Abs(a - b)).Max());
    }

    [TestMethod]
    public void Weights_that_cannot_be_name_their_row_column_or_class()
    {
        BarRow[] rows = BarImages.Create(30);
        ErrorText.Is<InvalidDataException>(
            () => Train(Weighted(rows, i => i == 17 ? float.NaN : 1), weights: true), "Column \"Weight\", row 17", "a weight is a finite number of at least 0. Received: NaN");
        ErrorText.Is<InvalidDataException>(() => Train(Weighted(rows, i => i == 17 ? -1 : 1), weights: true), "row 17", "Received: -1");
        ErrorText.Is<InvalidDataException>(() => Train(Weighted(rows, _ => 0), weights: true), "a weight over 0");

        ErrorText.Is<ArgumentOutOfRangeException>(() => Train(BarModels.Keyed(_context, rows), weights: true), "no weight column \"Weight\"");
        ErrorText.Is<ArgumentOutOfRangeException>(
            () => Train(BarModels.Keyed(_context, rows), weights: false, options => options.ExampleWeightColumnName = "Number"), "\"Number\"", "Single", "ConvertType");
        ErrorText.Is<ArgumentException>(
            () => Train(BarModels.Keyed(_context, rows), weights: false, options => options.ClassWeights = ClassWeighting.ByName(new Dictionary<string, float> { ["none"] = 1 })),
            "ClassWeights are those of classes: lying, standing, slanted. Received: \"none\"");
        ErrorText.Is<ArgumentException>(() => ClassWeighting.ByName(new Dictionary<string, float> { ["lying"] = -2 }), "Received: -2, of \"lying\"");
    }

    [TestMethod]
    public void A_weight_column_of_a_wrong_type_is_an_error_before_a_pipeline_is_fitted()
    {
        ConvNetMulticlassTrainer.Options options = BarModels.Options();
        options.ExampleWeightColumnName = "Number";
        ConvNetMulticlassTrainer trainer = _context.MulticlassClassification.Trainers.ConvNet(options);
        ErrorText.Is<ArgumentOutOfRangeException>(
            () => trainer.GetOutputSchema(SchemaShapes.Of(BarModels.Keyed(_context, BarImages.Create(3)).Schema)), "\"Number\"", "Single");
    }

    private static void AssertClose(float[] expected, float[] received)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.AreEqual(expected[i], received[i], 2e-4f);
        }
    }

    private IDataView Weighted(IEnumerable<BarRow> rows, Func<int, float> weightOf)
    {
        IDataView data = _context.Data.LoadFromEnumerable(
            rows.Select((row, i) => new WeightedRow { Features = row.Features, Label = row.Label, Weight = weightOf(i) }).ToArray());
        return _context.Transforms.Conversion.MapValueToKey("Label").Fit(data).Transform(data);
    }

    private float[] Train(IDataView data, bool weights, Action<ConvNetMulticlassTrainer.Options>? set = null)
    {
        ConvNetMulticlassTrainer.Options options = BarModels.Options();
        options.ExampleWeightColumnName = weights ? "Weight" : null;
        options.BatchSize = 64;
        options.Epoch = 3;
        options.Seed = 3;
        options.KeepBest = false;
        options.Optimizer = new ConvNet.Training.Optimizers.Sgd();
        (options.PixelOffsets, options.PixelScales) = ([0], [1 / 255f]);
        set?.Invoke(options);
        ConvNetTransformer model = _context.MulticlassClassification.Trainers.ConvNet(options).Fit(data);
        return [.. model.Weights.Names.SelectMany(name => model.Weights[name].Span.ToArray())];
    }

#pragma warning disable CA1812 // Instances are made by ML.NET.
    private sealed class WeightedRow
    {
        [VectorType(BarImages.Side, BarImages.Side, 1)]
        public float[]? Features { get; set; }

        public string Label { get; set; } = string.Empty;

        public float Weight { get; set; }
    }
}
