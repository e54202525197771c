using Microsoft.ML.ConvNet.Tests.Rows;
using Microsoft.ML.Data;

namespace Microsoft.ML.ConvNet.Tests.Columns;

/// <summary>Labels that are no keys: their values are the classes.</summary>
[TestClass]
public sealed class MappedLabelTests
{
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void Texts_are_classes_in_the_order_of_their_characters()
    {
        BarRow[] rows = BarImages.Create(60);
        IDataView data = _context.Data.LoadFromEnumerable(rows);
        ConvNetMulticlassTrainer trainer = Trainer();
        ConvNetTransformer model = trainer.Fit(data);
        CollectionAssert.AreEqual(new[] { "lying", "slanted", "standing" }, model.ClassNames.ToArray());
        SchemaShapes.AssertFits(trainer.GetOutputSchema(SchemaShapes.Of(data.Schema)), model.GetOutputSchema(data.Schema));

        // The same as of keys in that order, however the rows lie.
        IDataView keyed = _context.Transforms.Conversion.MapValueToKey("Label", keyOrdinality: Transforms.ValueToKeyMappingEstimator.KeyOrdinality.ByValue)
            .Fit(data).Transform(data);
        CollectionAssert.AreEqual(BarModels.WeightBits(Trainer().Fit(keyed)), BarModels.WeightBits(model));
        var text = _context.Transforms.Conversion.MapKeyToValue("PredictedLabel").Fit(model.Transform(data));
        string[] predicted = [.. text.Transform(model.Transform(data)).GetColumn<string>("PredictedLabel")];
        Assert.IsGreaterThan(0.8, predicted.Zip(rows, (one, row) => one == row.Label ? 1.0 : 0).Average());
    }

    [TestMethod]
    public void Numbers_and_Booleans_are_classes_in_their_order()
    {
        BarRow[] rows = BarImages.Create(30);
        Assert.AreEqual("-5, 10, 200", Names(rows.Select(row => new NumberRow { Features = row.Features, Whole = new[] { 200, -5, 10 }[row.Number % 3] }), "Whole"));
        Assert.AreEqual("0, 1, 2", Names(rows.Select(row => new NumberRow { Features = row.Features, Single = row.Number % 3 }), "Single"));
        Assert.AreEqual("false, true", Names(rows.Select(row => new NumberRow { Features = row.Features, Flag = row.Number % 3 == 1 }), "Flag"));
    }

    [TestMethod]
    public void Rows_without_a_value_are_left_out()
    {
        BarRow[] rows = BarImages.Create(40);
        BarRow[] some = [.. rows.Where(row => row.Number % 5 != 2)];
        uint[] expected = BarModels.WeightBits(Trainer().Fit(_context.Data.LoadFromEnumerable(some)));
        foreach (BarRow row in rows.Where(row => row.Number % 5 == 2))
        {
            row.Label = string.Empty;
        }

        CollectionAssert.AreEqual(expected, BarModels.WeightBits(Trainer().Fit(_context.Data.LoadFromEnumerable(rows))));
    }

    [TestMethod]
    public void Validation_rows_have_classes_of_the_training_rows()
    {
        IDataView data = _context.Data.LoadFromEnumerable(BarImages.Create(60));
        ConvNetTransformer model = Trainer().Fit(data, _context.Data.LoadFromEnumerable(BarImages.Create(20).Where(row => row.Number % 3 != 1)));
        Assert.IsNotNull(model.TrainingReport[^1].ValidationAccuracy);
        BarRow[] others = BarImages.Create(20);
        others[7].Label = "round";
        ErrorText.Is<InvalidDataException>(
            () => Trainer().Fit(data, _context.Data.LoadFromEnumerable(others)),
            "\"Label\", row 7 (counted from 0) of the validation data",
            "lying, slanted, standing",
            "Received: round");
        ErrorText.Is<ArgumentOutOfRangeException>(
            () => Trainer().Fit(data, BarModels.Keyed(_context, BarImages.Create(20))), "classes of the training rows, in the same order");
    }

    [TestMethod]
    public void One_class_and_numbers_that_are_not_whole_are_refused()
    {
        BarRow[] rows = BarImages.Create(9);
        ErrorText.Is<ArgumentOutOfRangeException>(
            () => Trainer().Fit(_context.Data.LoadFromEnumerable(rows.Where(row => row.Number % 3 == 0))), "two classes or more", "one class, \"lying\"");
        ErrorText.Is<InvalidDataException>(
            () => Names(rows.Select(row => new NumberRow { Features = row.Features, Single = row.Number / 2f }), "Single"),
            "\"Single\", row 1",
            "a whole number. Received: 0.5",
            "Regression");
    }

    private string Names(IEnumerable<NumberRow> rows, string label) => string.Join(
        ", ", Trainer(options => options.LabelColumnName = label).Fit(_context.Data.LoadFromEnumerable(rows.ToArray())).ClassNames);

    private ConvNetMulticlassTrainer Trainer(Action<ConvNetMulticlassTrainer.Options>? set = null)
    {
        ConvNetMulticlassTrainer.Options options = BarModels.Options();
        options.Seed = 3;
        options.Epoch = 15;
        set?.Invoke(options);
        return _context.MulticlassClassification.Trainers.ConvNet(options);
    }

#pragma warning disable CA1812 // Instances are made by ML.NET.
    private sealed class NumberRow
    {
        [VectorType(BarImages.Side, BarImages.Side, 1)]
        public float[]? Features { get; set; }

        public int Whole { get; set; }

        public float Single { get; set; }

        public bool Flag { get; set; }
    }
#pragma warning restore CA1812
}
