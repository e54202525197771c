using Microsoft.ML.ConvNet.Tests.Rows;
using Microsoft.ML.Data;

namespace Microsoft.ML.ConvNet.Tests.Columns;

[TestClass]
public sealed class LabelTests
{
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void Scores_and_predicted_labels_carry_the_class_names()
    {
        ConvNetTransformer model = BarModels.Train(_context);
        CollectionAssert.AreEqual(BarImages.Classes, model.ClassNames.ToArray());
        AssertAnnotations(model.GetOutputSchema(BarModels.Keyed(_context, BarImages.Create(3)).Schema));
    }

    [TestMethod]
    public void A_second_scoring_of_a_schema_gets_a_set_number_of_its_own()
    {
        ConvNetTransformer model = BarModels.Train(_context);
        IDataView twice = model.Transform(model.Transform(BarModels.Keyed(_context, BarImages.Create(3))));
        uint[] ids = [.. twice.Schema.Where(column => column.Name == "Score").Select(SetId)];
        CollectionAssert.AreEqual(new uint[] { 1, 2 }, ids);
    }

    [TestMethod]
    public void Keys_without_values_are_named_by_their_numbers()
    {
        ConvNetTransformer model = _context.MulticlassClassification.Trainers.ConvNet(BarModels.Options()).Fit(KeyRows(60));
        CollectionAssert.AreEqual(new[] { "0", "1", "2" }, model.ClassNames.ToArray());
        DataViewSchema schema = model.GetOutputSchema(KeyRows(3).Schema);
        Assert.AreEqual(new KeyDataViewType(typeof(uint), 3), schema["PredictedLabel"].Type);
        Assert.IsNull(schema["PredictedLabel"].Annotations.Schema.GetColumnOrNull("KeyValues"));
        Assert.IsNull(schema["Score"].Annotations.Schema.GetColumnOrNull("SlotNames"));
    }

    [TestMethod]
    public void Predicted_keys_count_from_one_as_the_label_column_does()
    {
        ConvNetMulticlassTrainer.Options options = BarModels.Options();
        options.Epoch = 15;
        IDataView scored = _context.MulticlassClassification.Trainers.ConvNet(options).Fit(KeyRows(90)).Transform(KeyRows(30));
        uint[] labels = [.. scored.GetColumn<uint>("Label")];
        uint[] predicted = [.. scored.GetColumn<uint>("PredictedLabel")];
        CollectionAssert.AreEquivalent(new uint[] { 1, 2, 3 }, labels.Distinct().ToArray());
        Assert.IsGreaterThan(27, labels.Zip(predicted).Count(pair => pair.First == pair.Second));
    }

    [TestMethod]
    public void Predicted_labels_have_the_key_type_of_the_label_also_after_a_reload()
    {
        IDataView data = _context.Data.LoadFromEnumerable(
            Rows(90).Select(row => new ByteKeyRow { Features = row.Features, Label = (byte)row.Label }).ToArray());
        ConvNetTransformer model = Train(data);
        using TemporaryFile file = new();
        _context.Model.Save(model, data.Schema, file.Name);
        foreach (ITransformer transformer in new[] { model, _context.Model.Load(file.Name, out _) })
        {
            IDataView scored = transformer.Transform(data);
            Assert.AreEqual(new KeyDataViewType(typeof(byte), 3), scored.Schema["PredictedLabel"].Type);
            int right = scored.GetColumn<byte>("Label").Zip(scored.GetColumn<byte>("PredictedLabel")).Count(pair => pair.First == pair.Second);
            Assert.IsGreaterThan(45, right);
        }
    }

    [TestMethod]
    public void Rows_without_a_label_are_left_out_and_counted_in_a_warning()
    {
        List<string> messages = [];
        _context.Log += (_, message) => messages.Add(message.Message);
        KeyRow[] rows = [.. Rows(60), .. Rows(10).Select(row => new KeyRow { Features = row.Features, Label = 7 })];
        ConvNetTransformer withMissing = Train(_context.Data.LoadFromEnumerable(rows));
        ConvNetTransformer without = Train(KeyRows(60));
        CollectionAssert.AreEqual(BarModels.WeightBits(without), BarModels.WeightBits(withMissing));
        Assert.IsTrue(messages.Any(message => message.Contains("10 of 70 rows of the training data have no label", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void A_key_past_the_number_of_classes_names_its_row_and_one_of_0_is_a_missing_label()
    {
        ErrorText.Is<InvalidDataException>(
            () => Train(new ReplacedKeyDataView(KeyRows(60), "Label", at: 41, key: 4)),
            "\"Label\", row 41",
            "a class is from 1 to 3. Received: 4.");
        List<string> messages = [];
        _context.Log += (_, message) => messages.Add(message.Message);
        Train(new ReplacedKeyDataView(KeyRows(60), "Label", at: 41, key: 0));
        Assert.IsTrue(messages.Any(message => message.Contains("1 of 60 rows of the training data have no label", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void Rows_without_any_label_are_an_error() => ErrorText.Is<InvalidDataException>(
        () => Train(_context.Data.LoadFromEnumerable(Rows(4).Select(row => new KeyRow { Features = row.Features, Label = 9 }))),
        "Received: 4 rows, the label \"Label\" missing in all of them");

    [TestMethod]
    public void No_rows_are_an_error() => ErrorText.Is<InvalidDataException>(
        () => Train(_context.Data.LoadFromEnumerable(Array.Empty<KeyRow>())), "training data has rows. Received: none");

    [TestMethod]
    public void Values_of_numbers_go_to_the_annotations_as_numbers()
    {
        IDataView data = _context.Data.LoadFromEnumerable(
            BarImages.Create(12).Select((row, i) => new NumberLabelRow { Features = row.Features, Label = i % 3 == 0 ? 0.1f : i % 3 }));
        data = _context.Transforms.Conversion.MapValueToKey("Label").Fit(data).Transform(data);
        ConvNetTransformer model = Train(data);
        CollectionAssert.AreEqual(new[] { "0.1", "1", "2" }, model.ClassNames.ToArray());
        IDataView scored = model.Transform(data);
        VBuffer<float> values = default;
        scored.Schema["Score"].Annotations.GetValue("TrainingLabelValues", ref values);
        CollectionAssert.AreEqual(new[] { 0.1f, 1, 2 }, values.DenseValues().ToArray());
        Assert.IsNull(scored.Schema["Score"].Annotations.Schema.GetColumnOrNull("SlotNames"));
        IDataView named = _context.Transforms.Conversion.MapKeyToValue("PredictedLabel").Fit(scored).Transform(scored);
        Assert.IsTrue(named.GetColumn<float>("PredictedLabel").All(value => value is 0.1f or 1 or 2));
    }

    /// <summary>Checks what ML.NET's components ask of the two columns.</summary>
    internal static void AssertAnnotations(DataViewSchema schema)
    {
        DataViewSchema.Column score = schema["Score"];
        DataViewSchema.Column predicted = schema["PredictedLabel"];
        Assert.AreEqual(new VectorDataViewType(NumberDataViewType.Single, 3), score.Type);
        Assert.AreEqual(new KeyDataViewType(typeof(uint), 3), predicted.Type);
        VBuffer<ReadOnlyMemory<char>> names = default;
        score.GetSlotNames(ref names);
        CollectionAssert.AreEqual(BarImages.Classes, Texts(names));
        score.Annotations.GetValue("TrainingLabelValues", ref names);
        CollectionAssert.AreEqual(BarImages.Classes, Texts(names));
        predicted.GetKeyValues(ref names);
        CollectionAssert.AreEqual(BarImages.Classes, Texts(names));
        Assert.AreEqual("MulticlassClassification", Text(score, "ScoreColumnKind"));
        Assert.AreEqual("Score", Text(score, "ScoreValueKind"));
        Assert.AreEqual("MulticlassClassification", Text(predicted, "ScoreColumnKind"));
        Assert.AreEqual("PredictedLabel", Text(predicted, "ScoreValueKind"));
        Assert.AreEqual(SetId(score), SetId(predicted));
    }

    private static string[] Texts(VBuffer<ReadOnlyMemory<char>> values) => [.. values.DenseValues().Select(value => value.ToString())];

    private static string Text(DataViewSchema.Column column, string annotation)
    {
        ReadOnlyMemory<char> text = default;
        column.Annotations.GetValue(annotation, ref text);
        return text.ToString();
    }

    private static uint SetId(DataViewSchema.Column column)
    {
        uint id = 0;
        column.Annotations.GetValue("ScoreColumnSetId", ref id);
        return id;
    }

    private static IEnumerable<KeyRow> Rows(int count) => BarImages.Create(count)
        .Select(row => new KeyRow { Features = row.Features, Label = (uint)Array.IndexOf(BarImages.Classes, row.Label) });

    private ConvNetTransformer Train(IDataView data)
    {
        ConvNetMulticlassTrainer.Options options = BarModels.Options();
        options.Seed = 3;
        return _context.MulticlassClassification.Trainers.ConvNet(options).Fit(data);
    }

    private IDataView KeyRows(int count) => _context.Data.LoadFromEnumerable(Rows(count).ToArray());
}
