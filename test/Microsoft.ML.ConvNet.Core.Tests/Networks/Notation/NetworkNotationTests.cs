using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Networks.Notation;
using Microsoft.ML.ConvNet.Tensors;
using Microsoft.ML.ConvNet.Zoo;

namespace Microsoft.ML.ConvNet.Core.Tests.Networks.Notation;

[TestClass]
public class NetworkNotationTests
{
    [TestMethod]
    public void One_line_is_the_small_network_for_digits()
    {
        Network network = NetworkNotation.Build("conv3-32 relu pool2 conv3-32 relu pool2 fc500 relu fc10", [28, 28, 1]);
        Assert.AreEqual(799_078, network.ParameterCount);
        Assert.AreEqual(new Shape(10), network.OutputShape);
    }

    [TestMethod]
    public void Brackets_with_repetitions_write_VGG_16()
    {
        Network network = NetworkNotation.Build(
            "224x224x3 [conv3-64 relu]*2 pool2 [conv3-128 relu]*2 pool2 [conv3-256 relu]*3 pool2 [[conv3-512 relu]*3 pool2]*2 "
            + "[fc4096 relu dropout]*2 fc1000 softmax");
        Assert.AreEqual(138_357_544, network.ParameterCount);
        CollectionAssert.AreEqual(
            Vgg.Create16().Nodes.Select(node => node.Layer.Describe()).ToArray(), network.Nodes.Select(node => node.Layer.Describe()).ToArray());
    }

    [TestMethod]
    [DataRow("conv3-32", "Conv2D 3x3, 32 filters, padding 1", "16x12x32")]
    [DataRow("CONV5x3-8", "Conv2D 5x3, 8 filters, padding (2, 2, 1, 1)", "16x12x8")]
    [DataRow("conv2-8", "Conv2D 2x2, 8 filters, padding (0, 1, 0, 1)", "16x12x8")]
    [DataRow("conv7-64s2", "Conv2D 7x7, 64 filters, stride 2x2, padding 3", "8x6x64")]
    [DataRow("conv3-8s2p0", "Conv2D 3x3, 8 filters, stride 2x2", "7x5x8")]
    [DataRow("conv3-8d2", "Conv2D 3x3, 8 filters, padding 2, dilation 2x2", "16x12x8")]
    [DataRow("conv1-6g3b0", "Conv2D 1x1, 6 filters, groups 3, no bias", "16x12x6")]
    [DataRow("dwconv3s2", "DepthwiseConv2D 3x3, stride 2x2, padding 1", "8x6x3")]
    [DataRow("pool2", "MaxPool2D 2x2", "8x6x3")]
    [DataRow("maxpool3s2p1", "MaxPool2D 3x3, stride 2x2, padding 1", "8x6x3")]
    [DataRow("avgpool4", "AvgPool2D 4x4", "4x3x3")]
    [DataRow("gap", "GlobalAvgPool2D", "3")]
    [DataRow("relu", "ReLU", "16x12x3")]
    [DataRow("relu6", "ClippedReLU, maximum 6", "16x12x3")]
    [DataRow("leakyrelu0.2", "LeakyReLU, slope 0.2", "16x12x3")]
    [DataRow("dropout0.3", "Dropout 0.3", "16x12x3")]
    [DataRow("bn", "BatchNorm", "16x12x3")]
    [DataRow("flatten", "Flatten", "576")]
    public void A_word_is_a_layer(string word, string layer, string shape)
    {
        Network network = NetworkNotation.Build(word, [16, 12, 3]);
        Assert.AreEqual((layer, Shape.Parse(shape)), (network.Nodes[^1].Layer.Describe(), network.OutputShape));
    }

    [TestMethod]
    public void Every_layer_of_the_notation_can_be_written()
    {
        // Window, count and number where the form asks for one.
        foreach (string name in LayerKinds.All.SelectMany(kind => kind.Words).Select(word => word.Name))
        {
            string word = name switch
            {
                "conv" => "conv3-4",
                "dwconv" or "pool" or "maxpool" or "avgpool" => $"{name}2",
                "fc" or "gn" => $"{name}4",
                _ => name,
            };
            Assert.HasCount(name == "fc" ? 2 : 1, NetworkNotation.Build(word, [8, 8, 8]).Nodes, name);
        }
    }

    [TestMethod]
    [DataRow("conv3-4 relu pool2 fc")]
    [DataRow("conv3-4, relu, pool2, fc")]
    [DataRow("  CONV3-4->ReLU -> pool2\n\tfc ")]
    [DataRow("[conv3-4 relu] [pool2]*1 fc3")]
    public void Blanks_commas_and_arrows_separate_words(string notation) => Assert.AreEqual(
        NetworkNotation.Build("conv3-4 relu pool2 fc3", [8, 8, 1]).ToString().Split(':')[1],
        NetworkNotation.Build(notation, [8, 8, 1], classes: 3).ToString().Split(':')[1]);

    [TestMethod]
    [DataRow("conv3-4 rellu fc10", "rellu", "There is no layer \"rellu\".")]
    [DataRow("conv3-4 rellu fc10", "rellu", "the nearest is \"relu\"")]
    [DataRow("conv3 relu", "conv3", "a hyphen and a number of filters")]
    [DataRow("conv-4 relu", "conv-4", "conv, a window")]
    [DataRow("conv3-4s2s3", "conv3-4s2s3", "\"s\" is given once")]
    [DataRow("conv3-4x2", "conv3-4x2", "as options")]
    [DataRow("conv3-4s", "conv3-4s", "A whole number up to 1,000,000 stands behind \"conv3-4s\"")]
    [DataRow("conv3-99999999999", "conv3-99999999999", "A whole number")]
    [DataRow("conv3-4b2", "conv3-4b2", "b0")]
    [DataRow("pool", "pool", "pool2, pool3s2p1")]
    [DataRow("pool2-3", "pool2-3", "pool2, pool3s2p1")]
    [DataRow("pool2d2", "pool2d2", "pool2, pool3s2p1")]
    [DataRow("fc0.5", "fc0.5", "fc500, fc")]
    [DataRow("relu fc", "fc", "number of classes is not known")]
    [DataRow("relu1.2.3", "relu1.2.3", "A number is written as 3 or 0.5")]
    [DataRow("dropout3x3", "dropout3x3", "dropout0.3")]
    [DataRow("softmax3", "softmax3", "alone")]
    [DataRow("conv3-4! relu", "conv3-4!", "A layer is a name, numbers and options")]
    [DataRow("relu conv99-4p0 relu", "conv99-4p0", "a 99x99 window does not fit a 8x8 input")]
    [DataRow("conv3-4 dropout1.5", "dropout1.5", "the rate is at least 0 and less than 1")]
    [DataRow("pool2 pool2 pool2 pool2", "pool2", "a 2x2 window does not fit a 1x1 input")]
    [DataRow("[relu pool2", "[", "not closed")]
    [DataRow("relu] pool2", "]", "No bracket is open")]
    [DataRow("relu [] pool2", "]", "have a layer in them")]
    [DataRow("[relu]*0", "]*0", "1 to 1000 times")]
    [DataRow("[relu]x2", "]x2", "1 to 1000 times")]
    [DataRow("[relu]*1001", "]*1001", "1 to 1000 times")]
    [DataRow("0x8x1 relu", "0x8x1", "such as 28x28x1")]
    [DataRow("[[[[[[[[[[[[[[[[[relu]]]]]]]]]]]]]]]]]", "[", "at most 16")]
    [DataRow("[[[relu]*1000]*1000]*1000", "relu", "at most 10,000 layers")]
    [DataRow("", "", "a layer at least")]
    [DataRow("8x8x1", "8x8x1", "a layer at least")]
    public void An_error_points_at_the_word(string notation, string word, string message)
    {
        NetworkNotationException exception =
            Assert.ThrowsExactly<NetworkNotationException>(() => NetworkNotation.Build(notation, [8, 8, 1]));
        StringAssert.Contains(exception.Message, message);
        StringAssert.Contains(exception.Message, $">>>{word}<<<");
        Assert.AreEqual(word, notation.Substring(exception.Position, exception.Length));
        StringAssert.Contains(exception.Message, $"At character {exception.Position + 1} of the notation");
    }

    [TestMethod]
    public void The_fourth_of_four_equal_words_is_pointed_at_where_the_fourth_does_not_fit()
    {
        NetworkNotationException exception =
            Assert.ThrowsExactly<NetworkNotationException>(() => NetworkNotation.Build("pool2 pool2 pool2 pool2", [8, 8, 1]));
        Assert.AreEqual((18, 5), (exception.Position, exception.Length));
        StringAssert.Contains(exception.Message, "pool2 pool2 pool2 >>>pool2<<<");
    }

    [TestMethod]
    public void The_size_of_the_images_is_given_by_someone()
    {
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => NetworkNotation.Build("relu fc10")).Message, "begins with the size of its images");
        Assert.AreEqual(new Shape(9, 7, 2), NetworkNotation.Build("9x7x2 relu").InputShape);
        Assert.AreEqual(new Shape(5, 5, 1), NetworkNotation.Build("9x7x2 relu", [5, 5, 1]).InputShape);
    }

    [TestMethod]
    public void A_notation_stands_where_an_architectures_name_does()
    {
        Architecture architecture = Architecture.Get("20x20x3 conv3-8 relu pool2 fc7");
        Assert.AreEqual((new Shape(20, 20, 3), 7), (architecture.DefaultInput, architecture.Classes));
        Network network = architecture.Create(classes: 7);
        Assert.IsInstanceOfType<Softmax>(network.Nodes[^1].Layer);
        Assert.AreEqual(new Shape(4), Architecture.Get("conv3-8 relu fc").Create([9, 9, 1], 4).OutputShape);
        Assert.AreEqual(5, Architecture.Get("conv3-8 relu fc softmax").Create([9, 9, 1], 4).Nodes.Count);
    }

    [TestMethod]
    public void A_notation_whose_outputs_are_not_the_classes_is_refused() => StringAssert.Contains(
        Assert.ThrowsExactly<NetworkDefinitionException>(() => Architecture.Get("conv3-8 fc10").Create([9, 9, 1], 4)).Message,
        "fc without a number has as many. Received: \"conv3-8 fc10\", whose output is 10.");

    [TestMethod]
    [DataRow("relu", true)]
    [DataRow("conv3-8", true)]
    [DataRow("covn3-8 relu", true)]
    [DataRow("conv3-8->relu", true)]
    [DataRow("vgg-16", false)]
    [DataRow("convnet", false)]
    [DataRow("./relu", false)]
    [DataRow("", false)]
    public void Names_are_told_from_notations(string text, bool isNotation) => Assert.AreEqual(isNotation, Architecture.IsNotation(text));

    [TestMethod]
    public void A_wrong_word_is_found_before_any_data_is_seen()
    {
        Assert.ThrowsExactly<NetworkNotationException>(() => Architecture.Get("conv3-8 covn3-8 fc"));
        Assert.ThrowsExactly<NetworkNotationException>(() => Architecture.Get("[conv3-8 fc"));
    }
}
