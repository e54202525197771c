using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Core.Tests.Networks;

[TestClass]
public class NetworkBuilderTests
{
    [TestMethod]
    public void Layers_without_a_name_get_their_kind_and_a_number()
    {
        Network network = Network.Input(12, 12, 1).Conv(2, 3).Relu().Conv(2, 3).Relu().MaxPool(2).AvgPool(2).Flatten().Dense(3).Dense(2).Softmax();
        CollectionAssert.AreEqual(
            new[] { "conv1", "relu1", "conv2", "relu2", "maxpool1", "avgpool1", "flatten1", "fc1", "fc2", "softmax1" },
            network.Nodes.Select(node => node.Name).ToArray());
    }

    [TestMethod]
    public void A_given_name_is_kept_and_not_given_again()
    {
        Network network = Network.Input([4]).Dense(3, name: "fc1").Dense(2).Dense(1, name: "head");
        CollectionAssert.AreEqual(new[] { "fc1", "fc2", "head" }, network.Nodes.Select(node => node.Name).ToArray());
        CollectionAssert.AreEqual(
            new[] { "fc1.weight", "fc1.bias", "fc2.weight", "fc2.bias", "head.weight", "head.bias" },
            network.Parameters.Select(parameter => parameter.Name).ToArray());
    }

    [TestMethod]
    [DataRow("fc1")]
    [DataRow("input")]
    [DataRow("")]
    [DataRow("two\nlines")]
    public void A_name_that_is_taken_or_unprintable_is_refused(string name)
    {
        SymbolicTensor tensor = Network.Input([4]).Dense(3);
        Assert.ThrowsExactly<NetworkDefinitionException>(() => tensor.Dense(2, name: name));
    }

    [TestMethod]
    public void In_a_strict_network_a_window_that_does_not_tile_its_input_is_an_error_that_says_what_would_do()
    {
        NetworkDefinitionException exception = Assert.ThrowsExactly<NetworkDefinitionException>(
            () => Network.Input(7, 7, 1, strict: true).Conv(1, 3, stride: 3));
        Assert.AreEqual(
            "Conv2D \"conv1\": a 3x3 window with stride 3 and no padding does not tile a 7x7 input evenly ((7 - 3) / 3 + 1 = 2.33). "
            + "Received input: 7x7x1; use 2 rows more of padding, or allow flooring.",
            exception.Message);
    }

    [TestMethod]
    public void In_a_strict_network_that_padding_does_it()
    {
        Network network = Network.Input(7, 7, 1, strict: true).Conv(1, 3, stride: 3, padding: 1);
        Assert.AreEqual(new Shape(3, 3, 1), network.OutputShape);
        Assert.IsTrue(network.IsStrict);
    }

    [TestMethod]
    public void The_strict_error_counts_padding_and_dilation()
    {
        NetworkDefinitionException exception = Assert.ThrowsExactly<NetworkDefinitionException>(
            () => Network.Input(9, 8, 1, strict: true).Conv(1, 3, stride: (1, 2), padding: 1, dilation: 2));
        StringAssert.Contains(exception.Message, "((8 + 2 - 5) / 2 + 1 = 3.5)");
        StringAssert.Contains(exception.Message, "stride 1x2, dilation 2x2 and padding 1");
        StringAssert.Contains(exception.Message, "use 1 column more of padding");
    }

    [TestMethod]
    public void Otherwise_the_border_is_dropped_and_noted()
    {
        Network network = Network.Input(8, 7, 1).Conv(1, 3, stride: 3);
        Assert.AreEqual(new Shape(2, 2, 1), network.OutputShape);
        CollectionAssert.AreEqual(new[] { "drops 2 rows and 1 column" }, network.Nodes[0].Notes.ToArray());
        StringAssert.Contains(network.Summary().ToString(), "drops 2 rows and 1 column");
    }

    [TestMethod]
    public void Tensors_of_different_networks_do_not_join()
    {
        SymbolicTensor left = Network.Input(4, 4, 1).Relu();
        SymbolicTensor right = Network.Input(4, 4, 1).Relu();
        NetworkDefinitionException exception = Assert.ThrowsExactly<NetworkDefinitionException>(() => left.Add(right));
        StringAssert.Contains(exception.Message, "Received: a tensor of another network, 4x4x1.");
    }

    [TestMethod]
    public void A_network_needs_a_layer_and_an_input_with_a_dimension()
    {
        Assert.ThrowsExactly<NetworkDefinitionException>(() => Network.Input(4, 4, 1).ToNetwork());
        Assert.ThrowsExactly<ArgumentException>(() => Network.Input(default(Shape)));
        Assert.ThrowsExactly<ArgumentException>(() => Network.Input(4, 0, 1));
    }

    [TestMethod]
    public void Branches_that_do_not_reach_the_output_are_no_part_of_the_network()
    {
        SymbolicTensor stem = Network.Input(4, 4, 1).Conv(2, 3);
        _ = stem.Conv(9, 1).Flatten().Dense(100);
        Network network = stem.Relu();
        CollectionAssert.AreEqual(new[] { "conv1", "relu1" }, network.Nodes.Select(node => node.Name).ToArray());
        Assert.AreEqual(20, network.ParameterCount);
    }

    [TestMethod]
    public void Networks_are_equal_when_input_layers_names_and_wiring_are()
    {
        Network network = Branches(3, "a");
        Assert.AreEqual(network, Branches(3, "a"));
        Assert.AreEqual(network.GetHashCode(), Branches(3, "a").GetHashCode());
        Assert.AreEqual(network, Branches(3, "a").Named("another"), "The network's own name is no part of its value.");
        Assert.AreNotEqual(network, Branches(2, "a"));
        Assert.AreNotEqual(network, Branches(3, "b"));
        Assert.IsTrue(network != Branches(2, "a"));
        Assert.IsFalse(network == null);

        static Network Branches(int filters, string name)
        {
            SymbolicTensor stem = Network.Input(5, 5, 2).Conv(filters, 3, name: name);
            return stem.Add(stem.Relu());
        }
    }

    [TestMethod]
    public void Wiring_alone_makes_a_difference()
    {
        SymbolicTensor first = Network.Input(4, 4, 1).Relu(name: "a");
        Network left = first.Tanh(name: "b").Concat(first);
        SymbolicTensor second = Network.Input(4, 4, 1).Relu(name: "a");
        SymbolicTensor tanh = second.Tanh(name: "b");
        Network right = second.Concat(tanh);
        Assert.AreNotEqual(left, right);
    }
}
