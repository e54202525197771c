using System.Text;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Tests.Rows;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.ConvNet.Tests.Columns;

/// <summary>What transparent pixels of images are to a network.</summary>
[TestClass]
public sealed class ImageBackgroundTests
{
    private const int Side = 6;

    private static readonly Func<SymbolicTensor, int, SymbolicTensor> Small =
        (input, classes) => input.Conv(4, 3).Relu().Flatten().Dense(classes);

    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    [DataRow(ImageBackground.White, new float[] { 255, 127, 127, 255, 255, 255, 10, 20, 30, 195, 198, 235 })]
    [DataRow(ImageBackground.Black, new float[] { 128, 0, 0, 0, 0, 0, 10, 20, 30, 3, 6, 43 })]
    public void Colours_of_a_file_lie_on_the_background_by_their_alpha(ImageBackground background, float[] expected)
    {
        // Red of alpha 128, nothing, an opaque colour, and (13, 25, 175) of alpha 63: 255 + (13 - 255) 63 / 255 = 195.2, and so on.
        byte[] file = PngFile.Encode(1, 4, [255, 0, 0, 128, 0, 0, 0, 0, 10, 20, 30, 255, 13, 25, 175, 63]);
        using TestFolder folder = new();
        folder.Write("image.png", file);
        IDataView rows = _context.Data.LoadFromEnumerable([new PathRow { Path = "image.png" }]);
        IDataView images = _context.Transforms.LoadImages("Features", folder.Path, "Path").Fit(rows).Transform(rows);
        CollectionAssert.AreEqual(expected, Pixels(images, 1, 4, background));
    }

    [TestMethod]
    [DataRow(new byte[] { 128, 0, 0, 128 }, new float[] { 255, 127, 127 }, DisplayName = "premultiplied by alpha")]
    [DataRow(new byte[] { 255, 0, 0, 128 }, new float[] { 255, 127, 127 }, DisplayName = "not multiplied, as a program may leave it")]
    [DataRow(new byte[] { 40, 50, 60, 0 }, new float[] { 40, 50, 60 }, DisplayName = "an alpha that was never set")]
    [DataRow(new byte[] { 0, 0, 0, 0 }, new float[] { 255, 255, 255 }, DisplayName = "nothing at all")]
    [DataRow(new byte[] { 1, 0, 0, 0 }, new float[] { 1, 0, 0 }, DisplayName = "an alpha that was never set of an almost black image")]
    [DataRow(new byte[] { 129, 0, 128, 128 }, new float[] { 255, 127, 255 }, DisplayName = "premultiplied, and rounded up past its alpha")]
    public void Pixels_that_a_program_made_are_what_they_can_be(byte[] rgba, float[] expected)
    {
        MLImage image = MLImage.CreateFromPixels(2, 1, MLPixelFormat.Rgba32, [.. rgba, .. rgba]);
        IDataView images = _context.Data.LoadFromEnumerable([new SmallImageRow { Features = image }]);
        float[] both = [.. expected, .. expected];
        CollectionAssert.AreEqual(both, Pixels(images, 1, 2, ImageBackground.White));
        float grey = MathF.Round((0.299f * expected[0]) + (0.587f * expected[1]) + (0.114f * expected[2]));
        CollectionAssert.AreEqual(new[] { grey, grey }, Pixels(images, 1, 2, ImageBackground.White, channels: 1));
    }

    [TestMethod]
    [DataRow(ImageResizingEstimator.ResizingKind.IsoCrop)]
    [DataRow(ImageResizingEstimator.ResizingKind.IsoPad)]
    [DataRow(ImageResizingEstimator.ResizingKind.Fill)]
    public void A_black_stroke_on_a_transparent_ground_stays_dark_on_white_when_it_is_resized_and_made_grey(ImageResizingEstimator.ResizingKind kind)
    {
        // A stroke of 6 x 12 in the middle of 24 x 12: to 6 x 6 it is cropped to columns 6 to 17, padded above and below, or squeezed.
        const int height = 12;
        const int width = 24;
        byte[] rgba = new byte[4 * height * width];
        for (int i = 0; i < height * width; i++)
        {
            rgba[(4 * i) + 3] = (byte)(i % width is >= 9 and < 15 ? 255 : 0);
        }

        using TestFolder folder = new();
        folder.Write("image.png", PngFile.Encode(height, width, rgba));
        IDataView rows = _context.Data.LoadFromEnumerable([new PathRow { Path = "image.png" }]);
        IDataView loaded = _context.Transforms.LoadImages("Features", folder.Path, "Path").Fit(rows).Transform(rows);
        IDataView resized = _context.Transforms.ResizeImages("Features", Side, Side, resizing: kind).Fit(loaded).Transform(loaded);
        IDataView grey = _context.Transforms.ConvertToGrayscale("Features").Fit(resized).Transform(resized);
        foreach (IDataView images in new[] { resized, grey })
        {
            float[] pixels = Pixels(images, Side, Side, ImageBackground.White, channels: 1);
            float[] middle = pixels[(3 * Side)..(4 * Side)];
            Assert.AreEqual(255f, middle[0], "the ground");
            Assert.AreEqual(255f, middle[Side - 1], "the ground");
            Assert.IsLessThan(130f, middle.Min(), "the stroke");
            Assert.AreEqual(255f, pixels.Max());
            if (kind == ImageResizingEstimator.ResizingKind.IsoPad)
            {
                CollectionAssert.AreEqual(Enumerable.Repeat(255f, Side).ToArray(), pixels[..Side], "what is padded");
            }
        }
    }

    [TestMethod]
    public void Black_strokes_on_a_transparent_ground_train_as_they_do_on_white()
    {
        ConvNetTransformer transparent = Train(Strokes(ground: 0));
        ConvNetTransformer white = Train(Strokes(ground: 255));
        CollectionAssert.AreEqual(BarModels.WeightBits(white), BarModels.WeightBits(transparent));
        CollectionAssert.AreEqual(
            BarModels.ScoreBits(white.Transform(Strokes(ground: 255))), BarModels.ScoreBits(transparent.Transform(Strokes(ground: 0))));
    }

    [TestMethod]
    public void The_background_is_saved_and_a_model_of_an_earlier_version_keeps_the_black_one_that_it_was_trained_with()
    {
        using TemporaryFile file = new();
        IDataView strokes = Strokes(ground: 0);
        ConvNetTransformer model = Train(strokes);
        model.SaveNetwork(file.Name);
        ConvNetScoringEstimator loaded = _context.Transforms.ConvNet("Score", "Features", file.Name);
        Assert.AreEqual(ImageBackground.White, loaded.Model.ImageBackground);
        CollectionAssert.AreEqual(
            BarModels.ScoreBits(model.Transform(strokes)), BarModels.ScoreBits(loaded.Fit(strokes).Transform(strokes)));

        // As it was before there was a choice.
        ZipEntries.RemoveHashes(file.Name);
        ZipEntries.Change(file.Name, "settings.json", content =>
        {
            string settings = Encoding.UTF8.GetString(content);
            StringAssert.Contains(settings, "\"version\":3");
            StringAssert.Contains(settings, ",\"imageBackground\":\"White\"");
            settings = settings.Replace("\"version\":3", "\"version\":1", StringComparison.Ordinal)
                .Replace(",\"imageBackground\":\"White\"", string.Empty, StringComparison.Ordinal);
            return Encoding.UTF8.GetBytes(settings);
        });
        Assert.AreEqual(ImageBackground.Black, _context.Transforms.ConvNet("Score", "Features", file.Name).Model.ImageBackground);
    }

    [TestMethod]
    public void One_warning_says_that_all_images_of_a_set_look_the_same()
    {
        LogLines log = new(_context);
        ConvNetTransformer model = Train(Strokes(ground: 0), options => options.ImageBackground = ImageBackground.Black);
        Assert.AreEqual(ImageBackground.Black, model.Model.ImageBackground);
        string warning = log.Warnings.Single();
        StringAssert.Contains(warning, "All 12 images of the training data look the same to the network");
        StringAssert.Contains(warning, "ImageBackground White");

        LogLines second = new(_context);
        _ = Train(Strokes(ground: 0));
        Assert.IsEmpty(second.Warnings);
    }

    [TestMethod]
    public void The_order_of_the_colours_is_an_option_of_training_that_scoring_follows()
    {
        IDataView strokes = Strokes(ground: 0, ink: [200, 90, 10, 255]);
        ConvNetTransformer rgb = Train(strokes);
        ConvNetTransformer bgr = Train(Strokes(ground: 0, ink: [10, 90, 200, 255]), options => options.ChannelOrder = ChannelOrder.Bgr);
        CollectionAssert.AreEqual(BarModels.WeightBits(rgb), BarModels.WeightBits(bgr));
        Assert.AreEqual(ChannelOrder.Bgr, bgr.Model.ChannelOrder);
        using TemporaryFile file = new();
        bgr.SaveNetwork(file.Name);
        ConvNetTransformer loaded = _context.Transforms.ConvNet("Score", "Features", file.Name).Fit(strokes);
        CollectionAssert.AreEqual(BarModels.ScoreBits(bgr.Transform(strokes)), BarModels.ScoreBits(loaded.Transform(strokes)));
    }

    /// <summary>Lying and standing strokes on a ground of an alpha, white where it has one.</summary>
    private IDataView Strokes(byte ground, byte[]? ink = null)
    {
        ink ??= [0, 0, 0, 255];
        ImageColourRow[] rows = new ImageColourRow[12];
        for (int i = 0; i < rows.Length; i++)
        {
            byte[] pixels = new byte[4 * Side * Side];
            for (int at = 0; at < Side * Side; at++)
            {
                bool isInk = (i % 2 == 0 ? at / Side : at % Side) == i / 2;
                (isInk ? ink : [ground, ground, ground, ground]).CopyTo(pixels, 4 * at);
            }

            rows[i] = new ImageColourRow
            {
                Features = MLImage.CreateFromPixels(Side, Side, MLPixelFormat.Rgba32, pixels),
                Label = i % 2 == 0 ? "lying" : "standing",
            };
        }

        IDataView data = _context.Data.LoadFromEnumerable(rows);
        return _context.Transforms.Conversion.MapValueToKey("Label").Fit(data).Transform(data);
    }

    private ConvNetTransformer Train(IDataView data, Action<ConvNetMulticlassTrainer.Options>? set = null)
    {
        ConvNetMulticlassTrainer.Options options = new() { NetworkBuilder = Small, Epoch = 2, BatchSize = 8, Seed = 4 };
        set?.Invoke(options);
        return _context.MulticlassClassification.Trainers.ConvNet(options).Fit(data);
    }

    /// <summary>What a network sees: one that gives its input as its scores.</summary>
    private float[] Pixels(IDataView images, int height, int width, ImageBackground background, int channels = 3)
    {
        Network network = Network.Input(height, width, channels).Flatten().Dense(height * width * channels, name: "same");
        using Weights weights = new(network);
        for (int i = 0; i < height * width * channels; i++)
        {
            weights["same.weight"].Span[i * ((height * width * channels) + 1)] = 1;
        }

        ConvNetTransformer scoring = _context.Transforms.ConvNet(
            new ConvNetScoringEstimator.Options { Network = network, Weights = weights, ImageBackground = background }).Fit(images);
        return scoring.Transform(images).GetColumn<float[]>("Score").Single();
    }

#pragma warning disable CA1812 // Instances are made by ML.NET.
    private sealed class PathRow
    {
        public string Path { get; set; } = string.Empty;
    }

    private sealed class SmallImageRow
    {
        [ImageType(1, 2)]
        public MLImage? Features { get; set; }
    }
}
