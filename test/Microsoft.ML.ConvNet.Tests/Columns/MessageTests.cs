using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Storage;
using Microsoft.ML.ConvNet.Tests.Rows;
using Microsoft.ML.Data;

namespace Microsoft.ML.ConvNet.Tests.Columns;

/// <summary>Errors say which set of rows is meant and what would do, and are short however much there is to list.</summary>
[TestClass]
public sealed class MessageTests
{
    private const int Longest = 1500;

    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void Vectors_of_unknown_size_are_told_of_VectorType()
    {
        IDataView rows = Keyed([new SizelessRow { Features = [1, 2], Label = "a" }, new SizelessRow { Features = [1, 2], Label = "b" }]);
        foreach (Action action in new Action[]
        {
            () => Trainer().Fit(rows),
            () => _context.MulticlassClassification.Trainers.ConvNet("Label", "Features", "lenet5").Fit(rows),
            () => Trainer().GetOutputSchema(SchemaShapes.Of(rows.Schema)),
        })
        {
            ErrorText.Is<ArgumentOutOfRangeException>(action, "vectors of Single of unknown size", "[VectorType(28, 28, 1)]");
        }
    }

    [TestMethod]
    public void Bytes_of_unknown_size_are_told_how_to_be_decoded()
    {
        IDataView rows = Keyed([new EncodedRow { Features = [1, 2], Label = "a" }, new EncodedRow { Features = [1, 2], Label = "b" }]);
        ErrorText.Is<ArgumentOutOfRangeException>(() => Trainer().Fit(rows), "vectors of Byte of unknown size", "set ImageResizing");
    }

    [TestMethod]
    public void Of_two_sets_the_one_that_is_meant_is_named()
    {
        BarRow[] good = BarImages.Create(12);
        BarRow[] bad = BarImages.Create(12);
        bad[4].Features![3] = float.NaN;
        IDataView training = BarModels.Keyed(_context, good);
        IDataView without = _context.Transforms.DropColumns("Features").Fit(training).Transform(training);
        ErrorText.Is<ArgumentOutOfRangeException>(
            () => Trainer().Fit(training, without), "In the validation data: There is no feature column \"Features\"");
        ErrorText.Is<ArgumentOutOfRangeException>(
            () => Trainer().Fit(without, training), "In the training data: There is no feature column \"Features\"");
        ErrorText.Is<InvalidDataException>(
            () => Trainer().Fit(training, BarModels.Keyed(_context, bad)), "row 4 (counted from 0) of the validation data");
        ErrorText.Is<InvalidDataException>(
            () => Trainer().Fit(BarModels.Keyed(_context, bad), training), "row 4 (counted from 0) of the training data");
        IDataView none = _context.Data.SkipRows(training, 100);
        ErrorText.Is<InvalidDataException>(() => Trainer().Fit(none), "The training data has rows. Received: none");
        ErrorText.Is<InvalidDataException>(() => Trainer().Fit(training, none), "The validation data has rows. Received: none");
    }

    [TestMethod]
    public void Images_of_which_there_are_none_have_no_size()
    {
        DataViewSchema.Builder builder = new();
        builder.AddColumn("Features", new Transforms.Image.ImageDataViewType());
        builder.AddColumn("Label", new KeyDataViewType(typeof(uint), 3));
        ErrorText.Is<InvalidDataException>(
            () => _context.MulticlassClassification.Trainers.ConvNet(BarModels.Options()).Fit(new EmptyDataView(_context, builder.ToSchema())),
            "The data has rows: the network is built for the size of the first image",
            "Received: none");
    }

    [TestMethod]
    public void What_trains_an_architecture_and_what_scores_with_a_file_are_told_apart()
    {
        ErrorText.Is<FileNotFoundException>(() => _context.Transforms.ConvNet("Score", "Features", "lenet5"), "name the label column, too");
        ErrorText.Is<ArgumentException>(
            () => _context.Transforms.ConvNet("Score", "Features", "Label", "model.zip"), "\"model.zip\"", "Transforms.ConvNet without a label column");
    }

    [TestMethod]
    public void An_ONNX_file_given_for_a_model_is_sent_to_the_import()
    {
        using TestFolder folder = new();
        string path = folder.Write("model.onnx", [8, 7, 18, 4, (byte)'t', (byte)'e', (byte)'s', (byte)'t']);
        ErrorText.Is<ModelFormatException>(
            () => _context.Transforms.ConvNet("Score", "Features", path), "zip archive", "Transforms.ConvNetFromOnnx", "convnet import");
    }

    [TestMethod]
    public void Lists_of_a_thousand_are_cut()
    {
        DataViewSchema.Builder builder = new();
        for (int i = 0; i < 1000; i++)
        {
            builder.AddColumn($"Column{i}", NumberDataViewType.Single);
        }

        Short<ArgumentOutOfRangeException>(() => Trainer().Fit(new UnreadableDataView(builder.ToSchema())), "Column0, Column1", "(1000 in all)");
        Short<ArgumentOutOfRangeException>(
            () => Trainer().Fit(Classes("a"), Classes(new string('b', 100))), "a0, a1, a2", "bbb...", "(1000 in all)");
        float[] numbers = [.. Enumerable.Range(0, 1000).Select(i => i + 0.5f)];
        Short<ArgumentException>(() => Trainer(options => options.PixelOffsets = [.. numbers, float.NaN]), "0.5, 1.5", "(1001 in all)");
        Short<ArgumentException>(
            () => Trainer(options => options.PixelOffsets = numbers).Fit(BarModels.Keyed(_context, BarImages.Create(12))), "1000 numbers, 0.5");
    }

    [TestMethod]
    public void Numbers_are_written_alike_in_every_culture()
    {
        Assert.AreEqual("\u22121,5", (-1.5f).ToString(System.Globalization.CultureInfo.CurrentCulture), "the tests run in a culture of its own");
        ErrorText.Is<ArgumentException>(() => Trainer(options => options.LearningRate = -0.5f), "Received: -0.5");
        ErrorText.Is<ArgumentException>(() => Trainer(options => options.PixelOffsets = [-1.5f, float.NaN]), "Received: -1.5, NaN");
        Network wide = Network.Input(8, 8, 1).Flatten().Dense(1);
        using Weights weights = new(wide);
        ErrorText.Is<ArgumentException>(
            () => _context.Transforms.ConvNet(new ConvNetScoringEstimator.Options { Network = wide, Weights = weights }), "2 to 1,048,576 numbers");
        LogLines log = new(_context);
        _ = Trainer(options => options.LearningRate = 0.0125f).Fit(BarModels.Keyed(_context, BarImages.Create(12)));
        Assert.HasCount(1, log.Infos.Where(line => line.EndsWith("Adam with a learning rate of 0.0125", StringComparison.Ordinal)));
    }

    private static void Short<TException>(Action action, params string[] parts)
        where TException : Exception
    {
        ErrorText.Is<TException>(action, parts);
        Assert.IsLessThan(Longest, Assert.ThrowsExactly<TException>(action).Message.Length);
    }

    private IDataView Classes(string name) => BarModels.Keyed(
        _context, Enumerable.Range(0, 1000).Select(i => new BarRow { Features = new float[64], Label = $"{name}{i}" }).ToArray());

    private ConvNetMulticlassTrainer Trainer(Action<ConvNetMulticlassTrainer.Options>? set = null)
    {
        ConvNetMulticlassTrainer.Options options = new() { NetworkBuilder = (input, classes) => input.Flatten().Dense(classes), Epoch = 1 };
        set?.Invoke(options);
        return _context.MulticlassClassification.Trainers.ConvNet(options);
    }

    private IDataView Keyed<TRow>(TRow[] rows)
        where TRow : class
    {
        IDataView data = _context.Data.LoadFromEnumerable(rows);
        return _context.Transforms.Conversion.MapValueToKey("Label").Fit(data).Transform(data);
    }

    /// <summary>A schema without rows.</summary>
    private sealed class EmptyDataView(MLContext context, DataViewSchema schema) : IDataView
    {
        private readonly IDataView _none = context.Data.LoadFromEnumerable(Array.Empty<ImageRow>());

        public bool CanShuffle => false;

        public DataViewSchema Schema => schema;

        public long? GetRowCount() => 0;

        public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
            _none.GetRowCursor(_none.Schema);

        public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
            [GetRowCursor(columnsNeeded, rand)];
    }

#pragma warning disable CA1812 // Instances are made by ML.NET.
    private sealed class SizelessRow
    {
        public float[] Features { get; set; } = [];

        public string Label { get; set; } = string.Empty;
    }

    private sealed class EncodedRow
    {
        public byte[] Features { get; set; } = [];

        public string Label { get; set; } = string.Empty;
    }
}
