using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.ConvNet.Tests.MLNet;

/// <summary>What ML.NET's data operations do; true of the packages and of the stand-in.</summary>
[TestClass]
public sealed class DataOperationBehaviourTests
{
    private readonly MLContext _ml = new(1);

    [TestMethod]
    public void A_split_has_about_the_fraction_asked_for_and_each_row_on_one_side()
    {
        DataOperationsCatalog.TrainTestData split = _ml.Data.TrainTestSplit(Data(2000), testFraction: 0.25);
        int[] train = Ids(split.TrainSet);
        int[] test = Ids(split.TestSet);
        Assert.HasCount(2000, train.Union(test));
        Assert.AreEqual(2000, train.Length + test.Length);
        Assert.AreEqual(500, test.Length, 60);
        Assert.HasCount(Data(1).Schema.Count, split.TrainSet.Schema);
    }

    [TestMethod]
    public void A_split_depends_on_its_seed_and_on_nothing_else()
    {
        int[] first = Ids(_ml.Data.TrainTestSplit(Data(200), seed: 5).TestSet);
        CollectionAssert.AreEqual(first, Ids(new MLContext(99).Data.TrainTestSplit(Data(200), seed: 5).TestSet));
        CollectionAssert.AreNotEqual(first, Ids(_ml.Data.TrainTestSplit(Data(200), seed: 6).TestSet));
        CollectionAssert.AreEqual(
            Ids(new MLContext(5).Data.TrainTestSplit(Data(200)).TestSet), first);
    }

    [TestMethod]
    public void A_split_takes_the_rows_that_ML_NET_s_generator_says()
    {
        // The rows that Microsoft.ML 5.0.0 puts into the test set.
        int[] test = Ids(_ml.Data.TrainTestSplit(Data(40), testFraction: 0.2, seed: 1).TestSet);
        Assert.AreEqual("2 12 13 28 33 34 35 37", string.Join(' ', test));
    }

    [TestMethod]
    public void Rows_with_one_sampling_key_fall_on_one_side()
    {
        DataOperationsCatalog.TrainTestData split = _ml.Data.TrainTestSplit(
            Data(600), testFraction: 0.3, samplingKeyColumnName: "Group");
        string[] train = [.. split.TrainSet.GetColumn<string>("Group").Distinct()];
        string[] test = [.. split.TestSet.GetColumn<string>("Group").Distinct()];
        Assert.IsEmpty(train.Intersect(test));
        Assert.IsNotEmpty(train);
        Assert.IsNotEmpty(test);
    }

    [TestMethod]
    public void Folds_are_disjoint_and_cover_all_rows()
    {
        IReadOnlyList<DataOperationsCatalog.TrainTestData> folds = _ml.Data.CrossValidationSplit(Data(500), numberOfFolds: 4);
        Assert.HasCount(4, folds);
        Assert.HasCount(500, folds.SelectMany(fold => Ids(fold.TestSet)).Distinct());
        foreach (DataOperationsCatalog.TrainTestData fold in folds)
        {
            Assert.IsEmpty(Ids(fold.TrainSet).Intersect(Ids(fold.TestSet)));
            Assert.AreEqual(125, Ids(fold.TestSet).Length, 40);
        }
    }

    [TestMethod]
    public void A_split_wants_a_fraction_and_a_sampling_key_that_exist()
    {
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Data.TrainTestSplit(Data(5), testFraction: 1.0));
        ArgumentOutOfRangeException error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => _ml.Data.TrainTestSplit(Data(5), samplingKeyColumnName: "Nope"));
        StringAssert.Contains(error.Message, "Could not find SamplingKeyColumn column 'Nope'");
    }

    [TestMethod]
    public void A_cache_reads_its_source_once()
    {
        int read = 0;
        IDataView cached = _ml.Data.Cache(_ml.Data.LoadFromEnumerable(Rows(10).Select(row =>
        {
            Interlocked.Increment(ref read);
            return row;
        })));
        Assert.AreEqual(0, read);
        CollectionAssert.AreEqual(Ids(cached), Ids(cached));
        Assert.AreEqual(10, read);
        Assert.AreEqual(10, cached.GetRowCount());
        Assert.IsTrue(cached.CanShuffle);
    }

    [TestMethod]
    public void A_cache_gives_its_rows_in_random_order_where_asked()
    {
        IDataView cached = _ml.Data.Cache(Data(100));
        using DataViewRowCursor cursor = cached.GetRowCursor([cached.Schema["Id"]], new Random(3));
        ValueGetter<int> get = cursor.GetGetter<int>(cached.Schema["Id"]);
        ValueGetter<DataViewRowId> getRowId = cursor.GetIdGetter();
        var ids = new List<int>();
        int id = 0;
        DataViewRowId rowId = default;
        while (cursor.MoveNext())
        {
            get(ref id);
            getRowId(ref rowId);
            Assert.AreEqual((ulong)id, rowId.Low);
            ids.Add(id);
        }

        CollectionAssert.AreNotEqual(Enumerable.Range(0, 100).ToArray(), ids);
        CollectionAssert.AreEquivalent(Enumerable.Range(0, 100).ToArray(), ids);
    }

    [TestMethod]
    public void Shuffling_keeps_every_row_and_follows_its_seed()
    {
        IDataView shuffled = _ml.Data.ShuffleRows(Data(300), seed: 4, shufflePoolSize: 50);
        int[] ids = Ids(shuffled);
        CollectionAssert.AreEquivalent(Enumerable.Range(0, 300).ToArray(), ids);
        CollectionAssert.AreNotEqual(Enumerable.Range(0, 300).ToArray(), ids);
        CollectionAssert.AreEqual(ids, Ids(shuffled));
        CollectionAssert.AreEqual(ids, Ids(_ml.Data.ShuffleRows(Data(300), seed: 4, shufflePoolSize: 50)));
        CollectionAssert.AreNotEqual(ids, Ids(_ml.Data.ShuffleRows(Data(300), seed: 5, shufflePoolSize: 50)));
    }

    [TestMethod]
    public void Shuffled_rows_keep_the_columns_of_a_row_together()
    {
        IDataView shuffled = _ml.Data.ShuffleRows(Data(100), seed: 4);
        foreach (Row row in _ml.Data.CreateEnumerable<Row>(shuffled, reuseRowObject: false))
        {
            Assert.AreEqual(Rows(100).ElementAt(row.Id).Value, row.Value);
            Assert.AreEqual(Rows(100).ElementAt(row.Id).Group, row.Group);
        }
    }

    [TestMethod]
    public void Images_are_left_out_of_what_is_shuffled_or_cached()
    {
        IDataView images = _ml.Data.LoadFromEnumerable(Array.Empty<Picture>());
        Assert.HasCount(2, images.Schema);
        CollectionAssert.AreEqual(
            new[] { "Id" }, _ml.Data.ShuffleRows(images).Schema.Select(column => column.Name).ToArray());
        CollectionAssert.AreEqual(new[] { "Id" }, _ml.Data.Cache(images).Schema.Select(column => column.Name).ToArray());
        Assert.ThrowsExactly<InvalidOperationException>(() => _ml.Data.Cache(images, "Image"));
    }

    [TestMethod]
    public void What_is_saved_as_binary_loads_with_types_and_annotations()
    {
        IDataView keyed = _ml.Transforms.Conversion.MapValueToKey("Key", "Group").Fit(Data(30)).Transform(Data(30));
        string path = Path.GetTempFileName();
        try
        {
            using (FileStream stream = File.Create(path))
            {
                _ml.Data.SaveAsBinary(keyed, stream);
            }

            IDataView back = _ml.Data.LoadFromBinary(path);
            CollectionAssert.AreEqual(
                keyed.Schema.Select(column => column.ToString()).ToArray(),
                back.Schema.Select(column => column.ToString()).ToArray());
            CollectionAssert.AreEqual(keyed.GetColumn<uint>("Key").ToArray(), back.GetColumn<uint>("Key").ToArray());
            CollectionAssert.AreEqual(keyed.GetColumn<string>("Group").ToArray(), back.GetColumn<string>("Group").ToArray());
        }
        finally
        {
            File.Delete(path);
        }
    }

    [TestMethod]
    public void Taking_and_skipping_count_rows()
    {
        CollectionAssert.AreEqual(new[] { 0, 1, 2 }, Ids(_ml.Data.TakeRows(Data(10), 3)));
        CollectionAssert.AreEqual(new[] { 8, 9 }, Ids(_ml.Data.SkipRows(Data(10), 8)));
        CollectionAssert.AreEqual(new[] { 2, 3 }, Ids(_ml.Data.TakeRows(_ml.Data.SkipRows(Data(10), 2), 2)));
        Assert.IsEmpty(Ids(_ml.Data.SkipRows(Data(3), 5)));
        Assert.AreEqual(3, _ml.Data.TakeRows(_ml.Data.LoadFromEnumerable(Rows(10).ToArray()), 3).GetRowCount());
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Data.TakeRows(Data(3), 0));
    }

    [TestMethod]
    public void Rows_are_filtered_by_numbers_keys_and_missing_values()
    {
        CollectionAssert.AreEqual(new[] { 2, 3, 4 }, Ids(_ml.Data.FilterRowsByColumn(Data(10), "Value", 2, 5)));
        IDataView missing = _ml.Data.LoadFromEnumerable(
            new[] { 1f, float.NaN, 3f }.Select((value, i) => new Row { Id = i, Value = value }));
        CollectionAssert.AreEqual(new[] { 0, 2 }, Ids(_ml.Data.FilterRowsByMissingValues(missing, "Value")));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Data.FilterRowsByMissingValues(missing, "Group"));
    }

    [TestMethod]
    public void A_bootstrap_sample_and_its_complement_share_no_row()
    {
        int[] sample = Ids(_ml.Data.BootstrapSample(Data(400), seed: 3));
        int[] complement = Ids(_ml.Data.BootstrapSample(Data(400), seed: 3, complement: true));
        Assert.IsEmpty(sample.Intersect(complement));
        Assert.HasCount(400, sample.Union(complement));
        Assert.AreEqual(400, sample.Length, 80);
        Assert.AreEqual(147, complement.Length, 40);
    }

    [TestMethod]
    public void A_preview_shows_the_first_rows_by_rows_and_by_columns()
    {
        DataDebuggerPreview preview = Data(10).Preview(maxRows: 4);
        Assert.HasCount(4, preview.RowView);
        Assert.AreEqual(3, preview.RowView[3].Values.Single(value => value.Key == "Id").Value);
        Assert.AreEqual("Id", preview.ColumnView[0].Column.Name);
        CollectionAssert.AreEqual(new object[] { 0, 1, 2, 3 }, preview.ColumnView[0].Values);
        Assert.AreEqual("3 columns, 4 rows", preview.ToString());
    }

    [TestMethod]
    public void A_column_is_read_as_its_raw_type_as_text_or_as_arrays()
    {
        CollectionAssert.AreEqual(new[] { "g0", "g1" }, Data(2).GetColumn<string>("Group").ToArray());
        CollectionAssert.AreEqual(
            new[] { "g0", "g1" },
            Data(2).GetColumn<ReadOnlyMemory<char>>("Group").Select(text => text.ToString()).ToArray());
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Data(2).GetColumn<double>("Value").ToArray());
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Data(2).GetColumn<float>("Nope").ToArray());
    }

    private static IEnumerable<Row> Rows(int count) =>
        Enumerable.Range(0, count).Select(i => new Row { Id = i, Value = i, Group = $"g{i % 20}" });

    private static int[] Ids(IDataView data) => [.. data.GetColumn<int>("Id")];

    private IDataView Data(int count) => _ml.Data.LoadFromEnumerable(Rows(count));

    private sealed class Picture
    {
        public int Id { get; set; }

        [ImageType(2, 2)]
        public MLImage? Image { get; set; }
    }

    private sealed class Row
    {
        public int Id { get; set; }

        public float Value { get; set; }

        public string? Group { get; set; }
    }
}
