using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Tests.Rows;
using Microsoft.ML.Data;

namespace Microsoft.ML.ConvNet.Tests.Columns;

/// <summary>Each bad row or column gets one line that names what was received.</summary>
[TestClass]
public sealed class BadRowTests
{
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    [DataRow(float.NaN, "NaN")]
    [DataRow(float.PositiveInfinity, "Infinity")]
    [DataRow(float.NegativeInfinity, "-Infinity")]
    public void A_pixel_that_is_no_number_names_its_row(float value, string text)
    {
        BarRow[] rows = BarImages.Create(12);
        rows[7].Features![5] = value;
        IDataView data = BarModels.Keyed(_context, rows);
        ErrorText.Is<InvalidDataException>(() => Trainer().Fit(data), "\"Features\", row 7", $"Received: {text}");

        ConvNetTransformer model = BarModels.Train(_context);
        ErrorText.Is<InvalidDataException>(() => _ = model.Transform(data).GetColumn<float[]>("Score").ToArray(), "\"Features\", row 7", $"Received: {text}");
        Assert.HasCount(7, model.Transform(_context.Data.TakeRows(data, 7)).GetColumn<float[]>("Score").ToArray());
    }

    [TestMethod]
    public void A_row_without_values_names_itself()
    {
        BarRow[] rows = BarImages.Create(9);
        rows[4].Features = null;
        ErrorText.Is<InvalidDataException>(
            () => Trainer().Fit(BarModels.Keyed(_context, rows)), "\"Features\", row 4", "64 values. Received: 0");
    }

    [TestMethod]
    public void A_row_without_an_image_names_itself()
    {
        IDataView data = Images(Image(8, 8), Image(8, 8), null);
        ErrorText.Is<InvalidDataException>(() => ImageTrainer().Fit(data), "\"Features\", row 2", "Received: none");
    }

    [TestMethod]
    public void An_image_of_another_size_names_both_sizes_and_ResizeImages()
    {
        IDataView data = Images(Image(8, 8), Image(5, 9), Image(8, 8));
        ErrorText.Is<InvalidDataException>(() => ImageTrainer().Fit(data), "row 1", "8x8", "Received: 5x9", "ResizeImages");
    }

    [TestMethod]
    public void A_column_of_images_of_another_size_is_an_error_before_a_row_is_read()
    {
        DataViewSchema.Builder builder = new();
        builder.AddColumn("Features", new Transforms.Image.ImageDataViewType(5, 9));
        builder.AddColumn("Label", new KeyDataViewType(typeof(uint), 3));
        ErrorText.Is<ArgumentOutOfRangeException>(
            () => ImageTrainer().Fit(new UnreadableDataView(builder.ToSchema())), "8x8", "5x9", "ResizeImages", "imageWidth 8");
    }

    [TestMethod]
    public void A_network_is_built_for_the_first_of_images_of_any_size_and_the_others_must_have_it()
    {
        using ImageFiles files = new((8, 8), (8, 8), (5, 9));
        IDataView data = files.Load(_context);
        ErrorText.Is<InvalidDataException>(
            () => _context.MulticlassClassification.Trainers.ConvNet("Label", "Image", "mnist-convnet", epoch: 1).Fit(data),
            "\"Image\", row 2",
            "8x8",
            "Received: 5x9",
            "ResizeImages");
        ConvNetTransformer model = _context.MulticlassClassification.Trainers.ConvNet("Label", "Image", "mnist-convnet", epoch: 1)
            .Fit(_context.Data.TakeRows(data, 2));
        Assert.AreEqual("8x8x3", model.Network.InputShape.ToString());
        IDataView resized = _context.Transforms.ResizeImages("Image", imageWidth: 8, imageHeight: 8).Fit(data).Transform(data);
        Assert.HasCount(3, model.Transform(resized).GetColumn<float[]>("Score").ToArray());
    }

    [TestMethod]
    public void Images_feed_networks_of_one_or_three_channels_only() => ErrorText.Is<ArgumentOutOfRangeException>(
        () => _context.MulticlassClassification.Trainers
            .ConvNet("Label", "Features", Network.Input(8, 8, 4).Flatten().Dense(2)).Fit(Images(Image(8, 8), Image(8, 8))),
        "[height, width, 3]",
        "8x8x4");

    [TestMethod]
    [DataRow(63)]
    [DataRow(0)]
    public void A_vector_column_that_is_no_image_is_an_error(int size)
    {
        DataViewSchema.Builder builder = new();
        builder.AddColumn("Features", new VectorDataViewType(NumberDataViewType.Single, size));
        builder.AddColumn("Label", new KeyDataViewType(typeof(uint), 3));
        string expected = size == 0 ? "vectors of known size" : "is no image of 1 or 3 channels";
        ErrorText.Is<ArgumentOutOfRangeException>(() => Trainer().Fit(new UnreadableDataView(builder.ToSchema())), "\"Features\"", expected);
    }

    [TestMethod]
    public void Vectors_of_doubles_are_an_error_that_names_what_would_do()
    {
        DataViewSchema.Builder builder = new();
        builder.AddColumn("Features", new VectorDataViewType(NumberDataViewType.Double, 8, 8, 1));
        builder.AddColumn("Label", new KeyDataViewType(typeof(uint), 3));
        ErrorText.Is<ArgumentOutOfRangeException>(() => Trainer().Fit(new UnreadableDataView(builder.ToSchema())), "Single or Byte", "ConvertType");
    }

    [TestMethod]
    public void Dimensions_that_are_not_those_of_the_network_are_an_error()
    {
        DataViewSchema.Builder builder = new();
        builder.AddColumn("Features", new VectorDataViewType(NumberDataViewType.Single, 4, 16, 1));
        builder.AddColumn("Label", new KeyDataViewType(typeof(uint), 3));
        ErrorText.Is<ArgumentOutOfRangeException>(
            () => _context.MulticlassClassification.Trainers.ConvNet("Label", "Features", Network.Input(8, 8, 1).Flatten().Dense(3))
                .Fit(new UnreadableDataView(builder.ToSchema())),
            "8x8x1",
            "[1, 8, 8]",
            "4, 16, 1");
    }

    [TestMethod]
    public void A_model_refuses_a_schema_without_its_column_when_it_is_applied()
    {
        ConvNetTransformer model = BarModels.Train(_context);
        IDataView data = _context.Transforms.DropColumns("Features").Fit(BarModels.Keyed(_context, BarImages.Create(3)))
            .Transform(BarModels.Keyed(_context, BarImages.Create(3)));
        ErrorText.Is<ArgumentOutOfRangeException>(() => model.Transform(data), "no feature column \"Features\"");
    }

    private static MLImage Image(int height, int width) =>
        MLImage.CreateFromPixels(width, height, MLPixelFormat.Bgra32, new byte[4 * height * width]);

    private ConvNetMulticlassTrainer Trainer() => _context.MulticlassClassification.Trainers.ConvNet(BarModels.Options());

    private ConvNetMulticlassTrainer ImageTrainer() =>
        _context.MulticlassClassification.Trainers.ConvNet("Label", "Features", Network.Input(8, 8, 3).Flatten().Dense(3));

    private IDataView Images(params MLImage?[] images)
    {
        IDataView data = _context.Data.LoadFromEnumerable(
            images.Select((image, i) => new ImageRow { Features = image, Label = BarImages.Classes[i % 3] }).ToArray());
        return _context.Transforms.Conversion.MapValueToKey("Label").Fit(data).Transform(data);
    }
}
