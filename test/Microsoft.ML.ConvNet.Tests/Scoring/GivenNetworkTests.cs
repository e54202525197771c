using System.Text;
using System.Text.Json.Nodes;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Tests.Rows;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.ConvNet.Tests.Scoring;

/// <summary>A network that is at hand, with its weights, scores in a pipeline without a file.</summary>
[TestClass]
public sealed class GivenNetworkTests : IDisposable
{
    // One pixel: red 200, green 90, blue 10.
    private const byte Red = 200;
    private const byte Green = 90;
    private const byte Blue = 10;

    private readonly MLContext _context = new(seed: 1);
    private readonly Network _network = Network.Input(1, 1, 3).Flatten();
    private readonly Weights _weights;

    public GivenNetworkTests() => _weights = new Weights(_network);

    public void Dispose() => _weights.Dispose();

    [TestMethod]
    [DataRow(ChannelOrder.Rgb, new float[] { 199, 88, 7 })]
    [DataRow(ChannelOrder.Bgr, new float[] { 9, 88, 197 })]
    public void The_colours_of_an_image_come_in_the_networks_order_and_the_offsets_are_of_that_order(ChannelOrder order, float[] expected)
    {
        ConvNetTransformer model = Fit(options =>
        {
            options.ChannelOrder = order;
            options.PixelOffsets = [1, 2, 3];
        });
        CollectionAssert.AreEqual(expected, Scores(model));
    }

    [TestMethod]
    public void The_order_of_the_colours_and_the_names_are_saved_and_loaded()
    {
        using TemporaryFile file = new();
        ConvNetTransformer model = Fit(options =>
        {
            options.ChannelOrder = ChannelOrder.Bgr;
            options.ClassNames = ["one", "two", "three"];
            options.PixelScales = [0.5f];
        });
        _context.Model.Save(model, Pixels().Schema, file.Name);
        ConvNetTransformer loaded = (ConvNetTransformer)new MLContext(seed: 2).Model.Load(file.Name, out _);

        Assert.AreEqual(ChannelOrder.Bgr, loaded.Model.ChannelOrder);
        CollectionAssert.AreEqual(new[] { "one", "two", "three" }, loaded.ClassNames.ToArray());
        CollectionAssert.AreEqual(new[] { Blue / 2f, Green / 2f, Red / 2f }, Scores(loaded));
    }

    [TestMethod]
    public void A_model_of_red_green_and_blue_on_black_is_written_as_before()
    {
        using TemporaryFile file = new();
        Fit(options => options.ImageBackground = ImageBackground.Black).SaveNetwork(file.Name);
        Assert.AreEqual(ChannelOrder.Rgb, _context.Transforms.ConvNet("Score", "Image", file.Name).Model.ChannelOrder);
        string settings = Encoding.UTF8.GetString(ZipEntries.Read(file.Name, "settings.json"));
        StringAssert.Contains(settings, "\"version\":1");
        Assert.IsFalse(settings.Contains("channelOrder", StringComparison.Ordinal));
    }

    [TestMethod]
    public void Classes_without_names_are_numbers_from_0_for_MapKeyToValue_too_through_save_and_load()
    {
        using TemporaryFile file = new();
        ConvNetScoringEstimator.Options options = Options();
        options.ChannelOrder = ChannelOrder.Bgr;
        ITransformer model = _context.Transforms.ConvNet(options)
            .Append(_context.Transforms.Conversion.MapKeyToValue("PredictedLabel")).Fit(Pixels());
        Assert.AreEqual("2", PredictedLabel(model));
        _context.Model.Save(model, Pixels().Schema, file.Name);
        Assert.AreEqual("2", PredictedLabel(new MLContext().Model.Load(file.Name, out _)));

        // As it was written before there were values.
        Fit(old => old.ChannelOrder = ChannelOrder.Bgr).SaveNetwork(file.Name);
        ZipEntries.RemoveHashes(file.Name);
        ZipEntries.Change(file.Name, "settings.json", content =>
        {
            JsonObject settings = JsonNode.Parse(content)!.AsObject();
            Assert.IsTrue(settings.Remove("labelValues") && settings.Remove("labelValueType"));
            return Encoding.UTF8.GetBytes(settings.ToJsonString());
        });
        Assert.AreEqual("2", PredictedLabel(_context.Transforms.ConvNet("Score", "Image", file.Name)
            .Append(_context.Transforms.Conversion.MapKeyToValue("PredictedLabel")).Fit(Pixels())));

        string PredictedLabel(ITransformer scoring) =>
            scoring.Transform(Pixels()).GetColumn<ReadOnlyMemory<char>>("PredictedLabel").Single().ToString();
    }

    [TestMethod]
    public void Scores_that_are_no_numbers_are_refused_with_their_row()
    {
        Network network = Network.Input([2]).Dense(3).Softmax();
        using Weights weights = Weights.Initialize(network, 1);
        IDataView rows = _context.Data.LoadFromEnumerable(
            new[] { 1f, 3e38f }.Select(value => new VectorRow { Features = [value, value], Label = 1 }).ToArray());
        weights["fc1.weight"].Span.Fill(3);
        ConvNetTransformer model = _context.Transforms.ConvNet(new ConvNetScoringEstimator.Options { Network = network, Weights = weights }).Fit(rows);
        ErrorText.Is<InvalidDataException>(
            () => _ = model.Transform(rows).GetColumn<float[]>("Score").ToArray(), "\"Features\", row 1", "Received: NaN for class 0");
        ErrorText.Is<InvalidDataException>(
            () => _ = model.Transform(rows).GetColumn<uint>("PredictedLabel").ToArray(), "\"Features\", row 1", "Received: NaN for class 0");
    }

    [TestMethod]
    public void A_warning_says_that_Evaluate_would_take_more_memory_than_there_is()
    {
        LogLines log = new(_context);
        Network network = Network.Input([2]).Dense(200_000);
        using Weights weights = new(network);
        IDataView rows = _context.Data.LoadFromEnumerable([new VectorRow { Features = [1, 2], Label = 1 }]);
        ConvNetTransformer model = _context.Transforms.ConvNet(new ConvNetScoringEstimator.Options { Network = network, Weights = weights }).Fit(rows);
        Assert.HasCount(200_000, model.Transform(rows).GetColumn<float[]>("Score").Single());
        StringAssert.Contains(log.Warnings.Single(), "for 200000 classes takes 320 GB");
    }

    [TestMethod]
    public void What_does_not_fit_the_network_is_named()
    {
        Fails(options => options.ModelFile = "model.zip", "ModelFile, or Network with Weights", "a file, a network and weights");
        Fails(options => options.Weights = null, "a network and no weights");
        Fails(options => options.Weights = new Weights(Network.Input(2, 2, 1).Flatten()), "The weights are those of the network");
        Fails(options => options.ClassNames = ["one", "two"], "3 different names", "Received: 2");
        Fails(options => options.ClassNames = ["one", "two", "one"], "\"one\" more than once");
        Fails(options => options.PixelOffsets = [1, 2], "PixelOffsets has one finite number, or one for each of 3 channels");
        Fails(
            options => (options.Network, options.Weights) = (Network.Input(2, 2, 3).Relu(), new Weights(Network.Input(2, 2, 3).Relu())),
            "one a class");
    }

    private void Fails(Action<ConvNetScoringEstimator.Options> change, params string[] parts)
    {
        ArgumentException error = Assert.ThrowsExactly<ArgumentException>(() => Fit(change));
        foreach (string part in parts)
        {
            StringAssert.Contains(error.Message, part);
        }
    }

    private ConvNetScoringEstimator.Options Options() => new() { InputColumnName = "Image", Network = _network, Weights = _weights };

    private ConvNetTransformer Fit(Action<ConvNetScoringEstimator.Options> change)
    {
        ConvNetScoringEstimator.Options options = Options();
        change(options);
        return _context.Transforms.ConvNet(options).Fit(Pixels());
    }

    private float[] Scores(ConvNetTransformer model) => model.Transform(Pixels()).GetColumn<float[]>("Score").Single();

    private IDataView Pixels() => _context.Data.LoadFromEnumerable(
        [new ImageRow { Image = MLImage.CreateFromPixels(1, 1, MLPixelFormat.Bgra32, [Blue, Green, Red, 255]) }]);

    private sealed class VectorRow
    {
        [VectorType(2)]
        public float[] Features { get; set; } = [];

        public int Label { get; set; }
    }

    private sealed class ImageRow
    {
        [ImageType(1, 1)]
        public MLImage Image { get; set; } = null!;

        /// <summary>A column that can be saved: ML.NET saves no schema of images alone.</summary>
        public string Path { get; set; } = string.Empty;
    }
}
