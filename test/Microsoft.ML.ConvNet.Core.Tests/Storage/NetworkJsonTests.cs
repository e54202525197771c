using System.Text;
using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Storage;
using Microsoft.ML.ConvNet.Threading;
using Microsoft.ML.ConvNet.Zoo;

namespace Microsoft.ML.ConvNet.Core.Tests.Storage;

[TestClass]
public class NetworkJsonTests
{
    private const string Golden =
        """
        {
          "format": "Microsoft.ML.ConvNet.Network",
          "version": 1,
          "name": "tiny \"net\"",
          "strict": true,
          "input": [8, 8, 2],
          "layers": [
            {"name": "conv1", "layer": "Conv2D", "filters": 4, "kernelSize": 3, "padding": 1},
            {"name": "bn1", "layer": "BatchNorm"},
            {"name": "relu1", "layer": "ReLU"},
            {"name": "conv2", "layer": "Conv2D", "filters": 4, "kernelSize": [1, 3], "padding": "same", "dilation": 2, "groups": 2, "useBias": false, "initialization": "GlorotUniform"},
            {"name": "side", "layer": "Conv2D", "inputs": ["input"], "filters": 4, "kernelSize": [3, 2], "padding": [1, 1, 1, 0]},
            {"name": "add1", "layer": "Add", "inputs": ["conv2", "side", "relu1"]},
            {"name": "maxpool1", "layer": "MaxPool2D", "poolSize": 2, "stride": 2},
            {"name": "leaky_relu1", "layer": "LeakyReLU", "slope": 0.2},
            {"name": "dropout1", "layer": "Dropout", "rate": 0.25},
            {"name": "gap1", "layer": "GlobalAvgPool2D"},
            {"name": "fc1", "layer": "Dense", "units": 10},
            {"name": "softmax1", "layer": "Softmax"}
          ]
        }

        """;

    [TestMethod]
    public void A_network_reads_like_its_definition()
    {
        string text = NetworkJson.ToText(GoldenNetwork());
        Assert.AreEqual(Golden.ReplaceLineEndings("\n"), text);
        Network read = NetworkJson.Parse(text);
        Assert.AreEqual(GoldenNetwork(), read);
        Assert.AreEqual("tiny \"net\"", read.Name);
        Assert.IsTrue(read.IsStrict);
    }

    [TestMethod]
    public void Streams_with_a_byte_order_mark_or_other_white_space_are_read()
    {
        using MemoryStream stream = new();
        stream.Write([0xEF, 0xBB, 0xBF]);
        stream.Write(Encoding.UTF8.GetBytes(Golden.ReplaceLineEndings("\r\n")));
        stream.Position = 0;
        Assert.AreEqual(GoldenNetwork(), NetworkJson.Read(stream));
        using MemoryStream written = new();
        NetworkJson.Write(LeNet5.Create(), written);
        Assert.AreEqual(LeNet5.Create(), NetworkJson.Parse(Encoding.UTF8.GetString(written.ToArray())));
    }

    [TestMethod]
    public void Every_architecture_survives()
    {
        foreach (Architecture architecture in Architecture.All)
        {
            Network network = architecture.Create();
            Network read = NetworkJson.Parse(NetworkJson.ToText(network));
            Assert.AreEqual(network, read);
            Assert.AreEqual(network.Name, read.Name);
        }
    }

    [TestMethod]
    public void What_a_file_leaves_out_has_its_default()
    {
        Network network = NetworkJson.Parse(Definition(
            """{"name": "a", "layer": "Conv2D", "filters": 2, "kernelSize": 3}, {"name": "b", "layer": "ELU"}, {"name": "c", "layer": "Dropout"}, {"name": "d", "layer": "AvgPool2D", "poolSize": [2, 1]}"""));
        CollectionAssert.AreEqual(
            new Layer[] { new Conv2D(2, 3), new ELU(), new Dropout(), new AvgPool2D((2, 1)) },
            network.Nodes.Select(node => node.Layer).ToArray());
    }

    [TestMethod]
    public void No_layer_has_a_hyperparameter_with_a_name_that_the_file_needs_for_itself()
    {
        foreach (Type type in typeof(Layer).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Layer))))
        {
            string[] names = [.. type.GetProperties().Select(property => property.Name)];
            Assert.IsFalse(names.Any(name => name is "Name" or "Inputs" or "Layer"), type.Name);
        }
    }

    [TestMethod]
    [DataRow("", "JSON of at most 8 levels. Received: text that is not, at byte 0 of line 1.")]
    [DataRow("{", "text that is not, at byte 1 of line 1.")]
    [DataRow("[]", "The network's definition: is a JSON object. Received: [].")]
    [DataRow("{}", "\"format\" is \"Microsoft.ML.ConvNet.Network\". Received: no such field.")]
    [DataRow("{\"format\": \"ONNX\"}", "Received: \"ONNX\".")]
    [DataRow("{\"format\": \"Microsoft.ML.ConvNet.Network\"}", "\"version\" is a whole number. Received: no such field.")]
    [DataRow("{\"format\": \"Microsoft.ML.ConvNet.Network\", \"version\": 2}", "reads version 1 to 1. Received: 2; a later one may read it.")]
    [DataRow("{\"format\": \"Microsoft.ML.ConvNet.Network\", \"format\": 1}", "has each field once. Received: \"format\" twice.")]
    public void What_is_no_definition_is_refused(string text, string message) => AssertRefused(text, message);

    [TestMethod]
    [DataRow("[]", "Received: [].")]
    [DataRow("28", "is a list of dimensions such as [28, 28, 1]. Received: 28.")]
    [DataRow("[28, 28.5]", "whole numbers. Received: [28, 28.5].")]
    [DataRow("[28, \"28\"]", "whole numbers. Received: [28, \"28\"].")]
    [DataRow("[0]", "dimensions of at least 1")]
    [DataRow("[65536, 65536]", "at most 2,147,483,647 elements. Received: [65536, 65536].")]
    [DataRow("[1,1,1,1,1,1,1,1,1]", "is a list of 1 to 8 whole numbers")]
    public void An_input_that_is_no_shape_is_refused(string input, string message) => AssertRefused(
        $$"""{"format": "Microsoft.ML.ConvNet.Network", "version": 1, "input": {{input}}, "layers": []}""", message);

    [TestMethod]
    [DataRow("", "A network has at least one layer.")]
    [DataRow("7", "Layer number 1: is a JSON object. Received: 7.")]
    [DataRow("{}", "Layer number 1: \"name\" is a text. Received: no such field.")]
    [DataRow("{\"name\": \"a\"}", "Layer \"a\": \"layer\" is the layer's kind. Received: no such field.")]
    [DataRow("{\"name\": \"a\", \"layer\": 3}", "Layer \"a\": \"layer\" is the layer's kind. Received: 3.")]
    [DataRow("{\"name\": \"a\", \"layer\": \"Conv3D\"}", "Layer \"a\": its kind is one of Abs, ")]
    [DataRow("{\"name\": \"a\", \"layer\": \"relu\"}", "Received: \"relu\".")]
    [DataRow("{\"name\": \"a\", \"layer\": \"ReLU\", \"slope\": 1}", "ReLU \"a\": has the hyperparameters []. Received: \"slope\".")]
    [DataRow("{\"name\": \"a\", \"layer\": \"Dense\", \"unit\": 1}", "Dense \"a\": has the hyperparameters [units, useBias, initialization]. Received: \"unit\".")]
    [DataRow("{\"name\": \"a\", \"layer\": \"Conv2D\", \"filters\": \"six\", \"kernelSize\": 3}", "Conv2D \"a\": the hyperparameter \"filters\" has another form. Received: \"six\".")]
    [DataRow("{\"name\": \"a\", \"layer\": \"Conv2D\", \"filters\": 2.5, \"kernelSize\": 3}", "\"filters\" has another form. Received: 2.5.")]
    [DataRow("{\"name\": \"a\", \"layer\": \"Conv2D\", \"filters\": null, \"kernelSize\": 3}", "\"filters\" has another form. Received: null.")]
    [DataRow("{\"name\": \"a\", \"layer\": \"Conv2D\", \"filters\": 2, \"kernelSize\": [3]}", "\"kernelSize\" has another form. Received: [3].")]
    [DataRow("{\"name\": \"a\", \"layer\": \"Conv2D\", \"filters\": 2, \"kernelSize\": [3, 3, 3]}", "\"kernelSize\" has another form. Received: [3, 3, 3].")]
    [DataRow("{\"name\": \"a\", \"layer\": \"Conv2D\", \"filters\": 2, \"kernelSize\": {\"height\": 3}}", "\"kernelSize\" has another form.")]
    [DataRow("{\"name\": \"a\", \"layer\": \"Conv2D\", \"filters\": 2, \"kernelSize\": 3, \"padding\": \"valid\"}", "\"padding\" has another form. Received: \"valid\".")]
    [DataRow("{\"name\": \"a\", \"layer\": \"Conv2D\", \"filters\": 2, \"kernelSize\": 3, \"initialization\": \"Xavier\"}", "\"initialization\" has another form. Received: \"Xavier\".")]
    [DataRow("{\"name\": \"a\", \"layer\": \"Conv2D\", \"filters\": 2, \"kernelSize\": 3, \"initialization\": 1}", "\"initialization\" has another form. Received: 1.")]
    [DataRow("{\"name\": \"a\", \"layer\": \"Conv2D\", \"kernelSize\": 3}", "Conv2D \"a\": the number of filters must be at least 1. Received: 0.")]
    [DataRow("{\"name\": \"a\", \"layer\": \"Conv2D\", \"filters\": 2}", "Conv2D \"a\": the window is at least 1x1. Received: 0x0.")]
    [DataRow("{\"name\": \"a\", \"layer\": \"Conv2D\", \"filters\": 2, \"filters\": 3, \"kernelSize\": 3}", "has each field once. Received: \"filters\" twice.")]
    [DataRow("{\"name\": \"a\", \"layer\": \"Conv2D\", \"filters\": 2, \"kernelSize\": 9}", "Conv2D \"a\": a 9x9 window does not fit a 6x6 input")]
    [DataRow("{\"name\": \"a\", \"layer\": \"LeakyReLU\", \"slope\": 1e99}", "LeakyReLU \"a\": ")]
    [DataRow("{\"name\": \"input\", \"layer\": \"ReLU\"}", "ReLU: \"input\" names the network's input.")]
    [DataRow("{\"name\": \"a\", \"layer\": \"ReLU\"}, {\"name\": \"a\", \"layer\": \"ReLU\"}", "ReLU \"a\": another layer has this name already")]
    [DataRow("{\"name\": \"a\\nb\", \"layer\": \"ReLU\"}", "no control characters")]
    [DataRow("{\"name\": \"\", \"layer\": \"ReLU\"}", "A layer's name is not empty")]
    [DataRow("{\"name\": \"\\ud800\", \"layer\": \"ReLU\"}", "no character")]
    [DataRow("{\"name\": \"a\", \"layer\": \"ReLU\", \"inputs\": \"input\"}", "\"inputs\" is a list of the names of earlier layers. Received: \"input\".")]
    [DataRow("{\"name\": \"a\", \"layer\": \"ReLU\", \"inputs\": [\"x\"]}", "Layer \"a\": reads layers that stand before it, or \"input\". Received: \"x\".")]
    [DataRow("{\"name\": \"a\", \"layer\": \"ReLU\", \"inputs\": [\"a\"]}", "reads layers that stand before it")]
    [DataRow("{\"name\": \"a\", \"layer\": \"ReLU\", \"inputs\": [\"b\"]}, {\"name\": \"b\", \"layer\": \"ReLU\", \"inputs\": [\"a\"]}", "Layer \"a\": reads layers that stand before it, or \"input\". Received: \"b\".")]
    [DataRow("{\"name\": \"a\", \"layer\": \"ReLU\", \"inputs\": [3]}", "Received: 3.")]
    [DataRow("{\"name\": \"a\", \"layer\": \"ReLU\", \"inputs\": []}", "ReLU \"a\": takes 1 input. Received: 0.")]
    [DataRow("{\"name\": \"a\", \"layer\": \"ReLU\"}, {\"name\": \"b\", \"layer\": \"ReLU\", \"inputs\": [\"input\"]}", "Layer \"a\": another layer reads it, or it is the last one. Received: a layer that nothing reads.")]
    public void A_layer_that_cannot_be_is_refused_by_its_name(string layers, string message) => AssertRefused(Definition(layers), message);

    [TestMethod]
    public void Deep_and_long_text_is_refused()
    {
        AssertRefused(new string('[', 100_000), "JSON of at most 8 levels");
        AssertRefused(Definition("{\"name\": \"a\", \"layer\": \"ReLU\", \"x\": [[[[[[[[]]]]]]]]}"), "JSON of at most 8 levels");
        using EndlessStream endless = new();
        ModelFormatException exception = Assert.ThrowsExactly<ModelFormatException>(() => NetworkJson.Read(endless));
        StringAssert.Contains(exception.Message, "has at most 67,108,864 bytes. Received: more.");
    }

    [TestMethod]
    public void Sizes_whose_sums_and_products_leave_the_integers_are_refused()
    {
        const string Most = "2147483647";
        AssertRefused(Definition($$"""{"name": "a", "layer": "Conv2D", "filters": 1, "kernelSize": 3, "padding": {{Most}}}"""), "Conv2D \"a\"");
        AssertRefused(Definition($$"""{"name": "a", "layer": "Conv2D", "filters": 1, "kernelSize": {{Most}}, "padding": "same"}"""), "Conv2D \"a\"");
        AssertRefused(Definition($$"""{"name": "a", "layer": "Conv2D", "filters": {{Most}}, "kernelSize": 3}"""), "Conv2D \"a\"");
        AssertRefused(Definition($$"""{"name": "a", "layer": "MaxPool2D", "poolSize": 2, "stride": {{Most}}}"""), "MaxPool2D \"a\"");
        AssertRefused(Definition($$"""{"name": "a", "layer": "AdaptiveAvgPool2D", "outputSize": {{Most}}}"""), "AdaptiveAvgPool2D \"a\"");
        string wide = """{"format": "Microsoft.ML.ConvNet.Network", "version": 1, "input": [2147483647], "layers": [{"name": "a", "layer": "Concat", "inputs": ["input", "input", "input"]}]}""";
        AssertRefused(wide, "Concat \"a\": there are at most 2,147,483,647 channels. Received: 6,442,450,941.");
    }

    [TestMethod]
    public void Random_damage_is_read_or_refused_but_nothing_else()
    {
        byte[] whole = Encoding.UTF8.GetBytes(NetworkJson.ToText(GoldenNetwork()));
        int refused = 0;
        for (uint round = 0; round < 3000; round++)
        {
            RandomStream random = new(12, RandomPurpose.Synthesis, round);
            byte[] damaged = [.. whole];
            for (int flips = 1 + random.NextIndex(3); flips > 0; flips--)
            {
                damaged[random.NextIndex(damaged.Length)] ^= (byte)(1 << random.NextIndex(8));
            }

            try
            {
                NetworkJson.Read(new MemoryStream(damaged));
            }
            catch (ModelFormatException exception)
            {
                Assert.IsFalse(exception.Message.Any(char.IsControl), exception.Message);
                refused++;
            }
        }

        Assert.IsTrue(refused > 2000, "Most damage is found.");
    }

    private static Network GoldenNetwork()
    {
        SymbolicTensor input = Network.Input(8, 8, 2, strict: true);
        SymbolicTensor stem = input.Conv(4, 3, padding: 1).BatchNorm().Relu();
        SymbolicTensor second = stem.Conv(
            4, (1, 3), padding: Padding.Same, dilation: 2, groups: 2, useBias: false, initialization: Initialization.GlorotUniform);
        SymbolicTensor side = input.Conv(4, (3, 2), padding: new Padding(1, 1, 1, 0), name: "side");
        return second.Add(side, stem).MaxPool(2, stride: 2).LeakyRelu(0.2f).Dropout(0.25f).GlobalAvgPool().Dense(10).Softmax()
            .ToNetwork("tiny \"net\"");
    }

    private static string Definition(string layers) =>
        $$"""{"format": "Microsoft.ML.ConvNet.Network", "version": 1, "input": [6, 6, 1], "layers": [{{layers}}]}""";

    private static void AssertRefused(string text, string message)
    {
        ModelFormatException exception = Assert.ThrowsExactly<ModelFormatException>(() => NetworkJson.Parse(text));
        StringAssert.Contains(exception.Message, message);
        Assert.IsFalse(exception.Message.Any(char.IsControl), exception.Message);
    }

    private sealed class EndlessStream : MemoryStream
    {
        public override int Read(Span<byte> buffer)
        {
            buffer.Fill((byte)' ');
            return buffer.Length;
        }
    }
}
