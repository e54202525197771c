using Microsoft.ML.Data;

namespace Microsoft.ML.ConvNet.Tests.MLNet;

/// <summary>What ML.NET's schemas, types and annotations do; true of the packages and of the stand-in.</summary>
[TestClass]
public sealed class DataViewBehaviourSchemaTests
{
    [TestMethod]
    public void Of_columns_with_one_name_the_last_is_seen_and_the_others_are_hidden()
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("A", NumberDataViewType.Single);
        builder.AddColumn("B", TextDataViewType.Instance);
        builder.AddColumn("A", NumberDataViewType.Int32);
        DataViewSchema schema = builder.ToSchema();

        Assert.HasCount(3, schema);
        Assert.IsTrue(schema[0].IsHidden);
        Assert.IsFalse(schema[1].IsHidden);
        Assert.IsFalse(schema[2].IsHidden);
        Assert.AreEqual(2, schema["A"].Index);
        Assert.AreEqual(NumberDataViewType.Int32, schema["A"].Type);
        Assert.IsNull(schema.GetColumnOrNull("C"));
        Assert.AreEqual("3 columns", schema.ToString());
    }

    [TestMethod]
    public void An_unknown_column_is_named_in_the_error()
    {
        DataViewSchema schema = new DataViewSchema.Builder().ToSchema();
        ArgumentOutOfRangeException error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => schema["Nope"]);
        StringAssert.Contains(error.Message, "Column 'Nope' not found");
    }

    [TestMethod]
    public void A_transform_puts_a_column_that_hides_another_right_behind_it()
    {
        var ml = new MLContext(1);
        IDataView data = ml.Data.LoadFromEnumerable([new Row { A = 1, B = 2 }]);
        DataViewSchema schema = ml.Transforms.CopyColumns("A", "B").Fit(data).Transform(data).Schema;

        CollectionAssert.AreEqual(new[] { "A", "A", "B" }, schema.Select(column => column.Name).ToArray());
        CollectionAssert.AreEqual(new[] { true, false, false }, schema.Select(column => column.IsHidden).ToArray());
    }

    [TestMethod]
    public void Types_compare_by_content()
    {
        Assert.AreEqual<DataViewType>(
            new VectorDataViewType(NumberDataViewType.Single, 2, 3), new VectorDataViewType(NumberDataViewType.Single, 2, 3));
        Assert.AreNotEqual<DataViewType>(
            new VectorDataViewType(NumberDataViewType.Single, 2, 3), new VectorDataViewType(NumberDataViewType.Single, 6));
        Assert.AreEqual<DataViewType>(new KeyDataViewType(typeof(uint), 5), new KeyDataViewType(typeof(uint), 5));
        Assert.AreNotEqual<DataViewType>(new KeyDataViewType(typeof(uint), 5), new KeyDataViewType(typeof(ulong), 5));
    }

    [TestMethod]
    public void Types_are_named_as_ML_NET_names_them()
    {
        Assert.AreEqual("Vector<Single, 28, 28, 1>", new VectorDataViewType(NumberDataViewType.Single, 28, 28, 1).ToString());
        Assert.AreEqual("Vector<Single>", new VectorDataViewType(NumberDataViewType.Single).ToString());
        Assert.AreEqual("Vector<String, 3>", new VectorDataViewType(TextDataViewType.Instance, 3).ToString());
        Assert.AreEqual("Key<UInt32, 0-9>", new KeyDataViewType(typeof(uint), 10).ToString());
        Assert.AreEqual("Boolean", BooleanDataViewType.Instance.ToString());
    }

    [TestMethod]
    public void A_vector_type_knows_its_size_from_its_dimensions()
    {
        Assert.AreEqual(784, new VectorDataViewType(NumberDataViewType.Single, 28, 28, 1).Size);
        Assert.IsFalse(new VectorDataViewType(NumberDataViewType.Single).IsKnownSize);
        Assert.AreEqual(typeof(VBuffer<float>), new VectorDataViewType(NumberDataViewType.Single, 2).RawType);
    }

    [TestMethod]
    public void A_key_type_must_be_unsigned_and_have_keys()
    {
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new KeyDataViewType(typeof(int), 5));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new KeyDataViewType(typeof(uint), 0));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new KeyDataViewType(typeof(byte), 256));
    }

    [TestMethod]
    public void Annotations_give_their_values_by_kind_and_only_of_their_type()
    {
        var builder = new DataViewSchema.Annotations.Builder();
        builder.AddPrimitiveValue("Half", NumberDataViewType.Single, 0.5f);
        DataViewSchema.Annotations annotations = builder.ToAnnotations();

        float value = 0;
        annotations.GetValue("Half", ref value);
        Assert.AreEqual(0.5f, value);
        double wrong = 0;
        Assert.ThrowsExactly<InvalidOperationException>(() => annotations.GetValue("Half", ref wrong));
        Assert.ThrowsExactly<InvalidOperationException>(() => annotations.GetValue("Quarter", ref value));
    }

    [TestMethod]
    public void Annotations_can_be_taken_over_in_part()
    {
        var source = new DataViewSchema.Annotations.Builder();
        source.AddPrimitiveValue("Kept", NumberDataViewType.Int32, 1);
        source.AddPrimitiveValue("Left", NumberDataViewType.Int32, 2);
        var target = new DataViewSchema.Annotations.Builder();
        target.Add(source.ToAnnotations(), name => name == "Kept");

        CollectionAssert.AreEqual(new[] { "Kept" }, target.ToAnnotations().Schema.Select(column => column.Name).ToArray());
    }

    [TestMethod]
    public void A_vector_copies_itself_dense_and_sparse()
    {
        var sparse = new VBuffer<float>(6, 2, [7, 8], [1, 4]);
        var dense = default(VBuffer<float>);
        sparse.CopyToDense(ref dense);
        CollectionAssert.AreEqual(new float[] { 0, 7, 0, 0, 8, 0 }, dense.GetValues().ToArray());
        Assert.IsTrue(dense.IsDense);
        Assert.AreEqual(8f, sparse.GetItemOrDefault(4));
        Assert.AreEqual(0f, sparse.GetItemOrDefault(5));
        CollectionAssert.AreEqual(new float[] { 0, 7, 0, 0, 8, 0 }, sparse.DenseValues().ToArray());
        CollectionAssert.AreEqual(new[] { 1, 4 }, sparse.Items().Select(item => item.Key).ToArray());

        var part = default(VBuffer<float>);
        sparse.CopyTo(ref part, 1, 3);
        CollectionAssert.AreEqual(new float[] { 7, 0, 0 }, part.DenseValues().ToArray());
    }

    [TestMethod]
    public void An_editor_reuses_the_array_that_it_is_given()
    {
        float[] array = [1, 2, 3];
        var vector = new VBuffer<float>(3, array);
        VBufferEditor<float> editor = VBufferEditor.Create(ref vector, 2);
        Assert.IsFalse(editor.CreatedNewValues);
        editor.Values[0] = 9;
        vector = editor.Commit();

        Assert.AreEqual(2, vector.Length);
        Assert.AreEqual(9f, array[0]);
    }

    private sealed class Row
    {
        public float A { get; set; }

        public float B { get; set; }
    }
}
