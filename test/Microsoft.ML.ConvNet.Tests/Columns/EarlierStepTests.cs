using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Tests.Rows;
using Microsoft.ML.Data;

namespace Microsoft.ML.ConvNet.Tests.Columns;

/// <summary>What the steps before the network throw while a row is read names the row and the file, with the original as the cause.</summary>
[TestClass]
public sealed class EarlierStepTests
{
    private static readonly byte[] Sound = PngFile.Encode(8, 8, [.. Enumerable.Repeat((byte)200, 256)]);

    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    [DataRow("empty.png", "", "ArgumentException", DisplayName = "a file of no bytes")]
    [DataRow("page.jpg", "<html>404</html>", "ArgumentException", DisplayName = "a page of HTML")]
    [DataRow("missing.png", null, "FileNotFoundException", DisplayName = "no file")]
    public void A_file_that_is_no_image_is_named_with_its_row_in_training_scoring_and_single_predictions(string name, string? content, string cause)
    {
        using TestFolder folder = new();
        folder.Write("good.png", Sound);
        if (content is not null)
        {
            folder.Write(name, System.Text.Encoding.ASCII.GetBytes(content));
        }

        string[] parts = ["\"Image\", row 2 (counted from 0)", $"Path \"{name}\"", "a step before the network failed"];
        IDataView bad = Load(folder, "good.png", "good.png", name);
        Requires(() => Trainer().Fit(bad), cause, [.. parts, "of the training data"]);
        ConvNetTransformer model = Trainer().Fit(Load(folder, "good.png", "good.png"));
        Requires(() => _ = model.Transform(bad).GetColumn<float[]>("Score").ToArray(), cause, parts);

        ITransformer whole = Loading(folder).Append(Trainer()).Fit(Rows("good.png", "good.png"));
        using PredictionEngine<PathRow, BarScore> engine = _context.Model.CreatePredictionEngine<PathRow, BarScore>(whole);
        Assert.HasCount(2, engine.Predict(new PathRow { Path = "good.png", Label = "a" }).Score);
        Requires(() => engine.Predict(new PathRow { Path = name, Label = "a" }), cause, $"Path \"{name}\"", "a step before the network failed");
        Assert.HasCount(2, engine.Predict(new PathRow { Path = "good.png", Label = "a" }).Score, "the engine goes on");
    }

    [TestMethod]
    public void What_the_decoder_calls_invalid_contents_is_said_in_plain_words()
    {
        using TestFolder folder = new();
        folder.Write("good.png", Sound);
        folder.Write("empty.png", []);
        ErrorText.Is<InvalidDataException>(
            () => Trainer().Fit(Load(folder, "good.png", "empty.png")), "cannot be decoded (Invalid input stream contents", "the file is empty, or is no image");
    }

    [TestMethod]
    public void An_empty_path_is_named_with_its_row()
    {
        using TestFolder folder = new();
        folder.Write("good.png", Sound);
        ErrorText.Is<InvalidDataException>(
            () => Trainer().Fit(Load(folder, "good.png", string.Empty)), "\"Image\", row 1 (counted from 0)", "Received: none; its path may be empty", "Path \"\"");
    }

    [TestMethod]
    public void The_first_of_images_of_any_size_is_named_too()
    {
        using TestFolder folder = new();
        folder.Write("page.jpg", "<html>404</html>"u8.ToArray());
        var trainer = _context.MulticlassClassification.Trainers.ConvNet("Label", "Image", "mnist-convnet", epoch: 1);
        ErrorText.Is<InvalidDataException>(() => trainer.Fit(Load(folder, "page.jpg", "page.jpg")), "\"Image\", row 0", "Path \"page.jpg\"");
        ErrorText.Is<ArgumentOutOfRangeException>(() => trainer.Fit(Load(folder, string.Empty, "page.jpg")), "without an image, as of an empty path", "Path \"\"");
    }

    [TestMethod]
    public void An_image_that_was_disposed_of_is_explained()
    {
        MLImage image = MLImage.CreateFromPixels(8, 8, MLPixelFormat.Bgra32, new byte[256]);
        image.Dispose();
        IDataView data = _context.Data.LoadFromEnumerable([new ImageRow { Features = image, Label = "a" }, new ImageRow { Features = image, Label = "b" }]);
        IDataView pixels = _context.Transforms.Conversion.MapValueToKey("Label").Append(_context.Transforms.ExtractPixels("Pixels", "Features"))
            .Fit(data).Transform(data);
        InvalidDataException error = Assert.ThrowsExactly<InvalidDataException>(
            () => _context.MulticlassClassification.Trainers.ConvNet("Label", "Pixels", Network.Input(8, 8, 3).Flatten().Dense(2)).Fit(pixels));
        StringAssert.Contains(error.Message, "an image was disposed of before it was read (Object is disposed.)");
        StringAssert.Contains(error.Message, "\"Pixels\", row 0");
        Assert.IsInstanceOfType<InvalidOperationException>(error.InnerException);
    }

    private static void Requires(Action action, string cause, params string[] parts)
    {
        ErrorText.Is<InvalidDataException>(action, parts);
        Assert.AreEqual(cause, Assert.ThrowsExactly<InvalidDataException>(action).InnerException?.GetType().Name);
    }

    private ConvNetMulticlassTrainer Trainer() =>
        _context.MulticlassClassification.Trainers.ConvNet("Label", "Image", Network.Input(8, 8, 3).Flatten().Dense(2), epoch: 1);

    private IDataView Rows(params string[] paths) =>
        _context.Data.LoadFromEnumerable(paths.Select((path, i) => new PathRow { Path = path, Label = i % 2 == 0 ? "a" : "b" }).ToArray());

    private EstimatorChain<Transforms.ValueToKeyMappingTransformer> Loading(TestFolder folder) => _context.Transforms.LoadImages("Image", folder.Path, "Path")
        .Append(_context.Transforms.Conversion.MapValueToKey("Label"));

    private IDataView Load(TestFolder folder, params string[] paths)
    {
        IDataView rows = Rows(paths);
        return Loading(folder).Fit(rows).Transform(rows);
    }

#pragma warning disable CA1812 // Instances are made by ML.NET.
    private sealed class PathRow
    {
        public string Path { get; set; } = string.Empty;

        public string Label { get; set; } = string.Empty;
    }

    private sealed class BarScore
    {
        public float[] Score { get; set; } = [];
    }
}
