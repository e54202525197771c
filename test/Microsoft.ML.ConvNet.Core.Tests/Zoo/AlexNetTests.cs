using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Zoo;

namespace Microsoft.ML.ConvNet.Core.Tests.Zoo;

[TestClass]
public class AlexNetTests
{
    [TestMethod]
    public void It_has_the_published_number_of_parameters() => Assert.AreEqual(61_100_840, AlexNet.Create().ParameterCount);

    [TestMethod]
    public void Its_layers_have_the_shapes_of_the_form_for_one_processor() => Assert.AreEqual(
        "55x55x64 55x55x64 27x27x64 27x27x192 27x27x192 13x13x192 13x13x384 13x13x384 13x13x256 13x13x256 13x13x256 13x13x256 6x6x256 "
        + "6x6x256 9216 9216 4096 4096 4096 4096 4096 1000 1000",
        ZooTable.Shapes(AlexNet.Create()));

    [TestMethod]
    public void Its_weights_are_those_of_the_hand_calculation() => CollectionAssert.AreEqual(
        new long[]
        {
            11 * 11 * 3 * 64, 5 * 5 * 64 * 192, 3 * 3 * 192 * 384, 3 * 3 * 384 * 256, 3 * 3 * 256 * 256,
            6 * 6 * 256 * 4096, 4096 * 4096, 4096 * 1000,
        },
        ZooTable.Weights(AlexNet.Create()));

    [TestMethod]
    [DataRow(true, "norm1 27x27x96 norm2 13x13x256")]
    [DataRow(false, "27x27x96 13x13x256")]
    public void The_form_of_2012_has_the_layers_of_the_lectures_table(bool normalization, string pools)
    {
        Network network = AlexNet.Create2012(normalization: normalization);
        Assert.AreEqual("55x55x96 27x27x256 13x13x384 13x13x384 13x13x256", ZooTable.Shapes(network, "conv"));
        Assert.AreEqual("27x27x96 13x13x256 6x6x256", ZooTable.Shapes(network, "pool"));
        Assert.AreEqual("4096 4096 1000", ZooTable.Shapes(network, "fc"));
        Assert.AreEqual(
            pools,
            string.Join(' ', network.Nodes.SkipLast(10)
                .Where(node => node.Name is "norm1" or "norm2" or "pool1" or "pool2")
                .Select(node => node.Name.StartsWith("norm", StringComparison.Ordinal) ? node.Name : node.OutputShape.ToString())));
    }

    [TestMethod]
    public void The_form_of_2012_has_the_tabled_parameters_layer_by_layer()
    {
        // Filters x (window x channels + 1), as in the lectures' table; conv1 is its 34,944.
        long[] tabled =
        [
            34_944, 256 * ((5 * 5 * 96) + 1), 384 * ((3 * 3 * 256) + 1), 384 * ((3 * 3 * 384) + 1), 256 * ((3 * 3 * 384) + 1),
            4096 * ((6 * 6 * 256) + 1), 4096 * (4096 + 1), 1000 * (4096 + 1),
        ];
        CollectionAssert.AreEqual(
            tabled, AlexNet.Create2012().Summary().Layers.Select(layer => layer.Parameters).Where(count => count > 0).ToArray());
        Assert.AreEqual(62_378_344, tabled.Sum());
    }

    [TestMethod]
    public void The_papers_constants_of_normalisation_are_those_of_2012()
    {
        // b = a / (2 + 1e-4 x the sum over 5 channels)^0.75: alpha divided by the size is the paper's.
        LocalResponseNorm layer = AlexNet.Create2012().Nodes.Select(node => node.Layer).OfType<LocalResponseNorm>().First();
        Assert.AreEqual((5, 0.75f, 2f), (layer.Size, layer.Beta, layer.K));
        Assert.AreEqual(1e-4, layer.Alpha / layer.Size, 1e-10);
    }

    [TestMethod]
    public void Other_images_are_pooled_to_6x6_from_63x63()
    {
        Assert.AreEqual("6x6x256", ZooTable.Shapes(AlexNet.Create([63, 63, 3], 5), "avgpool"));
        Assert.AreEqual("6x6x256", ZooTable.Shapes(AlexNet.Create([300, 200, 1], 5), "avgpool"));
        Assert.ThrowsExactly<NetworkDefinitionException>(() => AlexNet.Create([62, 62, 3], 5));
    }
}
