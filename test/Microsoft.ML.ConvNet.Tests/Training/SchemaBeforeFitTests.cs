using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Tests.Rows;
using Microsoft.ML.Data;

namespace Microsoft.ML.ConvNet.Tests.Training;

/// <summary>What a schema tells is said before a row is read.</summary>
[TestClass]
public sealed class SchemaBeforeFitTests
{
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void A_missing_feature_column_is_an_error_before_training() => Fails(
        options => options.FeatureColumnName = "Pixels", "no feature column \"Pixels\"", "Received: ", "Features");

    [TestMethod]
    public void A_missing_label_column_is_an_error_before_training() => Fails(
        options => options.LabelColumnName = "Class", "no label column \"Class\"", "Received: ", "Label");

    [TestMethod]
    public void A_feature_column_of_text_is_an_error_before_training() => Fails(
        options => options.FeatureColumnName = "Text", "feature column \"Text\"", "MLImage", "Received: String");

    [TestMethod]
    public void A_label_that_is_no_key_is_an_error_that_names_MapValueToKey() => Fails(
        options => options.LabelColumnName = "Features", "label column \"Features\"", "Received: Vector<Single", "MapValueToKey(\"Features\")");

    [TestMethod]
    public void A_label_of_numbers_is_an_error_that_names_MapValueToKey()
    {
        IDataView data = _context.Data.LoadFromEnumerable([new NumberLabelRow { Features = new float[64], Label = 1 }]);
        data = _context.Transforms.Conversion.ConvertType("Label", outputKind: DataKind.Double).Fit(data).Transform(data);
        ErrorText.Is<ArgumentOutOfRangeException>(
            () => _context.MulticlassClassification.Trainers.ConvNet(BarModels.Options()).Fit(data), "Received: Double", "MapValueToKey(\"Label\")");
    }

    [TestMethod]
    public void A_network_for_another_size_is_an_error_before_a_row_is_read() => FailsUnread(
        options => UseNetwork(options, Network.Input(28, 28, 1).Flatten().Dense(3).Softmax()), "28x28x1 = 784", "\"Features\"", "64 values");

    [TestMethod]
    public void A_network_for_another_number_of_classes_is_an_error_before_a_row_is_read() => FailsUnread(
        options => UseNetwork(options, Network.Input(8, 8, 1).Flatten().Dense(10).Softmax()), "each of the 3 classes", "Received: 10 outputs", "Dense(3)");

    [TestMethod]
    public void A_network_whose_output_is_an_image_is_an_error_before_a_row_is_read() => FailsUnread(
        options => UseNetwork(options, Network.Input(8, 8, 1).Conv(3, 3)), "each of the 3 classes", "Received: 6x6x3");

    [TestMethod]
    public void An_image_smaller_than_the_first_window_is_an_error_before_a_row_is_read()
    {
        WatchedDataView data = new(BarModels.Keyed(_context, BarImages.Create(6)), "Features");
        ConvNetMulticlassTrainer trainer = _context.MulticlassClassification.Trainers.ConvNet(
            "Label", "Features", (input, classes) => input.Conv(4, 11).Flatten().Dense(classes));
        NetworkDefinitionException exception = Assert.ThrowsExactly<NetworkDefinitionException>(() => trainer.Fit(data));
        StringAssert.Contains(exception.Message, "11");
        StringAssert.Contains(exception.Message, "8");
        Assert.AreEqual(0, data.Cursors);
    }

    [TestMethod]
    public void A_label_with_more_values_than_classes_can_be_is_an_error()
    {
        DataViewSchema.Builder builder = new();
        builder.AddColumn("Features", new VectorDataViewType(NumberDataViewType.Single, 8, 8, 1));
        builder.AddColumn("Label", new KeyDataViewType(typeof(uint), uint.MaxValue));
        ErrorText.Is<ArgumentOutOfRangeException>(
            () => _context.MulticlassClassification.Trainers.ConvNet(BarModels.Options()).Fit(new UnreadableDataView(builder.ToSchema())),
            "from 2 to",
            "4294967295 values",
            "KeyType");
    }

    [TestMethod]
    public void A_label_with_one_class_is_an_error()
    {
        IDataView data = BarModels.Keyed(_context, BarImages.Create(9).Where(row => row.Label == "lying"));
        ErrorText.Is<ArgumentOutOfRangeException>(
            () => _context.MulticlassClassification.Trainers.ConvNet(BarModels.Options()).Fit(data), "two classes or more", "Received: one class, \"lying\"");
    }

    [TestMethod]
    public void The_shape_that_is_promised_is_the_schema_that_comes()
    {
        IDataView data = BarModels.Keyed(_context, BarImages.Create(9));
        ConvNetMulticlassTrainer trainer = _context.MulticlassClassification.Trainers.ConvNet(Quick());
        SchemaShape promised = _context.Transforms.CopyColumns("Copy", "Number").Append(trainer).GetOutputSchema(ShapeOf(data));
        DataViewSchema came = trainer.Fit(data).GetOutputSchema(data.Schema);
        foreach (string name in new[] { "Score", "PredictedLabel", "Features", "Label", "Number" })
        {
            SchemaShape.Column promise = promised.Single(column => column.Name == name);
            SchemaShape.Column real = ShapeOf(came).Single(column => column.Name == name);
            AssertSame(real, promise);
        }
    }

    [TestMethod]
    public void The_shape_without_key_values_is_the_schema_that_comes()
    {
        IDataView data = _context.Data.LoadFromEnumerable(
            BarImages.Create(9).Select((row, i) => new KeyRow { Features = row.Features, Label = (uint)(i % 3) }));
        ConvNetMulticlassTrainer trainer = _context.MulticlassClassification.Trainers.ConvNet(Quick());
        SchemaShape promised = trainer.GetOutputSchema(ShapeOf(data));
        SchemaShape came = ShapeOf(trainer.Fit(data).GetOutputSchema(data.Schema));
        AssertSame(came.Single(column => column.Name == "Score"), promised.Single(column => column.Name == "Score"));
        AssertSame(came.Single(column => column.Name == "PredictedLabel"), promised.Single(column => column.Name == "PredictedLabel"));
    }

    [TestMethod]
    public void A_pipeline_is_checked_before_its_first_estimator_trains()
    {
        WatchedDataView data = new(_context.Data.LoadFromEnumerable(BarImages.Create(6)), "Label");
        EstimatorChain<ConvNetTransformer> pipeline = _context.Transforms.Conversion.MapValueToKey("Key", "Label")
            .Append(_context.Transforms.ConvNet("Score", "Features", "Features", "lenet5"));
        ErrorText.Is<ArgumentOutOfRangeException>(() => pipeline.Fit(data), "label column \"Features\"", "MapValueToKey");
        Assert.AreEqual(0, data.Values);
    }

    [TestMethod]
    public void Options_that_cannot_be_are_refused_when_the_estimator_is_made()
    {
        Refused(options => options.NetworkBuilder = null, "NetworkBuilder", "Received: none");
        Refused(options => options.Architecture = "lenet5", "Received: several");
        Refused(options => (options.NetworkBuilder, options.Architecture) = (null, "lenet6"), "no architecture \"lenet6\"", "lenet5");
        Refused(options => options.Epoch = 0, "Epoch is at least 1. Received: 0");
        Refused(options => options.BatchSize = -1, "BatchSize is at least 1. Received: -1");
        Refused(options => options.LearningRate = float.NaN, "LearningRate is more than 0. Received: NaN");
        Refused(options => options.ValidationSetFraction = 1, "ValidationSetFraction is between 0 and 1. Received: 1");
        Refused(options => options.NumberOfThreads = -1, "NumberOfThreads is from 0 to 1024. Received: -1");
        Refused(options => options.EarlyStoppingPatience = 0, "EarlyStoppingPatience is at least 1. Received: 0");
        Refused(options => options.PixelScales = [float.PositiveInfinity], "PixelScales");
        Refused(options => options.PredictedLabelColumnName = "Score", "columns of two names. Received: \"Score\"");
    }

    private static SchemaShape ShapeOf(IDataView data) => ShapeOf(data.Schema);

    private static SchemaShape ShapeOf(DataViewSchema schema) => SchemaShapes.Of(schema);

    private static void AssertSame(SchemaShape.Column expected, SchemaShape.Column actual)
    {
        Assert.AreEqual(expected.Name, actual.Name);
        Assert.AreEqual(expected.Kind, actual.Kind);
        Assert.AreEqual(expected.ItemType, actual.ItemType);
        Assert.AreEqual(expected.IsKey, actual.IsKey);
        string[] names = [.. expected.Annotations.Select(annotation => annotation.Name).Order()];
        string[] actualNames = [.. actual.Annotations.Select(annotation => annotation.Name).Order()];
        CollectionAssert.AreEqual(names, actualNames, expected.Name);
        foreach (string name in names)
        {
            AssertSame(
                expected.Annotations.Single(annotation => annotation.Name == name), actual.Annotations.Single(annotation => annotation.Name == name));
        }
    }

    private static void UseNetwork(ConvNetMulticlassTrainer.Options options, Network network)
    {
        options.NetworkBuilder = null;
        options.Network = network;
    }

    private static ConvNetMulticlassTrainer.Options Quick()
    {
        ConvNetMulticlassTrainer.Options options = BarModels.Options();
        options.Epoch = 1;
        return options;
    }

    private void Refused(Action<ConvNetMulticlassTrainer.Options> set, params string[] parts)
    {
        ConvNetMulticlassTrainer.Options options = BarModels.Options();
        set(options);
        ErrorText.Is<ArgumentException>(() => _context.MulticlassClassification.Trainers.ConvNet(options), parts);
    }

    private void Fails(Action<ConvNetMulticlassTrainer.Options> set, params string[] parts)
    {
        IDataView data = BarModels.Keyed(_context, BarImages.Create(6));
        data = _context.Transforms.Conversion.MapKeyToValue("Text", "Label").Fit(data).Transform(data);
        ConvNetMulticlassTrainer.Options options = BarModels.Options();
        set(options);
        ConvNetMulticlassTrainer trainer = _context.MulticlassClassification.Trainers.ConvNet(options);
        ErrorText.Is<ArgumentOutOfRangeException>(() => trainer.GetOutputSchema(ShapeOf(data)), parts);
        ErrorText.Is<ArgumentOutOfRangeException>(() => trainer.Fit(data), parts);
    }

    private void FailsUnread(Action<ConvNetMulticlassTrainer.Options> set, params string[] parts)
    {
        WatchedDataView data = new(BarModels.Keyed(_context, BarImages.Create(6)), "Features");
        ConvNetMulticlassTrainer.Options options = BarModels.Options();
        set(options);
        ErrorText.Is<ArgumentOutOfRangeException>(
            () => _context.MulticlassClassification.Trainers.ConvNet(options).Fit(data), parts);
        Assert.AreEqual(0, data.Cursors);
    }
}
