using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Running;
using Microsoft.ML.ConvNet.Tests.Rows;
using Microsoft.ML.ConvNet.Tests.Saving;
using Microsoft.ML.Data;

namespace Microsoft.ML.ConvNet.Tests.Transfer;

/// <summary>The first layers of a trained network in front of another trainer.</summary>
[TestClass]
public sealed class FeaturizerTests
{
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void Features_are_what_the_layers_give_of_the_resized_and_normalised_image()
    {
        using PretrainedModel model = Pictures.Model();
        IDataView rows = Pictures.Load(_context, Pictures.Create(5));
        float[][] received = Features(rows, "Image", model, "stem.relu");
        MLImage[] images = [.. rows.GetColumn<MLImage>("Image")];
        Network features = model.Network.Truncate("stem.relu");
        using Weights weights = model.Weights.CopyFor(features);
        using InferenceModel engine = new(features, weights);
        for (int i = 0; i < images.Length; i++)
        {
            float[] expected = new float[features.OutputShape.ElementCount];
            engine.Predict(Pixels(images[i], model), 1, expected);
            CollectionAssert.AreEqual(expected, received[i], $"row {i}");
        }
    }

    [TestMethod]
    public void The_column_is_a_vector_of_the_layers_shape_and_the_default_is_what_stands_before_the_classifier()
    {
        using PretrainedModel model = Pictures.Model();
        IDataView rows = Pictures.Load(_context, Pictures.Create(2));
        Assert.AreEqual("Vector<Single, 8, 8, 6>", TypeOf(rows, new() { Model = model, Layer = "stem" }));
        Assert.AreEqual("Vector<Single, 6>", TypeOf(rows, new() { Model = model, Layer = "stem", Pooling = true }));
        Assert.AreEqual("features", model.FeatureLayer);
        Assert.AreEqual("Vector<Single, 8>", TypeOf(rows, new() { Model = model }));
        Assert.AreEqual("Vector<Single, 2, 2, 8>", TypeOf(rows, new() { Model = model, Pooling = false }));
        Assert.AreEqual("Vector<Single, 5, 7, 8>", TypeOf(rows, new() { Model = model, Pooling = false, ImageHeight = 16, ImageWidth = 20 }));
    }

    [TestMethod]
    public void The_bytes_of_image_files_give_the_same_as_images()
    {
        using PretrainedModel model = Pictures.Model();
        IDataView rows = Pictures.Load(_context, Pictures.Create(6));
        float[][] images = Features(rows, "Image", model);
        float[][] files = Features(rows, "File", model);
        for (int i = 0; i < images.Length; i++)
        {
            CollectionAssert.AreEqual(images[i], files[i]);
        }

        Assert.AreNotEqual(images[0][0], images[1][0]);
    }

    [TestMethod]
    public void Bad_files_and_images_are_named_by_their_row()
    {
        using PretrainedModel model = Pictures.Model();
        PictureRow[] pictures = Pictures.Create(3);
        pictures[1].File = [1, 2, 3];
        ErrorText.Is<InvalidDataException>(
            () => Features(_context.Data.LoadFromEnumerable(pictures), "File", model), "Column \"File\", row 1", "Received: 3 bytes that cannot be decoded");
        pictures[1].File = [];
        ErrorText.Is<InvalidDataException>(() => Features(_context.Data.LoadFromEnumerable(pictures), "File", model), "the row has an image. Received: none");
        IDataView rows = Pictures.Load(_context, Pictures.Create(3));
        ErrorText.Is<InvalidDataException>(
            () => Read(rows, new() { Model = model, InputColumnName = "Image", Resizing = ImageResizing.None }), "the network takes images of 10x10");
        ErrorText.Is<ArgumentOutOfRangeException>(() => Features(rows, "Number", model), "Number");
        ErrorText.Is<ArgumentOutOfRangeException>(() => Features(rows, "Nothing", model), "There is no input column \"Nothing\"");
    }

    [TestMethod]
    public void An_image_file_whose_header_says_too_many_pixels_is_named_and_not_decoded()
    {
        using PretrainedModel model = Pictures.Model();
        PictureRow[] pictures = Pictures.Create(3);
        pictures[1].File = PngFile.OfHeader(30_000, 40_000);
        ErrorText.Is<InvalidDataException>(
            () => Features(_context.Data.LoadFromEnumerable(pictures), "File", model),
            "Column \"File\", row 1",
            "an image has at most 200000000 pixels. Received: 30000x40000 (height x width)");
    }

    [TestMethod]
    [DataRow(20_000, 25_000, 500_000_000, null)]
    [DataRow(20_000, 25_001, 500_000_000, "an image has at most 500000000 pixels. Received: 20000x25001 (height x width)")]
    [DataRow(65_536, 65_537, 200_000_000, "an image has at most 200000000 pixels. Received: 65536x65537 (height x width)")]
    public void An_image_has_at_most_so_many_pixels_though_their_number_is_none_of_32_bits(int height, int width, int most, string? fault) =>
        Assert.AreEqual(fault, ConvNet.Columns.ImagePixels.FaultOf(height, width, most));

    [TestMethod]
    public void Options_that_will_not_do_are_refused_when_the_estimator_is_made()
    {
        using PretrainedModel model = Pictures.Model();
        ErrorText.Is<ArgumentException>(() => _context.Transforms.ConvNetFeaturizer(new()), "Model is the network that makes the features");
        ErrorText.Is<ArgumentException>(() => _context.Transforms.ConvNetFeaturizer("F", "Image", model, "none"), "Received: \"none\"");
        ErrorText.Is<ArgumentException>(() => _context.Transforms.ConvNetFeaturizer(new() { Model = model, ImageHeight = 0 }), "ImageHeight is at least 1");
        using PretrainedModel linear = Linear();
        ErrorText.Is<ArgumentException>(() => _context.Transforms.ConvNetFeaturizer("F", "Image", linear), "whose classifier reads the images themselves");
    }

    [TestMethod]
    public void The_model_may_be_disposed_of_when_the_estimator_is_made()
    {
        IDataView rows = Pictures.Load(_context, Pictures.Create(2));
        PretrainedModel model = Pictures.Model();
        ConvNetFeaturizerEstimator estimator = _context.Transforms.ConvNetFeaturizer("F", "Image", model);
        float[] expected = Features(rows, "Image", model)[0];
        model.Dispose();
        CollectionAssert.AreEqual(expected, estimator.Fit(rows).Transform(rows).GetColumn<float[]>("F").First());
    }

    [TestMethod]
    public void It_is_saved_and_loaded_with_the_model_in_a_fresh_process_too()
    {
        using TemporaryFile file = new();
        using PretrainedModel model = BarModel();
        IDataView data = _context.Data.LoadFromEnumerable(BarImages.Create(90));
        var trained = _context.Transforms.ConvNetFeaturizer("Bars", "Features", model)
            .Append(_context.Transforms.Conversion.MapValueToKey("Label"))
            .Append(_context.MulticlassClassification.Trainers.LbfgsMaximumEntropy("Label", "Bars"))
            .Append(_context.Transforms.Conversion.MapKeyToValue("PredictedLabel"))
            .Fit(data);
        _context.Model.Save(trained, data.Schema, file.Name);
        string[] expected = [.. FreshProcess.Score(_context, trained, 8)];
        CollectionAssert.AreEqual(expected, FreshProcess.Run(file.Name, 8));
        Assert.IsGreaterThan(0.9, _context.MulticlassClassification.Evaluate(trained.Transform(data)).MicroAccuracy);
    }

    [TestMethod]
    public void A_saved_featurizer_has_all_that_it_had_and_is_itself_a_pretrained_model()
    {
        using TemporaryFile file = new();
        using PretrainedModel model = Pictures.Model();
        IDataView rows = Pictures.Load(_context, Pictures.Create(2));
        ConvNetFeaturizerTransformer saved = _context.Transforms.ConvNetFeaturizer(
            new ConvNetFeaturizerEstimator.Options { OutputColumnName = "F", InputColumnName = "Image", Model = model, Resizing = ImageResizing.Pad }).Fit(rows);
        _context.Model.Save(saved, rows.Schema, file.Name);
        ConvNetFeaturizerTransformer loaded = (ConvNetFeaturizerTransformer)_context.Model.Load(file.Name, out _);
        Assert.AreEqual(saved.Network, loaded.Network);
        Assert.AreEqual(("Image", "F", ChannelOrder.Bgr, ImageBackground.White, ImageResizing.Pad),
            (loaded.InputColumnName, loaded.OutputColumnName, loaded.ChannelOrder, loaded.ImageBackground, loaded.Resizing));
        CollectionAssert.AreEqual(saved.PixelOffsets.ToArray(), loaded.PixelOffsets.ToArray());
        CollectionAssert.AreEqual(saved.PixelScales.ToArray(), loaded.PixelScales.ToArray());
        CollectionAssert.AreEqual(
            saved.Transform(rows).GetColumn<float[]>("F").Last(), loaded.Transform(rows).GetColumn<float[]>("F").Last());
        using PretrainedModel features = PretrainedModel.Load(file.Name);
        Assert.AreEqual(saved.Network, features.Network);
        ErrorText.Is<Storage.ModelFormatException>(
            () => _context.Transforms.ConvNet("Score", "Image", file.Name), "a network that predicts");
    }

    [TestMethod]
    public void Rows_one_by_one_and_in_many_cursors_give_the_same()
    {
        using PretrainedModel model = BarModel();
        IDataView data = _context.Data.LoadFromEnumerable(BarImages.Create(30));
        ConvNetFeaturizerTransformer transformer = _context.Transforms.ConvNetFeaturizer("Bars", "Features", model).Fit(data);
        float[][] all = [.. transformer.Transform(data).GetColumn<float[]>("Bars")];
        using PredictionEngine<BarRow, BarFeatures> engine = _context.Model.CreatePredictionEngine<BarRow, BarFeatures>(transformer);
        BarRow[] rows = BarImages.Create(30);
        Parallel.For(0, rows.Length, i =>
        {
            IDataView one = _context.Data.LoadFromEnumerable([rows[i]]);
            CollectionAssert.AreEqual(all[i], transformer.Transform(one).GetColumn<float[]>("Bars").Single());
        });
        for (int i = 0; i < rows.Length; i++)
        {
            CollectionAssert.AreEqual(all[i], engine.Predict(rows[i]).Bars);
        }
    }

    private static PretrainedModel Linear()
    {
        Network network = Network.Input(4, 4, 3).Apply(new Layers.Conv2D(2, 4)).GlobalAvgPool();
        return new PretrainedModel(network, Weights.Initialize(network, 1), new PixelNormalization([0], [1]), ChannelOrder.Rgb, "linear");
    }

    private static PretrainedModel BarModel()
    {
        Network network = Network.Input(8, 8, 1).Conv(12, 3).Relu().MaxPool(2).Flatten().Dense(24).Relu().Dense(5).Softmax();
        return new PretrainedModel(network, Weights.Initialize(network, 2), new PixelNormalization([40], [0.02f]), ChannelOrder.Rgb, "bars");
    }

    private static float[] Pixels(MLImage image, PretrainedModel model)
    {
        byte[] pixels = new byte[image.Height * image.Width * 3];
        (int red, int blue) = image.PixelFormat == MLPixelFormat.Bgra32 ? (2, 0) : (0, 2);
        for (int i = 0; i < image.Height * image.Width; i++)
        {
            // Blue first.
            (pixels[3 * i], pixels[(3 * i) + 1], pixels[(3 * i) + 2]) = (image.Pixels[(4 * i) + blue], image.Pixels[(4 * i) + 1], image.Pixels[(4 * i) + red]);
        }

        byte[] resized = new byte[Pictures.Side * Pictures.Side * 3];
        new ImageResizer(ImageResizing.Crop, [Pictures.Side, Pictures.Side, 3]).Resize(pixels, image.Height, image.Width, resized);
        float[] values = [.. resized.Select(value => (float)value)];
        model.Normalization.Apply(values);
        return values;
    }

    private string TypeOf(IDataView rows, ConvNetFeaturizerEstimator.Options options)
    {
        options.InputColumnName = "Image";
        return _context.Transforms.ConvNetFeaturizer(options).Fit(rows).GetOutputSchema(rows.Schema)["Features"].Type.ToString()!;
    }

    private float[][] Features(IDataView rows, string column, PretrainedModel model, string? layer = null) =>
        Read(rows, new() { InputColumnName = column, Model = model, Layer = layer });

    private float[][] Read(IDataView rows, ConvNetFeaturizerEstimator.Options options) =>
        [.. _context.Transforms.ConvNetFeaturizer(options).Fit(rows).Transform(rows).GetColumn<float[]>("Features")];

    private sealed class BarFeatures
    {
        public float[] Bars { get; set; } = [];
    }
}
