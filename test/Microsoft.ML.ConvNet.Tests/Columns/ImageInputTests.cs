using Microsoft.ML.ConvNet.Columns;
using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Tests.Rows;
using Microsoft.ML.Data;
using SkiaSharp;

namespace Microsoft.ML.ConvNet.Tests.Columns;

/// <summary>Images of any size, and the bytes of their files.</summary>
[TestClass]
public sealed class ImageInputTests
{
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    [DataRow(ImageResizing.Fill)]
    [DataRow(ImageResizing.Crop)]
    [DataRow(ImageResizing.Pad)]
    public void Images_of_any_size_and_the_bytes_of_their_files_train_and_score_alike(ImageResizing resizing)
    {
        using TestFolder folder = new();
        IDataView files = Files(folder, 24);
        IDataView images = _context.Transforms.LoadImages("Image", folder.Path, "Path").Fit(files).Transform(files);
        IDataView bytes = _context.Transforms.LoadRawImageBytes("Image", folder.Path, "Path").Fit(files).Transform(files);
        ConvNetTransformer ofImages = Trainer(resizing).Fit(images);
        ConvNetTransformer ofBytes = Trainer(resizing).Fit(bytes);
        CollectionAssert.AreEqual(BarModels.WeightBits(ofImages), BarModels.WeightBits(ofBytes));
        uint[] scores = BarModels.ScoreBits(ofImages.Transform(images));
        CollectionAssert.AreEqual(scores, BarModels.ScoreBits(ofBytes.Transform(bytes)));
        Assert.IsGreaterThan(6, scores.Distinct().Count());

        using TemporaryFile file = new();
        _context.Model.Save(ofBytes, bytes.Schema, file.Name);
        ITransformer loaded = new MLContext(seed: 2).Model.Load(file.Name, out _);
        CollectionAssert.AreEqual(scores, BarModels.ScoreBits(loaded.Transform(bytes)));
        CollectionAssert.AreEqual(scores, BarModels.ScoreBits(loaded.Transform(images)));
    }

    [TestMethod]
    public void A_network_that_is_given_resizes_images_where_it_is_told_to()
    {
        using TestFolder folder = new();
        IDataView files = Files(folder, 6);
        IDataView bytes = _context.Transforms.LoadRawImageBytes("Image", folder.Path, "Path").Fit(files).Transform(files);
        Network network = Network.Input(8, 8, 3).Flatten().Dense(3).Softmax();
        using Weights weights = Weights.Initialize(network, seed: 1);
        ConvNetScoringEstimator.Options options = new() { InputColumnName = "Image", Network = network, Weights = weights };
        ErrorText.Is<ArgumentOutOfRangeException>(
            () => _context.Transforms.ConvNet(options).Fit(bytes), "unknown size", "ImageResizing");
        options.ImageResizing = ImageResizing.Fill;
        Assert.HasCount(6, _context.Transforms.ConvNet(options).Fit(bytes).Transform(bytes).GetColumn<float[]>("Score").ToArray());
    }

    [TestMethod]
    public void The_size_to_which_files_are_brought_is_said()
    {
        using TestFolder folder = new();
        IDataView files = Files(folder, 6);
        IDataView bytes = _context.Transforms.LoadRawImageBytes("Image", folder.Path, "Path").Fit(files).Transform(files);
        ConvNetMulticlassTrainer.Options options = Options(ImageResizing.Crop);
        options.ImageWidth = null;
        ErrorText.Is<ArgumentOutOfRangeException>(
            () => _context.MulticlassClassification.Trainers.ConvNet(options).Fit(bytes), "\"Image\"", "ImageHeight 8, ImageWidth not set", "set ImageHeight and ImageWidth");
        ErrorText.Is<InvalidDataException>(
            () => Trainer(ImageResizing.None).Fit(_context.Transforms.LoadImages("Image", folder.Path, "Path").Fit(files).Transform(files)),
            "8x8 (height x width)",
            "ImageResizing");
    }

    // What the first stored row and the first stored column are of the upright image: TIFF 6.0, page 36.
    [TestMethod]
    [DataRow(1, "top", "left")]
    [DataRow(2, "top", "right")]
    [DataRow(3, "bottom", "right")]
    [DataRow(4, "bottom", "left")]
    [DataRow(5, "left", "top")]
    [DataRow(6, "right", "top")]
    [DataRow(7, "right", "bottom")]
    [DataRow(8, "left", "bottom")]
    public void Pixels_are_turned_as_the_tag_says(int orientation, string firstRow, string firstColumn)
    {
        const int Height = 3;
        const int Width = 2;
        byte[] stored = [.. Enumerable.Range(0, Height * Width * 3).Select(i => (byte)i)];
        byte[] upright = new byte[stored.Length];
        OrientedPixels.Turn(stored, Height, Width, (SKEncodedOrigin)orientation, upright);
        bool isTransposed = firstRow is "left" or "right";
        (int height, int width) = isTransposed ? (Width, Height) : (Height, Width);
        for (int row = 0; row < Height; row++)
        {
            for (int column = 0; column < Width; column++)
            {
                int y = At(isTransposed ? firstColumn : firstRow, isTransposed ? column : row, height);
                int x = At(isTransposed ? firstRow : firstColumn, isTransposed ? row : column, width);
                Assert.AreEqual(stored[((row * Width) + column) * 3], upright[((y * width) + x) * 3], $"row {row}, column {column}");
            }
        }

        static int At(string side, int distance, int length) => side is "top" or "left" ? distance : length - 1 - distance;
    }

    [TestMethod]
    public void Files_of_a_camera_that_was_turned_are_brought_upright_where_it_is_asked_for()
    {
        // Stored upside down: the bright rows at the bottom are at the top of what was seen.
        byte[] plain = Jpeg(isBrightAbove: true, orientation: null);
        byte[] turned = Jpeg(isBrightAbove: false, orientation: 3);
        FileRow[] rows = [new() { Image = plain }, new() { Image = turned }];
        IDataView data = _context.Data.LoadFromEnumerable(rows);
        Network network = Network.Input(8, 8, 1).Flatten().Dense(2, name: "last").Softmax();
        using Weights weights = new(network);
        weights["last.weight"].Span.Clear();
        for (int i = 0; i < 32; i++)
        {
            // The upper half speaks for the first class.
            weights["last.weight"].Span[2 * i] = 1e-3f;
        }

        float[][] Scores(ImageOrientation orientation)
        {
            ConvNetTransformer model = _context.Transforms.ConvNet(new ConvNetScoringEstimator.Options
            {
                InputColumnName = "Image",
                Network = network,
                Weights = weights,
                ImageResizing = ImageResizing.Fill,
                ImageOrientation = orientation,
            }).Fit(data);
            using TemporaryFile file = new();
            model.SaveNetwork(file.Name);
            float[][] scores = [.. model.Transform(data).GetColumn<float[]>("Score")];
            float[][] again = [.. _context.Transforms.ConvNet("Score", "Image", file.Name).Fit(data).Transform(data).GetColumn<float[]>("Score")];
            CollectionAssert.AreEqual(scores.SelectMany(row => row).ToArray(), again.SelectMany(row => row).ToArray());
            return scores;
        }

        float[][] stored = Scores(ImageOrientation.AsStored);
        Assert.IsGreaterThan(0.2, stored[0][0] - stored[1][0]);
        float[][] upright = Scores(ImageOrientation.Upright);
        Assert.AreEqual(stored[0][0], upright[0][0]);
        Assert.AreEqual(upright[0][0], upright[1][0], 0.02);
    }

    private static IDataView Files(MLContext context, TestFolder folder, int count)
    {
        PathRow[] rows = new PathRow[count];
        for (int i = 0; i < count; i++)
        {
            int height = 6 + (i % 5);
            int width = 9 + (i % 4);
            byte[] pixels = new byte[height * width * 4];
            for (int pixel = 0; pixel < height * width; pixel++)
            {
                byte value = (byte)((pixel / width * (i % 3)) + (pixel % width * 7) + (40 * (i % 3)));
                pixels.AsSpan(4 * pixel, 3).Fill(value);
                pixels[(4 * pixel) + 3] = byte.MaxValue;
            }

            string name = FormattableString.Invariant($"{i}.png");
            folder.Write(name, PngFile.Encode(height, width, pixels));
            rows[i] = new PathRow { Path = name, Label = (i % 3).ToString(System.Globalization.CultureInfo.InvariantCulture) };
        }

        return context.Data.LoadFromEnumerable(rows);
    }

    private static byte[] Jpeg(bool isBrightAbove, byte? orientation)
    {
        using SKBitmap bitmap = new(8, 8, SKColorType.Rgba8888, SKAlphaType.Opaque);
        for (int i = 0; i < 64; i++)
        {
            bitmap.SetPixel(i % 8, i / 8, i < 32 == isBrightAbove ? SKColors.White : SKColors.Black);
        }

        using SKData data = bitmap.Encode(SKEncodedImageFormat.Jpeg, 100);
        byte[] file = data.ToArray();
        if (orientation is not { } tag)
        {
            return file;
        }

        // Behind the beginning of the file: an APP1 segment with a TIFF header and one entry, Orientation.
        byte[] exif =
        [
            0xFF, 0xE1, 0, 34, .. "Exif\0\0"u8, .. "MM\0*"u8, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, tag, 0, 0, 0, 0, 0, 0,
        ];
        return [.. file.AsSpan(0, 2), .. exif, .. file.AsSpan(2)];
    }

    private static ConvNetMulticlassTrainer.Options Options(ImageResizing resizing) => new()
    {
        FeatureColumnName = "Image",
        NetworkBuilder = BarModels.Network,
        Epoch = 3,
        BatchSize = 8,
        Seed = 1,
        ImageResizing = resizing,
        ImageHeight = 8,
        ImageWidth = 8,
    };

    private IDataView Files(TestFolder folder, int count) => Files(_context, folder, count);

    private ConvNetMulticlassTrainer Trainer(ImageResizing resizing) => _context.MulticlassClassification.Trainers.ConvNet(Options(resizing));

#pragma warning disable CA1812 // Instances are made by ML.NET.
    private sealed class PathRow
    {
        public string Path { get; set; } = string.Empty;

        public string Label { get; set; } = string.Empty;
    }

    private sealed class FileRow
    {
        public byte[] Image { get; set; } = [];
    }
#pragma warning restore CA1812
}
