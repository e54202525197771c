using System.Text;
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

    private ConvNetTransformer Fit(Action<ConvNetScoringEstimator.Options> change)
    {
        ConvNetScoringEstimator.Options options = new() { InputColumnName = "Image", Network = _network, Weights = _weights };
        change(options);
        return _context.Transforms.ConvNet(options).Fit(Pixels());
    }

    private float[] Scores(ConvNetTransformer model) => model.Transform(Pixels()).GetColumn<float[]>("Score").Single();

    private IDataView Pixels() => _context.Data.LoadFromEnumerable(
        [new ImageRow { Image = MLImage.CreateFromPixels(1, 1, MLPixelFormat.Bgra32, [Blue, Green, Red, 255]) }]);

    private sealed class ImageRow
    {
        [ImageType(1, 1)]
        public MLImage Image { get; set; } = null!;

        /// <summary>A column that can be saved: ML.NET saves no schema of images alone.</summary>
        public string Path { get; set; } = string.Empty;
    }
}
