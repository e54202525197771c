using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Tensors;
using Microsoft.ML.ConvNet.Zoo;

namespace Microsoft.ML.ConvNet.Core.Tests.WorkedExamples;

/// <summary>Output sizes (N + 2P - F) / S + 1 and numbers of parameters, as lectures and papers table them.</summary>
[TestClass]
public class ShapeExamples
{
    [TestMethod]
    [DataRow(1, 5)]
    [DataRow(2, 3)]
    public void A_3x3_filter_over_7x7_gives_5x5_at_stride_1_and_3x3_at_stride_2(int stride, int size) => Assert.AreEqual(
        new Shape(size, size, 1), ((Network)Network.Input(7, 7, 1, strict: true).Conv(1, 3, stride: stride)).OutputShape);

    [TestMethod]
    public void At_stride_3_it_does_not_fit()
    {
        NetworkDefinitionException exception = Assert.ThrowsExactly<NetworkDefinitionException>(
            () => Network.Input(7, 7, 1, strict: true).Conv(1, 3, stride: 3));
        StringAssert.Contains(exception.Message, "((7 - 3) / 3 + 1 = 2.33)");
    }

    [TestMethod]
    public void Six_filters_of_5x5_over_32x32x3_give_28x28x6() =>
        Assert.AreEqual(new Shape(28, 28, 6), ((Network)Network.Input(32, 32, 3).Conv(6, 5)).OutputShape);

    [TestMethod]
    public void Ten_filters_of_5x5_with_padding_2_keep_32x32_and_have_760_parameters()
    {
        Network network = Network.Input(32, 32, 3).Conv(10, 5, stride: 1, padding: 2);
        Assert.AreEqual(new Shape(32, 32, 10), network.OutputShape);
        Assert.AreEqual(760, network.ParameterCount);
    }

    [TestMethod]
    [DataRow(1, 32, 10)]
    [DataRow(32, 64, 289)]
    public void A_3x3_filter_has_nine_weights_a_channel_and_a_bias(int channels, int filters, int aFilter) => Assert.AreEqual(
        (long)filters * aFilter, ((Network)Network.Input(9, 9, channels).Conv(filters, 3)).ParameterCount);

    [TestMethod]
    public void AlexNets_first_layer_gives_55x55x96_of_227_and_has_34944_parameters()
    {
        Network strict = Network.Input(227, 227, 3, strict: true).Conv(96, 11, stride: 4);
        Assert.AreEqual(new Shape(55, 55, 96), strict.OutputShape);
        Assert.AreEqual(34_944, strict.ParameterCount);
    }

    [TestMethod]
    public void Of_224_it_gives_55_only_with_padding_2_and_a_dropped_border()
    {
        Assert.ThrowsExactly<NetworkDefinitionException>(() => Network.Input(224, 224, 3, strict: true).Conv(96, 11, stride: 4));
        Network network = Network.Input(224, 224, 3).Conv(96, 11, stride: 4, padding: 2);
        Assert.AreEqual(new Shape(55, 55, 96), network.OutputShape);
        Assert.HasCount(1, network.Nodes[0].Notes);
    }

    [TestMethod]
    [DataRow(3, 1)]
    [DataRow(5, 2)]
    [DataRow(7, 3)]
    public void Padding_of_half_the_filter_keeps_the_size(int filter, int padding)
    {
        Network padded = Network.Input(20, 31, 2, strict: true).Conv(2, filter, padding: padding);
        Network same = Network.Input(20, 31, 2, strict: true).Conv(2, filter, padding: Padding.Same);
        Assert.AreEqual(new Shape(20, 31, 2), padded.OutputShape);
        Assert.AreEqual(new Shape(20, 31, 2), same.OutputShape);
    }

    [TestMethod]
    public void A_neuron_that_reads_a_whole_colour_image_of_200x200_has_120000_weights() => Assert.AreEqual(
        120_000, ((Network)Network.Input(200, 200, 3).Flatten().Dense(1, useBias: false)).ParameterCount);

    [TestMethod]
    public void A_fully_connected_layer_in_place_of_AlexNets_first_would_have_some_43700000000_weights()
    {
        // More than a tensor holds, which is why the network says so instead of counting it.
        Network convolution = Network.Input(227, 227, 3).Conv(96, 11, stride: 4);
        Assert.AreEqual(43.7e9, 224.0 * 224 * 3 * convolution.OutputShape.ElementCount, 0.05e9);
        NetworkDefinitionException exception = Assert.ThrowsExactly<NetworkDefinitionException>(
            () => Network.Input(224, 224, 3).Flatten().Dense(55 * 55 * 96));
        StringAssert.Contains(exception.Message, "Received: 150528x290400");
    }

    [TestMethod]
    public void LeNet5_has_61706_parameters_in_the_shapes_of_its_definition()
    {
        Network network = LeNet5.Create();
        Assert.AreEqual(61_706, network.ParameterCount);
        AssertShapes(network, "28x28x6 28x28x6 14x14x6 10x10x16 10x10x16 5x5x16 400 120 120 84 84 10 10");
        AssertParameters(network, 156, 2416, 48_120, 10_164, 850);
    }

    [TestMethod]
    public void LeNet5_of_1998_has_the_papers_shapes_at_32x32_and_tanh_and_average_pooling()
    {
        Network network = LeNet5.Create1998();
        AssertShapes(network, "28x28x6 28x28x6 14x14x6 10x10x16 10x10x16 5x5x16 400 120 120 84 84 10 10");
        Assert.AreEqual(61_706, network.ParameterCount);
        Assert.AreEqual(2, network.Nodes.Count(node => node.Layer is AvgPool2D));
        Assert.AreEqual(4, network.Nodes.Count(node => node.Layer is Tanh));
        Assert.IsFalse(network.Nodes.Any(node => node.Layer is ReLU or MaxPool2D));
    }

    [TestMethod]
    public void The_MNIST_ConvNet_has_799078_parameters_in_the_shapes_of_its_definition()
    {
        Network network = MnistConvNet.Create();
        Assert.AreEqual(799_078, network.ParameterCount);
        AssertShapes(network, "28x28x32 28x28x32 14x14x32 14x14x32 14x14x32 7x7x32 1568 500 500 10 10");
        AssertParameters(network, 320, 9248, 784_500, 5010);
    }

    private static void AssertShapes(Network network, string shapes) =>
        Assert.AreEqual(shapes, string.Join(' ', network.Nodes.Select(node => node.OutputShape)));

    private static void AssertParameters(Network network, params long[] counts) => CollectionAssert.AreEqual(
        counts, network.Summary().Layers.Select(layer => layer.Parameters).Where(count => count > 0).ToArray());
}
