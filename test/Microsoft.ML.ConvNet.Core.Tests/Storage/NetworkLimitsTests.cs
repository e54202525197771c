using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Storage;

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
        Assert.AreEqual(network, NetworkJson.Read(stream, new NetworkLimits { MostBytesOfLayer = 16_000_000_000 }));
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
}
