using System.Collections.Concurrent;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Tests.Rows;
using Microsoft.ML.Data;

namespace Microsoft.ML.ConvNet.Tests.Columns;

/// <summary>The texts beside a bad row are told with the error, whatever is wrong with the row, and whatever its rows come from.</summary>
[TestClass]
public sealed class RowTextTests
{
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void Rows_that_come_once_are_not_asked_for_again()
    {
        ConvNetTransformer model = BarModels.Train(_context);
        using BlockingCollection<NamedRow> queue = new(new ConcurrentQueue<NamedRow>(Named(4, bad: 1)));
        queue.CompleteAdding();
        IDataView scored = model.Transform(_context.Data.LoadFromEnumerable(queue.GetConsumingEnumerable()));
        ErrorText.Is<InvalidDataException>(() => _ = scored.GetColumn<float[]>("Score").ToArray(), "row 1", "Received: NaN", "Name \"name 1\"");
        Assert.HasCount(2, queue, "the rows behind the bad one");
    }

    [TestMethod]
    public void One_cursor_finds_the_bad_row_and_its_text()
    {
        WatchedDataView rows = new(_context.Data.LoadFromEnumerable(Named(4, bad: 2)), "Name");
        ConvNetTransformer model = BarModels.Train(_context);
        ErrorText.Is<InvalidDataException>(() => _ = model.Transform(rows).GetColumn<float[]>("Score").ToArray(), "row 2", "Name \"name 2\"");
        Assert.AreEqual(1, rows.Cursors);
        Assert.IsLessThanOrEqualTo(4, rows.Values, "one of each row, and the bad one's once more");
        ErrorText.Is<InvalidDataException>(() => Trainer().Fit(rows), "row 2", "of the training data", "Name \"name 2\"");
        Assert.AreEqual(2, rows.Cursors);
    }

    [TestMethod]
    public void A_text_that_cannot_be_read_hides_neither_the_error_nor_the_other_texts()
    {
        ConvNetTransformer model = BarModels.Train(_context);
        IDataView rows = new BrokenTexts(_context.Data.LoadFromEnumerable(Named(4, bad: 2)), "Broken");
        ErrorText.Is<InvalidDataException>(() => Trainer().Fit(rows), "row 2", "Received: NaN", "The row has Name \"name 2\".");
        ErrorText.Is<InvalidDataException>(
            () => _ = model.Transform(rows).GetColumn<float[]>("Score").ToArray(), "row 2", "Received: NaN", "The row has Name \"name 2\".");
    }

    [TestMethod]
    public void A_text_that_is_made_behind_the_images_is_not_asked_for()
    {
        IDataView rows = _context.Data.LoadFromEnumerable(Named(30));
        rows = _context.Transforms.CustomMapping<NameInput, LateText>((_, _) => throw new TimeoutException("a text"), null).Fit(rows).Transform(rows);
        ConvNetTransformer model = Trainer().Fit(rows);
        Assert.HasCount(30, model.Transform(rows).GetColumn<float[]>("Score").ToArray());
    }

    [TestMethod]
    public void Three_columns_of_texts_are_asked_for()
    {
        IDataView rows = _context.Data.LoadFromEnumerable(Named(4, bad: 2));
        foreach (string name in new[] { "Second", "Third" })
        {
            rows = _context.Transforms.CopyColumns(name, "Name").Fit(rows).Transform(rows);
        }

        rows = _context.Transforms.CopyColumns("Pixels", "Features").Fit(rows).Transform(rows);
        WatchedDataView watched = new(rows, "Third");
        ConvNetMulticlassTrainer.Options options = BarModels.Options();
        options.FeatureColumnName = "Pixels";
        ErrorText.Is<InvalidDataException>(
            () => _context.MulticlassClassification.Trainers.ConvNet(options).Fit(watched), "Name \"name 2\", Broken \"sound\", Second \"name 2\".");
        CollectionAssert.AreEquivalent(new[] { "Pixels", "Label", "Name", "Broken", "Second" }, watched.LastColumns);
        Assert.AreEqual(0, watched.Values);
    }

    [TestMethod]
    public void An_image_of_another_size_and_a_vector_of_another_length_tell_their_texts()
    {
        using TestFolder folder = new();
        folder.Write("good.png", PngFile.Encode(8, 8, new byte[256]));
        folder.Write("wide.png", PngFile.Encode(5, 9, new byte[180]));
        IDataView files = _context.Data.LoadFromEnumerable(
            new[] { "good.png", "wide.png" }.Select((path, i) => new NamedRow { Name = path, Label = (uint)i }).ToArray());
        IDataView images = _context.Transforms.LoadImages("Image", folder.Path, "Name").Fit(files).Transform(files);
        ErrorText.Is<InvalidDataException>(
            () => _context.MulticlassClassification.Trainers.ConvNet("Label", "Image", Network.Input(8, 8, 3).Flatten().Dense(3)).Fit(images),
            "Received: 5x9",
            "ImageResizing. The row has Name \"wide.png\", Broken \"sound\".");

        NamedRow[] rows = Named(4);
        rows[3].Features = null;
        ErrorText.Is<InvalidDataException>(
            () => Trainer().Fit(_context.Data.LoadFromEnumerable(rows)), "64 values. Received: 0. The row has Name \"name 3\", Broken \"sound\".");
    }

    [TestMethod]
    public void A_label_past_its_classes_tells_the_texts()
    {
        IDataView rows = _context.Data.LoadFromEnumerable(Named(6));
        IDataView replaced = new ReplacedKeyDataView(rows, "Label", 4, 7);
        ErrorText.Is<InvalidDataException>(
            () => Trainer().Fit(replaced), "\"Label\", row 4", "from 1 to 3. Received: 7. The row has Name \"name 4\", Broken \"sound\".");
    }

    [TestMethod]
    public void Scores_that_are_no_numbers_tell_the_texts()
    {
        Network network = Network.Input(8, 8, 1).Flatten().Dense(3, name: "last").Softmax();
        using Weights weights = new(network);
        weights["last.weight"].Span.Fill(3);
        NamedRow[] rows = Named(2);
        Array.Fill(rows[1].Features!, 3e38f);
        IDataView data = _context.Data.LoadFromEnumerable(rows);
        ConvNetTransformer model = _context.Transforms.ConvNet(new ConvNetScoringEstimator.Options { Network = network, Weights = weights }).Fit(data);
        ErrorText.Is<InvalidDataException>(
            () => _ = model.Transform(data).GetColumn<float[]>("Score").ToArray(), "row 1", "Received: NaN for class", "The row has Name \"name 1\"");
    }

    private static NamedRow[] Named(int count, int bad = -1)
    {
        NamedRow[] rows = [.. BarImages.Create(count).Select((row, i) =>
            new NamedRow { Name = FormattableString.Invariant($"name {i}"), Features = row.Features, Label = (uint)(i % 3) })];
        if (bad >= 0)
        {
            rows[bad].Features![5] = float.NaN;
        }

        return rows;
    }

    private ConvNetMulticlassTrainer Trainer() => _context.MulticlassClassification.Trainers.ConvNet(BarModels.Options());

#pragma warning disable CA1812 // Instances are made by ML.NET.
    private sealed class NamedRow
    {
        public string Name { get; set; } = string.Empty;

        public string Broken { get; set; } = "sound";

        [VectorType(BarImages.Side, BarImages.Side, 1)]
        public float[]? Features { get; set; }

        [KeyType(3)]
        public uint Label { get; set; }
    }

    private sealed class NameInput
    {
        public string Name { get; set; } = string.Empty;
    }

    private sealed class LateText
    {
        public string Late { get; set; } = string.Empty;
    }
#pragma warning restore CA1812

    /// <summary>A data view with a column that is not to be read.</summary>
    private sealed class BrokenTexts(IDataView source, string broken) : IDataView
    {
        public bool CanShuffle => false;

        public DataViewSchema Schema => source.Schema;

        public long? GetRowCount() => source.GetRowCount();

        public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
            new Cursor(source.GetRowCursor(columnsNeeded, rand), broken);

        public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
            [GetRowCursor(columnsNeeded, rand)];

        private sealed class Cursor(DataViewRowCursor input, string broken) : ForwardingCursor(input)
        {
            public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) =>
                column.Name == broken ? throw new TimeoutException("a text") : Input.GetGetter<TValue>(column);
        }
    }
}
