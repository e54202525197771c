using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace Microsoft.ML.ConvNet.Tests.MLNet;

/// <summary>What ML.NET's column transforms do; true of the packages and of the stand-in.</summary>
[TestClass]
public sealed class ColumnTransformBehaviourTests
{
    private readonly MLContext _ml = new(1);

    [TestMethod]
    public void Values_get_keys_in_the_order_of_occurrence_from_one()
    {
        IDataView keys = Keys();
        CollectionAssert.AreEqual(new uint[] { 1, 2, 1, 3, 0 }, keys.GetColumn<uint>("Key").ToArray());
        Assert.AreEqual<DataViewType>(new KeyDataViewType(typeof(uint), 3), keys.Schema["Key"].Type);
    }

    [TestMethod]
    public void Values_get_keys_in_the_order_of_values_where_asked()
    {
        IDataView keys = Keys(ValueToKeyMappingEstimator.KeyOrdinality.ByValue);
        CollectionAssert.AreEqual(new uint[] { 2, 1, 2, 3, 0 }, keys.GetColumn<uint>("Key").ToArray());
        CollectionAssert.AreEqual(new[] { "apple", "pear", "plum" }, KeyValues(keys.Schema["Key"]));
    }

    [TestMethod]
    public void The_values_of_keys_are_kept_as_an_annotation()
    {
        DataViewSchema.Column key = Keys().Schema["Key"];
        Assert.IsTrue(key.HasKeyValues());
        CollectionAssert.AreEqual(new[] { "pear", "apple", "plum" }, KeyValues(key));
    }

    [TestMethod]
    public void A_value_that_was_not_seen_is_missing()
    {
        ValueToKeyMappingTransformer model = _ml.Transforms.Conversion.MapValueToKey("Key", "Word").Fit(Words("pear", "apple"));
        CollectionAssert.AreEqual(
            new uint[] { 2, 0, 0 }, model.Transform(Words("apple", "fig", "")).GetColumn<uint>("Key").ToArray());
    }

    [TestMethod]
    public void Key_values_of_numbers_are_numbers_or_text_where_asked()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(new float[] { 5, 3, float.NaN, 5 }.Select(x => new Number { Value = x }));
        IDataView keys = _ml.Transforms.Conversion.MapValueToKey("Key", "Value").Fit(data).Transform(data);
        CollectionAssert.AreEqual(new uint[] { 1, 2, 0, 1 }, keys.GetColumn<uint>("Key").ToArray());
        VBuffer<float> values = default;
        keys.Schema["Key"].GetKeyValues(ref values);
        CollectionAssert.AreEqual(new float[] { 5, 3 }, values.DenseValues().ToArray());

        IDataView named = _ml.Transforms.Conversion.MapValueToKey("Key", "Value", addKeyValueAnnotationsAsText: true)
            .Fit(data).Transform(data);
        CollectionAssert.AreEqual(new[] { "5", "3" }, KeyValues(named.Schema["Key"]));
    }

    [TestMethod]
    public void The_number_of_keys_can_be_limited_and_given()
    {
        IDataView data = Words("a", "b", "c");
        IDataView limited = _ml.Transforms.Conversion.MapValueToKey("Key", "Word", maximumNumberOfKeys: 2).Fit(data).Transform(data);
        CollectionAssert.AreEqual(new uint[] { 1, 2, 0 }, limited.GetColumn<uint>("Key").ToArray());

        IDataView given = _ml.Transforms.Conversion.MapValueToKey("Key", "Word", keyData: Words("c", "b")).Fit(data).Transform(data);
        CollectionAssert.AreEqual(new uint[] { 0, 2, 1 }, given.GetColumn<uint>("Key").ToArray());
    }

    [TestMethod]
    public void Keys_become_values_again()
    {
        IDataView keys = Keys();
        IDataView values = _ml.Transforms.Conversion.MapKeyToValue("Again", "Key").Fit(keys).Transform(keys);
        CollectionAssert.AreEqual(
            new[] { "pear", "apple", "pear", "plum", "" }, values.GetColumn<string>("Again").ToArray());
    }

    [TestMethod]
    public void Keys_without_values_cannot_become_values()
    {
        IDataView data = _ml.Data.LoadFromEnumerable([new BareKey()]);
        var pipeline = new EstimatorChain<ITransformer>().Append(_ml.Transforms.Conversion.MapKeyToValue("Key"));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => pipeline.Fit(data));
    }

    [TestMethod]
    public void Keys_become_indicator_vectors_named_by_their_values()
    {
        IDataView keys = Keys();
        IDataView vectors = _ml.Transforms.Conversion.MapKeyToVector("Vector", "Key").Fit(keys).Transform(keys);
        float[][] rows = [.. vectors.GetColumn<float[]>("Vector")];
        CollectionAssert.AreEqual(new float[] { 0, 1, 0 }, rows[1]);
        CollectionAssert.AreEqual(new float[] { 0, 0, 0 }, rows[4]);
        CollectionAssert.AreEqual(new[] { "pear", "apple", "plum" }, SlotNames(vectors.Schema["Vector"]));
        Assert.IsTrue(vectors.Schema["Vector"].IsNormalized());
    }

    [TestMethod]
    public void A_copy_has_the_type_and_the_annotations_of_its_source()
    {
        IDataView keys = Keys();
        DataViewSchema.Column copy = _ml.Transforms.CopyColumns("Copy", "Key").Fit(keys).Transform(keys).Schema["Copy"];
        Assert.AreEqual(keys.Schema["Key"].Type, copy.Type);
        CollectionAssert.AreEqual(new[] { "pear", "apple", "plum" }, KeyValues(copy));
    }

    [TestMethod]
    public void Concatenation_joins_values_and_names_slots()
    {
        IDataView data = _ml.Data.LoadFromEnumerable([new Parts { One = 1, Two = [2, 3], Three = 4 }]);
        IDataView joined = _ml.Transforms.Concatenate("All", "One", "Two", "Three").Fit(data).Transform(data);
        CollectionAssert.AreEqual(new float[] { 1, 2, 3, 4 }, joined.GetColumn<float[]>("All").Single());
        CollectionAssert.AreEqual(new[] { "One", "", "", "Three" }, SlotNames(joined.Schema["All"]));

        IDataView again = _ml.Transforms.Concatenate("Again", "All", "One").Fit(joined).Transform(joined);
        CollectionAssert.AreEqual(new[] { "All.One", "", "", "All.Three", "One" }, SlotNames(again.Schema["Again"]));
    }

    [TestMethod]
    public void Concatenation_wants_one_item_type_and_no_keys()
    {
        IDataView data = _ml.Data.LoadFromEnumerable([new Mixed()]);
        var chain = new EstimatorChain<ITransformer>();
        Assert.ThrowsExactly<InvalidOperationException>(
            () => chain.Append(_ml.Transforms.Concatenate("All", "Single", "Double")).Fit(data));
        Assert.ThrowsExactly<InvalidOperationException>(
            () => chain.Append(_ml.Transforms.Concatenate("All", "Key")).Fit(data));
    }

    [TestMethod]
    public void Selection_keeps_the_columns_named_in_that_order_and_no_hidden_ones()
    {
        IDataView data = _ml.Data.LoadFromEnumerable([new Parts { One = 1, Two = [2, 3], Three = 4 }]);
        IDataView hiding = _ml.Transforms.CopyColumns("One", "Three").Fit(data).Transform(data);
        DataViewSchema selected = _ml.Transforms.SelectColumns("Three", "One").Fit(hiding).Transform(hiding).Schema;
        CollectionAssert.AreEqual(new[] { "Three", "One" }, selected.Select(column => column.Name).ToArray());
        DataViewSchema all = _ml.Transforms.SelectColumns(["One"], keepHidden: true).Fit(hiding).Transform(hiding).Schema;
        CollectionAssert.AreEqual(new[] { true, false }, all.Select(column => column.IsHidden).ToArray());
    }

    [TestMethod]
    public void Dropped_columns_are_gone_and_the_others_keep_their_values()
    {
        IDataView data = _ml.Data.LoadFromEnumerable([new Parts { One = 1, Two = [2, 3], Three = 4 }]);
        IDataView dropped = _ml.Transforms.DropColumns("Two").Fit(data).Transform(data);
        CollectionAssert.AreEqual(new[] { "One", "Three" }, dropped.Schema.Select(column => column.Name).ToArray());
        Assert.AreEqual(4f, dropped.GetColumn<float>("Three").Single());
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Transforms.DropColumns("Nope").Fit(data));
    }

    [TestMethod]
    public void Types_convert_as_the_standard_conversions_say()
    {
        IDataView data = _ml.Data.LoadFromEnumerable([new Mixed { Text = "2.5", Whole = 300, Flag = true }]);
        IDataView converted = _ml.Transforms.Conversion.ConvertType("Text", outputKind: DataKind.Single)
            .Append(_ml.Transforms.Conversion.ConvertType("Small", "Whole", DataKind.SByte))
            .Append(_ml.Transforms.Conversion.ConvertType("Real", "Whole", DataKind.Double))
            .Append(_ml.Transforms.Conversion.ConvertType("Flag", outputKind: DataKind.Single))
            .Fit(data).Transform(data);
        Assert.AreEqual(2.5f, converted.GetColumn<float>("Text").Single());
        Assert.AreEqual(unchecked((sbyte)300), converted.GetColumn<sbyte>("Small").Single());
        Assert.AreEqual(300.0, converted.GetColumn<double>("Real").Single());
        Assert.AreEqual(1f, converted.GetColumn<float>("Flag").Single());
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => _ml.Transforms.Conversion.ConvertType("Single", outputKind: DataKind.Int32).Fit(data));
    }

    [TestMethod]
    public void Min_max_scales_by_the_largest_magnitude_or_to_zero_and_one()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(new float[] { -4, 2, 8 }.Select(x => new Number { Value = x }));
        IDataView kept = _ml.Transforms.NormalizeMinMax("Out", "Value").Fit(data).Transform(data);
        CollectionAssert.AreEqual(new[] { -0.5f, 0.25f, 1f }, kept.GetColumn<float>("Out").ToArray());
        IDataView moved = _ml.Transforms.NormalizeMinMax("Out", "Value", fixZero: false).Fit(data).Transform(data);
        CollectionAssert.AreEqual(new[] { 0f, 0.5f, 1f }, moved.GetColumn<float>("Out").ToArray());
    }

    private static string[] KeyValues(DataViewSchema.Column column)
    {
        VBuffer<ReadOnlyMemory<char>> values = default;
        column.GetKeyValues(ref values);
        return [.. values.DenseValues().Select(value => value.ToString())];
    }

    private static string[] SlotNames(DataViewSchema.Column column)
    {
        VBuffer<ReadOnlyMemory<char>> names = default;
        column.GetSlotNames(ref names);
        return [.. names.DenseValues().Select(name => name.ToString())];
    }

    private IDataView Keys(
        ValueToKeyMappingEstimator.KeyOrdinality order = ValueToKeyMappingEstimator.KeyOrdinality.ByOccurrence)
    {
        IDataView data = Words("pear", "apple", "pear", "plum", "");
        return _ml.Transforms.Conversion.MapValueToKey("Key", "Word", keyOrdinality: order).Fit(data).Transform(data);
    }

    private IDataView Words(params string[] words) =>
        _ml.Data.LoadFromEnumerable(words.Select(word => new OneWord { Word = word }).ToArray());

    private sealed class OneWord
    {
        public string? Word { get; set; }
    }

    private sealed class Number
    {
        public float Value { get; set; }
    }

    private sealed class BareKey
    {
        [KeyType(2)]
        public uint Key { get; set; }
    }

    private sealed class Parts
    {
        public float One { get; set; }

        [VectorType(2)]
        public float[]? Two { get; set; }

        public float Three { get; set; }
    }

    private sealed class Mixed
    {
        public float Single { get; set; }

        public double Double { get; set; }

        public int Whole { get; set; }

        public bool Flag { get; set; }

        public string? Text { get; set; }

        [KeyType(2)]
        public uint Key { get; set; }
    }
}
