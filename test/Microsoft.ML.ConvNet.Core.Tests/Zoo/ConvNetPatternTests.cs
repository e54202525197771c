using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Zoo;

namespace Microsoft.ML.ConvNet.Core.Tests.Zoo;

[TestClass]
public class ConvNetPatternTests
{
    [TestMethod]
    public void One_line_is_the_small_network_for_digits() =>
        Assert.AreEqual(MnistConvNet.Create(), ConvNetPattern.Create([28, 28, 1], 10, filters: [32, 32], units: [500]));

    [TestMethod]
    public void Two_convolutions_a_stage_and_two_hidden_layers_are_the_pattern_with_N_2_M_3_and_L_2() => Assert.AreEqual(
        "Conv2D ReLU Conv2D ReLU MaxPool2D Conv2D ReLU Conv2D ReLU MaxPool2D Conv2D ReLU Conv2D ReLU MaxPool2D "
        + "Flatten Dense ReLU Dense ReLU Dense Softmax",
        string.Join(
            ' ',
            ConvNetPattern.Create([32, 32, 3], 10, filters: [16, 32, 64], units: [128, 64], convolutions: 2)
                .Nodes.Select(node => node.Layer.Kind)));

    [TestMethod]
    public void Without_stages_and_hidden_layers_it_is_a_linear_classifier() =>
        Assert.AreEqual((12 * 3) + 3, ConvNetPattern.Create([2, 2, 3], 3, filters: [], units: []).ParameterCount);

    [TestMethod]
    public void Windows_keep_the_size_or_are_refused()
    {
        Assert.AreEqual("8x8x4", ZooTable.Shapes(ConvNetPattern.Create([8, 8, 1], 2, [4], [], kernelSize: 5), "conv"));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => ConvNetPattern.Create([8, 8, 1], 2, [4], [], kernelSize: 4));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => ConvNetPattern.Create([8, 8, 1], 2, [4], [], convolutions: 0));
        Assert.ThrowsExactly<NetworkDefinitionException>(() => ConvNetPattern.Create([3, 3, 1], 2, [4, 4], []));
    }
}
