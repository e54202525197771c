using Microsoft.ML.Data;

namespace Microsoft.ML.ConvNet.Tests.MLNet;

/// <summary>How ML.NET turns objects into rows and back; true of the packages and of the stand-in.</summary>
[TestClass]
public sealed class TypedRowBehaviourTests
{
    [TestMethod]
    public void Members_become_columns_fields_first_with_the_names_and_types_of_their_attributes()
    {
        DataViewSchema schema = new MLContext(1).Data.LoadFromEnumerable(Array.Empty<Everything>()).Schema;

        CollectionAssert.AreEqual(
            new[] { "Field", "Renamed", "Number", "Text", "Flag", "Open", "Pixels", "Words", "Key", "When" },
            schema.Select(column => column.Name).ToArray());
        Assert.AreEqual(NumberDataViewType.Int32, schema["Field"].Type);
        Assert.AreEqual(NumberDataViewType.Double, schema["Renamed"].Type);
        Assert.AreEqual(TextDataViewType.Instance, schema["Text"].Type);
        Assert.AreEqual(BooleanDataViewType.Instance, schema["Flag"].Type);
        Assert.AreEqual<DataViewType>(new VectorDataViewType(NumberDataViewType.Single), schema["Open"].Type);
        Assert.AreEqual<DataViewType>(new VectorDataViewType(NumberDataViewType.Byte, 2, 2), schema["Pixels"].Type);
        Assert.AreEqual<DataViewType>(new VectorDataViewType(TextDataViewType.Instance, 2), schema["Words"].Type);
        Assert.AreEqual<DataViewType>(new KeyDataViewType(typeof(uint), 3), schema["Key"].Type);
        Assert.AreEqual(DateTimeDataViewType.Instance, schema["When"].Type);
    }

    [TestMethod]
    public void Objects_come_back_as_they_went_in()
    {
        var ml = new MLContext(1);
        var row = new Everything
        {
            Field = 7,
            Double = 2.5,
            Number = 1.5f,
            Text = "déjà vu",
            Flag = true,
            Open = [1, 2, 3],
            Pixels = [1, 2, 3, 4],
            Words = ["a", "b"],
            When = new DateTime(2026, 1, 2, 3, 4, 5),
        };
        Everything back = ml.Data.CreateEnumerable<Everything>(ml.Data.LoadFromEnumerable([row]), reuseRowObject: false).Single();

        Assert.AreEqual(7, back.Field);
        Assert.AreEqual(2.5, back.Double);
        Assert.AreEqual(1.5f, back.Number);
        Assert.AreEqual("déjà vu", back.Text);
        Assert.IsTrue(back.Flag);
        CollectionAssert.AreEqual(row.Open, back.Open);
        CollectionAssert.AreEqual(row.Pixels, back.Pixels);
        CollectionAssert.AreEqual(row.Words, back.Words);
        Assert.AreEqual(row.When, back.When);
    }

    [TestMethod]
    public void Null_text_is_empty_and_an_empty_array_stays_null()
    {
        var ml = new MLContext(1);
        Everything back = ml.Data.CreateEnumerable<Everything>(
            ml.Data.LoadFromEnumerable([new Everything()]), reuseRowObject: false).Single();
        Assert.AreEqual("", back.Text);
        Assert.IsNull(back.Open);
    }

    [TestMethod]
    public void A_key_member_counts_from_zero_its_column_from_one_and_what_is_out_of_range_is_missing()
    {
        var ml = new MLContext(1);
        IDataView data = ml.Data.LoadFromEnumerable(
            new uint[] { 0, 1, 2, 3, 99 }.Select(key => new Everything { Key = key }));
        CollectionAssert.AreEqual(new uint[] { 1, 2, 3, 0, 0 }, data.GetColumn<uint>("Key").ToArray());
    }

    [TestMethod]
    public void A_key_comes_back_as_the_column_holds_it()
    {
        var ml = new MLContext(1);
        IDataView data = ml.Data.LoadFromEnumerable(new uint[] { 0, 2, 3 }.Select(key => new Everything { Key = key }));
        uint[] back = [.. ml.Data.CreateEnumerable<OnlyKey>(data, reuseRowObject: false).Select(row => row.Key)];
        CollectionAssert.AreEqual(new uint[] { 1, 3, 0 }, back);
    }

    [TestMethod]
    public void A_missing_column_is_an_error_unless_it_may_be_missing()
    {
        var ml = new MLContext(1);
        IDataView data = ml.Data.LoadFromEnumerable([new OnlyKey { Key = 1 }]);
        ArgumentOutOfRangeException error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => ml.Data.CreateEnumerable<Everything>(data, reuseRowObject: false).ToList());
        StringAssert.Contains(error.Message, "column 'Field'");

        Everything back = ml.Data.CreateEnumerable<Everything>(
            data, reuseRowObject: false, ignoreMissingColumns: true).Single();
        Assert.AreEqual(2u, back.Key);
        Assert.AreEqual(0f, back.Number);
    }

    [TestMethod]
    public void A_column_of_another_type_cannot_fill_a_member()
    {
        var ml = new MLContext(1);
        IDataView data = ml.Data.LoadFromEnumerable([new OnlyKey()]);
        InvalidOperationException error = Assert.ThrowsExactly<InvalidOperationException>(
            () => ml.Data.CreateEnumerable<KeyAsText>(data, reuseRowObject: false).ToList());
        StringAssert.Contains(error.Message, "Can't bind the IDataView column 'Key'");
    }

    [TestMethod]
    public void One_object_can_be_reused_for_all_rows()
    {
        var ml = new MLContext(1);
        IDataView data = ml.Data.LoadFromEnumerable([new OnlyKey(), new OnlyKey()]);
        Assert.HasCount(1, ml.Data.CreateEnumerable<OnlyKey>(data, reuseRowObject: true).Distinct());
        Assert.HasCount(2, ml.Data.CreateEnumerable<OnlyKey>(data, reuseRowObject: false).Distinct());
    }

    [TestMethod]
    public void A_member_of_an_unknown_type_is_an_error()
    {
        ArgumentOutOfRangeException error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => new MLContext(1).Data.LoadFromEnumerable([new WithNullable()]));
        StringAssert.Contains(error.Message, "Maybe");
    }

    [TestMethod]
    public void A_schema_can_name_the_size_of_vectors_and_bring_annotations()
    {
        var ml = new MLContext(1);
        var names = new DataViewSchema.Annotations.Builder();
        ReadOnlyMemory<char>[] texts = ["left".AsMemory(), "right".AsMemory()];
        names.Add(
            "SlotNames",
            new VectorDataViewType(TextDataViewType.Instance, 2),
            (ref VBuffer<ReadOnlyMemory<char>> value) => value = new VBuffer<ReadOnlyMemory<char>>(2, texts));
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("Features", new VectorDataViewType(NumberDataViewType.Single, 2), names.ToAnnotations());
        IDataView data = ml.Data.LoadFromEnumerable([new Vector { Features = [3, 4] }], builder.ToSchema());

        Assert.AreEqual<DataViewType>(new VectorDataViewType(NumberDataViewType.Single, 2), data.Schema["Features"].Type);
        Assert.IsTrue(data.Schema["Features"].HasSlotNames());
        VBuffer<ReadOnlyMemory<char>> read = default;
        data.Schema["Features"].GetSlotNames(ref read);
        Assert.AreEqual("right", read.GetItemOrDefault(1).ToString());
        CollectionAssert.AreEqual(new float[] { 3, 4 }, data.GetColumn<float[]>("Features").Single());
    }

    [TestMethod]
    public void A_schema_definition_can_be_changed_before_loading()
    {
        var ml = new MLContext(1);
        SchemaDefinition definition = SchemaDefinition.Create(typeof(Vector));
        definition["Features"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 1, 2);
        definition["Features"].ColumnName = "Image";
        IDataView data = ml.Data.LoadFromEnumerable([new Vector { Features = [3, 4] }], definition);
        Assert.AreEqual<DataViewType>(new VectorDataViewType(NumberDataViewType.Single, 1, 2), data.Schema["Image"].Type);
    }

    private sealed class Everything
    {
        public int Field;

        [ColumnName("Renamed")]
        public double Double { get; set; }

        public float Number { get; set; }

        public string? Text { get; set; }

        public bool Flag { get; set; }

        public float[]? Open { get; set; }

        [VectorType(2, 2)]
        public byte[]? Pixels { get; set; }

        [VectorType(2)]
        public string[]? Words { get; set; }

        [KeyType(3)]
        public uint Key { get; set; }

        public DateTime When { get; set; }

        [NoColumn]
        public object? Ignored { get; set; }
    }

    private sealed class OnlyKey
    {
        [KeyType(3)]
        public uint Key { get; set; }
    }

    private sealed class KeyAsText
    {
        public string? Key { get; set; }
    }

    private sealed class WithNullable
    {
        public float? Maybe { get; set; }
    }

    private sealed class Vector
    {
        public float[]? Features { get; set; }
    }
}
