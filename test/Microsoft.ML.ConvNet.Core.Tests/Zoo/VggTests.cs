using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Zoo;

namespace Microsoft.ML.ConvNet.Core.Tests.Zoo;

[TestClass]
public class VggTests
{
    [TestMethod]
    public void VGG_16_has_the_tabled_weights_layer_by_layer()
    {
        Network network = Vgg.Create16();
        long[] tabled =
        [
            1_728, 36_864, 73_728, 147_456, 294_912, 589_824, 589_824, 1_179_648, 2_359_296, 2_359_296, 2_359_296, 2_359_296, 2_359_296,
            102_760_448, 16_777_216, 4_096_000,
        ];
        CollectionAssert.AreEqual(tabled, ZooTable.Weights(network));
        Assert.AreEqual(138_344_128, tabled.Sum());
    }

    [TestMethod]
    public void VGG_16_has_the_tabled_activations_layer_by_layer()
    {
        Network network = Vgg.Create16();
        Assert.AreEqual(
            "224x224x64 224x224x64 112x112x128 112x112x128 56x56x256 56x56x256 56x56x256 28x28x512 28x28x512 28x28x512 "
            + "14x14x512 14x14x512 14x14x512",
            ZooTable.Shapes(network, "features"));
        Assert.AreEqual("112x112x64 56x56x128 28x28x256 14x14x512 7x7x512", ZooTable.Shapes(network, "maxpool"));
        Assert.AreEqual("4096 4096 1000", ZooTable.Shapes(network, "classifier"));

        // The rows of the table: the image, the convolutions, the pools and the fully connected layers.
        long floats = (224 * 224 * 3) + network.Summary().Layers
            .Where(layer => layer.Name.StartsWith("features", StringComparison.Ordinal)
                || layer.Name.StartsWith("maxpool", StringComparison.Ordinal)
                || layer.Name.StartsWith("classifier", StringComparison.Ordinal))
            .Sum(layer => layer.Activations);
        Assert.AreEqual(15_237_608, floats);
    }

    [TestMethod]
    public void VGG_16_takes_15_point_47_billion_multiply_adds()
    {
        NetworkSummary summary = Vgg.Create16().Summary();
        long convolutions = summary.Layers
            .Where(layer => layer.Name.StartsWith("features", StringComparison.Ordinal))
            .Sum(layer => layer.MultiplyAdds);
        Assert.AreEqual(15.3e9, convolutions, 0.05e9);
        Assert.AreEqual(15.47e9, summary.MultiplyAdds, 0.005e9);
    }

    [TestMethod]
    [DataRow("vgg11", "64 - 128 - 256 256 - 512 512 - 512 512 -")]
    [DataRow("vgg11-lrn", "64 lrn - 128 - 256 256 - 512 512 - 512 512 -")]
    [DataRow("vgg13", "64 64 - 128 128 - 256 256 - 512 512 - 512 512 -")]
    [DataRow("vgg16-c", "64 64 - 128 128 - 256 256 256/1 - 512 512 512/1 - 512 512 512/1 -")]
    [DataRow("vgg16", "64 64 - 128 128 - 256 256 256 - 512 512 512 - 512 512 512 -")]
    [DataRow("vgg19", "64 64 - 128 128 - 256 256 256 256 - 512 512 512 512 - 512 512 512 512 -")]
    public void The_configurations_are_the_columns_of_the_papers_table_1(string name, string column) => Assert.AreEqual(
        column,
        string.Join(' ', Architecture.Get(name).Create().Nodes.Select(node => node.Layer).Select(layer => layer switch
        {
            Conv2D { KernelSize.Height: 3 } convolution => $"{convolution.Filters}",
            Conv2D { KernelSize.Height: 1 } convolution => $"{convolution.Filters}/1",
            LocalResponseNorm => "lrn",
            MaxPool2D => "-",
            _ => null,
        }).OfType<string>()));

    [TestMethod]
    public void The_smallest_image_is_32x32()
    {
        Assert.AreEqual("16x16x64 8x8x128 4x4x256 2x2x512 1x1x512", ZooTable.Shapes(Vgg.Create16([32, 32, 3], 10), "maxpool"));
        Assert.ThrowsExactly<NetworkDefinitionException>(() => Vgg.Create16([31, 31, 3], 10));
    }
}
