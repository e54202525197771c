using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Tests.Rows;

namespace Microsoft.ML.ConvNet.Tests.Training;

/// <summary>Rows are read once, by several cursors where there are some, into a cache of a given size; what is learnt does not depend on either.</summary>
[TestClass]
public sealed class RowReadingTests
{
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void Rows_of_several_cursors_are_learnt_from_in_the_order_of_the_data()
    {
        IDataView rows = BarModels.Keyed(_context, BarImages.Create(90));
        uint[] expected = Train(rows, threads: 1);
        foreach (int threads in new[] { 2, 4 })
        {
            foreach (int batch in new[] { 1, 7, 60 })
            {
                DividedDataView divided = new(rows, batch);
                CollectionAssert.AreEqual(expected, Train(divided, threads), $"{threads} cursors, batches of {batch}");
                Assert.AreEqual(threads, divided.Asked);
            }
        }
    }

    [TestMethod]
    public void Images_of_files_are_read_by_several_cursors_in_the_order_of_the_paths()
    {
        using PathRows files = new(150);
        IDataView rows = files.Load(_context);
        DataViewRowCursor[] cursors = rows.GetRowCursorSet(rows.Schema, 2);
        Array.ForEach(cursors, cursor => cursor.Dispose());
        Assert.HasCount(2, cursors, "ML.NET divides the paths");
        uint[] expected = Train(rows, threads: 1, image: true);
        CollectionAssert.AreEqual(expected, Train(files.Load(_context), threads: 2, image: true));
        CollectionAssert.AreEqual(expected, Train(files.Load(_context), threads: 4, image: true));
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(4)]
    public void The_first_bad_row_of_the_data_is_named_by_its_number_in_them_whichever_cursor_has_it(int threads)
    {
        BarRow[] rows = BarImages.Create(90);
        (rows[33].Features![5], rows[35].Features![1], rows[80].Features![2]) = (float.NaN, float.PositiveInfinity, float.NaN);
        IDataView data = BarModels.Keyed(_context, rows);
        for (int run = 0; run < 10; run++)
        {
            ErrorText.Is<InvalidDataException>(
                () => Train(new DividedDataView(data, batchLength: 4), threads), "\"Features\", row 33 (counted from 0)", "Received: NaN");
        }
    }

    [TestMethod]
    public void A_bad_row_among_rows_without_a_label_has_its_number_among_all()
    {
        BarRow[] rows = BarImages.Create(60);
        IDataView data = _context.Data.LoadFromEnumerable(rows);
        rows[10].Label = "unknown";
        rows[40].Features![5] = float.NaN;
        IDataView keyed = _context.Transforms.Conversion.MapValueToKey("Label", keyData: Classes()).Fit(data).Transform(data);
        ErrorText.Is<InvalidDataException>(() => Train(new DividedDataView(keyed, batchLength: 3), threads: 2), "row 40 (counted from 0)");
    }

    [TestMethod]
    public void A_damaged_file_is_named_with_its_row_and_path_at_any_number_of_threads()
    {
        using PathRows files = new(150, damaged: [70, 141]);
        foreach (int threads in new[] { 1, 2, 4 })
        {
            ErrorText.Is<InvalidDataException>(
                () => Train(files.Load(_context), threads, image: true), "\"Image\", row 70 (counted from 0)", "Path \"70.png\"", "a step before the network failed");
        }
    }

    [TestMethod]
    public void Images_past_the_budget_lie_in_a_file_and_train_to_the_same_bits()
    {
        IDataView rows = BarModels.Keyed(_context, BarImages.Create(90));
        LogLines log = new(_context);
        uint[] expected = Train(rows, threads: 2);
        Assert.IsFalse(log.Infos.Any(line => line.Contains("temporary file", StringComparison.Ordinal)));
        foreach (long budget in new[] { 0L, 2000 })
        {
            CollectionAssert.AreEqual(expected, Train(rows, threads: 2, set: options => options.CacheBudget = budget));
        }

        Assert.AreEqual(2, log.Infos.Count(line => line.Contains("in a temporary file; CacheBudget says", StringComparison.Ordinal)));
        ErrorText.Is<ArgumentException>(() => Train(rows, threads: 2, set: options => options.CacheBudget = -1), "CacheBudget is at least 0 bytes. Received: -1");
    }

    [TestMethod]
    public void A_validation_set_past_the_budget_judges_alike()
    {
        IDataView rows = BarModels.Keyed(_context, BarImages.Create(90));
        uint[] expected = Train(rows, threads: 2, set: options => options.ValidationSet = rows);
        CollectionAssert.AreEqual(expected, Train(rows, threads: 2, set: options => (options.ValidationSet, options.CacheBudget) = (rows, 90 * 64)));
        CollectionAssert.AreEqual(
            Train(rows, threads: 2, set: options => options.ValidationSetFraction = 0.2f),
            Train(rows, threads: 2, set: options => (options.ValidationSetFraction, options.CacheBudget) = (0.2f, 100)));
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    public void Images_that_cannot_be_read_are_left_out_counted_and_named_on_demand(int threads)
    {
        using PathRows files = new(150, damaged: [4, 70, 141]);
        LogLines log = new(_context);
        uint[] expected = Train(files.Without(_context, 4, 70, 141), threads, image: true);
        CollectionAssert.AreEqual(expected, Train(files.Load(_context), threads, image: true, set: options => options.SkipUnreadableImages = true));
        Assert.AreEqual(
            "3 of 150 rows of the training data have no image that can be read and are left out: row 4, Path \"4.png\"; row 70, Path \"70.png\"; row 141, Path \"141.png\".",
            log.Warnings.Single());
    }

    [TestMethod]
    public void Pixels_of_images_that_cannot_be_read_are_left_out_too()
    {
        using PathRows files = new(20, damaged: [3, 4, 5, 6, 7, 8]);
        LogLines log = new(_context);
        IDataView images = files.Load(_context);
        IDataView pixels = _context.Transforms.ResizeImages("Image", 8, 8).Append(_context.Transforms.ExtractPixels("Pixels", "Image", interleavePixelColors: true))
            .Fit(images).Transform(images);
        Fit(pixels, "Pixels", threads: 2, set: options => (options.SkipUnreadableImages, options.ImageHeight, options.ImageWidth, options.ImageChannels) = (true, 8, 8, 3));
        StringAssert.Contains(log.Warnings.Single(), "6 of 20 rows of the training data have no image that can be read");
        StringAssert.Contains(log.Warnings.Single(), "row 7, Path \"7.png\"; ....");
    }

    [TestMethod]
    public void What_a_filter_of_pixels_throws_while_it_looks_for_the_next_row_ends_the_reading()
    {
        using PathRows files = new(20, damaged: [3]);
        IDataView images = files.Load(_context);
        IDataView pixels = _context.Transforms.ResizeImages("Image", 8, 8).Append(_context.Transforms.ExtractPixels("Pixels", "Image", interleavePixelColors: true))
            .Fit(images).Transform(images);
        foreach (int threads in new[] { 1, 2 })
        {
            Assert.ThrowsExactly<ArgumentException>(() => Fit(
                _context.Data.FilterRowsByMissingValues(pixels, "Pixels"),
                "Pixels",
                threads,
                options => (options.SkipUnreadableImages, options.ImageHeight, options.ImageWidth, options.ImageChannels) = (true, 8, 8, 3)));
        }
    }

    [TestMethod]
    public void The_network_is_built_for_the_first_image_that_can_be_read()
    {
        using PathRows files = new(12, damaged: [0, 1]);
        ConvNetMulticlassTrainer.Options options = new()
        {
            FeatureColumnName = "Image",
            Architecture = "flatten fc",
            Epoch = 1,
            SkipUnreadableImages = true,
        };
        ConvNetTransformer model = _context.MulticlassClassification.Trainers.ConvNet(options).Fit(files.Load(_context));
        Assert.AreEqual("8x8x3", model.Network.InputShape.ToString());
        options.SkipUnreadableImages = false;
        ErrorText.Is<InvalidDataException>(() => _context.MulticlassClassification.Trainers.ConvNet(options).Fit(files.Load(_context)), "row 0", "0.png");
    }

    [TestMethod]
    public void Where_no_image_can_be_read_that_is_said_and_the_first_are_named()
    {
        using PathRows files = new(4, damaged: [0, 1, 2, 3]);
        ErrorText.Is<InvalidDataException>(
            () => Train(files.Load(_context), threads: 2, image: true, set: options => options.SkipUnreadableImages = true),
            "The training data has rows with an image that can be read. Received: 4 rows, 4 without one: row 0, Path \"0.png\"");
    }

    [TestMethod]
    public void What_a_source_of_rows_throws_comes_out_as_it_was()
    {
        InvalidTimeZoneException thrown = new();
        IDataView data = _context.Data.LoadFromEnumerable(Throwing(thrown));
        IDataView pixels = _context.Transforms.Conversion.MapValueToKey("Label", keyData: Classes()).Append(_context.Transforms.CopyColumns("Copy", "Features"))
            .Fit(data).Transform(data);
        foreach (int threads in new[] { 1, 2 })
        {
            Assert.AreSame(thrown, Assert.ThrowsExactly<InvalidTimeZoneException>(() => Train(pixels, threads)));
        }
    }

    [TestMethod]
    public void Reading_and_measuring_are_cancelled()
    {
        using CancellationTokenSource source = new();
        IDataView data = _context.Data.LoadFromEnumerable(Cancelling(source));
        IDataView keyed = _context.Transforms.Conversion.MapValueToKey("Label", keyData: Classes()).Fit(data).Transform(data);
        Assert.ThrowsExactly<OperationCanceledException>(() => Train(keyed, threads: 2, set: options => options.CancellationToken = source.Token));
    }

    private static IEnumerable<BarRow> Throwing(Exception exception)
    {
        foreach (BarRow row in BarImages.Create(5))
        {
            yield return row;
        }

        throw exception;
    }

    private static IEnumerable<BarRow> Cancelling(CancellationTokenSource source)
    {
        // Without an end.
        while (true)
        {
            foreach (BarRow row in BarImages.Create(60))
            {
                yield return row;
            }

            source.Cancel();
        }
    }

    private IDataView Classes() => _context.Data.LoadFromEnumerable(BarImages.Classes.Select(name => new ClassRow { Name = name }).ToArray());

    private uint[] Train(IDataView data, int threads, bool image = false, Action<ConvNetMulticlassTrainer.Options>? set = null) =>
        BarModels.WeightBits(Fit(data, image ? "Image" : "Features", threads, set));

    private ConvNetTransformer Fit(IDataView data, string column, int threads, Action<ConvNetMulticlassTrainer.Options>? set)
    {
        ConvNetMulticlassTrainer.Options options = BarModels.Options();
        options.FeatureColumnName = column;
        options.Epoch = 2;
        options.Seed = 3;
        options.NumberOfThreads = threads;
        if (column == "Image")
        {
            (options.NetworkBuilder, options.Network) = (null, Network.Input(8, 8, 3).Conv(4, 3).Relu().Flatten().Dense(2));
        }

        set?.Invoke(options);
        return _context.MulticlassClassification.Trainers.ConvNet(options).Fit(data);
    }

#pragma warning disable CA1812 // Instances are made by ML.NET.
    private sealed class ClassRow
    {
        public string Name { get; set; } = string.Empty;
    }
}
