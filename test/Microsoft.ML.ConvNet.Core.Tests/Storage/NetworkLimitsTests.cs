using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Storage;
using Microsoft.ML.ConvNet.Tensors;
using Microsoft.ML.ConvNet.Zoo;

namespace Microsoft.ML.ConvNet.Core.Tests.Storage;

/// <summary>What networks from files may take.</summary>
[TestClass]
public sealed class NetworkLimitsTests
{
    [TestMethod]
    public void A_small_file_of_a_network_that_takes_gigabytes_is_refused_unless_the_limit_is_raised()
    {
        // 20,000 x 20,000 x 5 floats are 8,000,000,000 bytes, made of 2 x 2 x 5, and twice as many with the function behind it.
        Network network = Network.Input(2, 2, 5).Upsample(10_000, name: "large").Relu(name: "relu").GlobalAvgPool();
        string text = NetworkJson.ToText(network);
        ModelFormatException error = Assert.ThrowsExactly<ModelFormatException>(() => NetworkJson.Parse(text));
        Assert.AreEqual(
            "Layer \"large\": a layer of a network from a file takes at most 4,294,967,296 bytes for the activations of one sample. "
            + "Received: 8,000,000,080; where that is wanted, raise NetworkLimits.MostBytesOfLayer.",
            error.Message);
        using MemoryStream stream = new(System.Text.Encoding.UTF8.GetBytes(text));
        Assert.AreEqual(network, NetworkJson.Read(
            stream, new NetworkLimits { MostBytesOfLayer = 16_000_000_000, MostBytesOfActivations = 16_000_000_080 }));
    }

    [TestMethod]
    public void The_limits_where_none_are_given_can_be_set_and_others_come_before_them()
    {
        Network network = Network.Input(4, 4, 1).Relu();
        string text = NetworkJson.ToText(network);
        NetworkLimits small = new() { MostBytesOfLayer = 127 };
        Assert.ThrowsExactly<ModelFormatException>(() => NetworkJson.Parse(text, small));
        Assert.AreEqual(network, NetworkJson.Parse(text, small with { MostBytesOfLayer = 128 }));
        Assert.AreEqual(4L << 30, NetworkLimits.Default.MostBytesOfLayer);
        Assert.ThrowsExactly<ArgumentNullException>(() => NetworkLimits.Default = null!);
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true, DisplayName = "in another shape of the same memory")]
    public void Many_layers_that_each_stay_under_the_limit_are_refused_together(bool isReshaped)
    {
        // Eight images of 16,000 x 16,000 floats, 1,024,000,000 bytes each, the sum of the first two, and the 4 floats that they are made of.
        SymbolicTensor input = Network.Input(2, 2, 1);
        SymbolicTensor[] images = [.. Enumerable.Range(0, 8).Select(_ => input.Upsample(8_000))];
        images = isReshaped ? [.. images.Select(image => image.Reshape([1_000, 256_000]))] : images;
        Network network = images[1..].Aggregate(images[0], (sum, image) => sum.Add(image)).ToNetwork();
        string name = network.Nodes.First(node => node.Layer is Add).Name;
        string text = NetworkJson.ToText(network);
        Assert.AreEqual(
            "A network from a file takes at most 8,589,934,592 bytes for the activations of one sample that are held at once. Received: 9,216,000,016 "
            + $"at layer \"{name}\"; where that is wanted, raise NetworkLimits.MostBytesOfActivations.",
            Assert.ThrowsExactly<ModelFormatException>(() => NetworkJson.Parse(text)).Message);
        Assert.ThrowsExactly<ModelFormatException>(() => NetworkJson.Parse(text, new NetworkLimits { MostBytesOfActivations = 9_216_000_015 }));
        Assert.AreEqual(network, NetworkJson.Parse(text, new NetworkLimits { MostBytesOfActivations = 9_216_000_016 }));
    }

    [TestMethod]
    public void What_nobody_reads_any_more_counts_no_longer_and_constants_are_weights()
    {
        // [4, 4, 1] is 64 bytes: the input, and of each of a hundred layers what it reads and what it gives.
        SymbolicTensor chain = Enumerable.Range(0, 100).Aggregate(Network.Input(4, 4, 1), (layer, _) => layer.Sigmoid());
        string text = NetworkJson.ToText(chain.Add(chain.Constant([4, 4, 1])).ToNetwork());
        _ = NetworkJson.Parse(text, new NetworkLimits { MostBytesOfActivations = 192 });
        Assert.ThrowsExactly<ModelFormatException>(() => NetworkJson.Parse(text, new NetworkLimits { MostBytesOfActivations = 191 }));
    }

    [TestMethod]
    public void No_architecture_is_refused_nor_are_large_images()
    {
        foreach (Architecture architecture in Architecture.All)
        {
            NetworkLimits.Default.Require(architecture.Create());
        }

        NetworkLimits.Default.Require(Architecture.Get("vgg19").Create(new Shape(512, 512, 3)));
        NetworkLimits.Default.Require(Architecture.Get("densenet161").Create(new Shape(2016, 2016, 3)));
        NetworkLimits.Default.Require(UNet(2000));
    }

    /// <summary>The encoder and decoder of Ronneberger et al. 2015, with 64 channels at full size, padded so that sizes stay.</summary>
    private static Network UNet(int size)
    {
        SymbolicTensor x = Network.Input(size, size, 3);
        Stack<SymbolicTensor> skipped = new();
        for (int channels = 64; channels <= 512; channels *= 2)
        {
            x = Twice(x, channels);
            skipped.Push(x);
            x = x.MaxPool(2);
        }

        x = Twice(x, 1024);
        for (int channels = 512; channels >= 64; channels /= 2)
        {
            x = Twice(skipped.Pop().Concat(x.ConvTranspose(channels, 2, stride: 2)), channels);
        }

        return x.Conv(2, 1);

        static SymbolicTensor Twice(SymbolicTensor x, int channels) =>
            x.Conv(channels, 3, padding: 1).Relu().Conv(channels, 3, padding: 1).Relu();
    }
}
