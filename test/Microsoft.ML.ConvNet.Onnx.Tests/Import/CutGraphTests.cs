using System.Runtime.InteropServices;
using Google.Protobuf;
using Microsoft.ML.ConvNet.Core.Tests.Data;
using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Onnx.Export;
using Microsoft.ML.ConvNet.Onnx.Format;
using Microsoft.ML.ConvNet.Onnx.Tests.Export;
using Microsoft.ML.ConvNet.Onnx.Tests.Format;

namespace Microsoft.ML.ConvNet.Onnx.Tests.Import;

/// <summary>Networks that end within a graph, and take images of another size than it says: what transfer learning needs of a file.</summary>
[TestClass]
public sealed class CutGraphTests
{
    private static readonly AttributeProto Window = ExportGraph.Attribute("kernel_shape", [2, 2]);

    [TestMethod]
    [DataRow("b", "b")]
    [DataRow("node_b", "b")]
    [DataRow("y", "y")]
    [DataRow("node_y", "y")]
    public void A_network_ends_in_the_value_or_the_node_that_is_named(string name, string value)
    {
        OnnxModel model = Graphs.Model(
            [-1, 2], "y", Graphs.Node("Neg", ["x"], "a"), Graphs.Node("Abs", ["a"], "b"), Graphs.Node("Exp", ["b"], "y")).Read();
        using OnnxNetwork network = model.Import(new OnnxImportOptions { OutputName = name });

        Assert.AreEqual(value, network.Output.Name);
        Assert.AreEqual(OnnxElementType.Float, network.Output.ElementType);
        Assert.AreEqual(value == "b" ? 2 : 3, network.Network.Nodes.Count);
        float[] expected = value == "b" ? [1, 2] : [MathF.E, MathF.E * MathF.E];
        OnnxTensor result = network.Run(new OnnxTensor([1, 2], [-1, 2]));
        Assert.AreEqual(0, expected.Zip(result.ToArray()).Max(pair => Math.Abs(pair.First - pair.Second)), 1e-5);
    }

    [TestMethod]
    public void What_is_behind_the_end_need_not_be_supported()
    {
        OnnxModel model = Graphs.Model([-1, 2], "y", Graphs.Node("Neg", ["x"], "a"), Graphs.Node("NonMaxSuppression", ["a", "a"], "y")).Read();

        Assert.ThrowsExactly<OnnxImportException>(() => model.Import());
        using OnnxNetwork network = model.Import(new OnnxImportOptions { OutputName = "a" });
        CollectionAssert.AreEqual(new[] { -1f, 2 }, network.Run(new OnnxTensor([1, 2], [1, -2])).ToArray());
    }

    [TestMethod]
    public void A_product_before_its_bias_is_an_end_too()
    {
        OnnxModel model = Graphs.Model([-1, 2], "y", Graphs.Node("MatMul", ["x", "w"], "a"), Graphs.Node("Add", ["a", "b"], "y"))
            .WithFloats("w", [2, 2], 1, 2, 3, 4).WithFloats("b", [2], 10, 20).Read();
        using OnnxNetwork network = model.Import(new OnnxImportOptions { OutputName = "a" });
        CollectionAssert.AreEqual(new[] { 4f, 6 }, network.Run(new OnnxTensor([1, 2], [1, 1])).ToArray());
    }

    [TestMethod]
    public void An_unknown_end_is_refused_with_those_that_there_are()
    {
        OnnxModel model = Graphs.Model([-1, 2], "y", Graphs.Node("Neg", ["x"], "features/relu"), Graphs.Node("Exp", ["features/relu"], "y")).Read();
        OnnxImportException error = Assert.ThrowsExactly<OnnxImportException>(() => model.Import(new OnnxImportOptions { OutputName = "Features" }));
        Assert.Contains("\"features/relu\"", error.Message);
        Assert.Contains("\"y\"", error.Message);
        Assert.Contains("Received: \"Features\"", error.Message);
        Assert.ThrowsExactly<OnnxImportException>(() => model.Import(new OnnxImportOptions { OutputName = string.Empty }));
    }

    [TestMethod]
    public void An_end_of_whole_numbers_is_refused()
    {
        OnnxModel model = Graphs.Model([-1, 2], "y", Graphs.Node("Shape", ["x"], "s"), Graphs.Node("Neg", ["x"], "y")).Read();
        OnnxImportException error = Assert.ThrowsExactly<OnnxImportException>(() => model.Import(new OnnxImportOptions { OutputName = "s" }));
        Assert.Contains("of type Float, Float16 or Bool. Received: \"s\": Int64", error.Message);
    }

    [TestMethod]
    public void An_image_is_given_in_the_order_that_is_asked_for_and_as_onnx_has_it_in_the_end()
    {
        // Two channels of 1x3: 1, 2, 3 and 10, 20, 30; the engine has both values of a pixel side by side.
        OnnxModel model = Graphs.Model([-1, 2, 1, 3], "y", Graphs.Node("Neg", ["x"], "a"), Graphs.Node("Flatten", ["a"], "y")).Read();
        OnnxTensor image = new([1, 2, 1, 3], [1, 2, 3, 10, 20, 30]);
        foreach (bool keeps in new[] { false, true })
        {
            using OnnxNetwork network = model.Import(new OnnxImportOptions { OutputName = "a", KeepsChannelsLast = keeps });
            Assert.AreEqual(keeps ? new Tensors.Shape(1, 3, 2) : new Tensors.Shape(2, 1, 3), network.Network.OutputShape);
            Assert.AreEqual(keeps ? 0 : 1, network.Network.Nodes.Count(node => node.Layer is Permute));
            OnnxTensor result = network.Run(image);
            CollectionAssert.AreEqual(new[] { 1, 2, 1, 3 }, result.Dimensions.ToArray());
            CollectionAssert.AreEqual(new[] { -1f, -2, -3, -10, -20, -30 }, result.ToArray());
        }
    }

    [TestMethod]
    public void Images_of_another_size_than_the_model_says_go_through_layers_that_take_them()
    {
        OnnxModel model = Graphs.Model(
            [1, 1, 2, 2], "y", Graphs.Node("Relu", ["x"], "a"), Graphs.Node("AveragePool", ["a"], "b", Window), Graphs.Node("Flatten", ["b"], "y")).Read();
        using OnnxNetwork asDeclared = model.Import();
        using OnnxNetwork larger = model.Import(new OnnxImportOptions { InputDimensions = [1, 1, 3, 4] });

        Assert.AreEqual(new Tensors.Shape(3, 4, 1), larger.Network.InputShape);
        Assert.AreEqual(2.5f, asDeclared.Run(new OnnxTensor([1, 1, 2, 2], [1, 2, 3, 4])).ToArray().Single());

        // The window of the model was the whole image, and the mean is over the whole image still.
        Assert.AreEqual(6.5f, larger.Run(new OnnxTensor([1, 1, 3, 4], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])).ToArray().Single());
    }

    [TestMethod]
    public void A_pooling_that_did_not_see_the_whole_image_stays_one_of_its_windows()
    {
        OnnxModel model = Graphs.Model([1, 1, 3, 2], "y", Graphs.Node("MaxPool", ["x"], "y", Window)).Read();
        using OnnxNetwork network = model.Import(new OnnxImportOptions { InputDimensions = [1, 1, 3, 3] });
        OnnxTensor result = network.Run(new OnnxTensor([1, 1, 3, 3], [1, 2, 3, 4, 5, 6, 7, 8, 9]));
        CollectionAssert.AreEqual(new[] { 5f, 6, 8, 9 }, result.ToArray());
    }

    [TestMethod]
    public void Layers_that_take_no_other_size_are_named()
    {
        OnnxModel product = Graphs.Model([1, 1, 2, 2], "y", Graphs.Node("Flatten", ["x"], "a"), Graphs.Node("Gemm", ["a", "w"], "y"))
            .WithFloats("w", [4, 2], 1, 2, 3, 4, 5, 6, 7, 8).Read();
        OnnxImportOptions options = new() { InputDimensions = [1, 1, 3, 3] };
        Assert.Contains("Gemm", Assert.ThrowsExactly<OnnxImportException>(() => product.Import(options)).Message);

        // A shape that is written down makes four samples of one: that is no network for one image.
        OnnxModel reshape = Graphs.Model([1, 2, 1, 2], "y", Graphs.Node("Reshape", ["x", "s"], "y")).WithIntegers("s", -1, 4).Read();
        OnnxImportException error = Assert.ThrowsExactly<OnnxImportException>(() => reshape.Import(new OnnxImportOptions { InputDimensions = [1, 2, 2, 2] }));
        Assert.Contains("the model's, \"x\": Float [1, 2, 1, 2], or such as its nodes take, too. Received: \"x\": Float [1, 2, 2, 2]", error.Message);
    }

    [TestMethod]
    public void Another_number_of_dimensions_is_refused()
    {
        OnnxModel model = Graphs.Model([1, 1, 2, 2], "y", Graphs.Node("Neg", ["x"], "y")).Read();
        OnnxImportException error = Assert.ThrowsExactly<OnnxImportException>(() => model.Import(new OnnxImportOptions { InputDimensions = [1, 4] }));
        Assert.Contains("as many as the model's", error.Message);
    }

    /// <summary>What is cut off is compared with ONNX Runtime, which is given the same graph with the inner value as its output.</summary>
    [TestMethod]
    [DataRow(224)]
    [DataRow(128)]
    public void The_features_of_SqueezeNet_are_those_of_ONNX_Runtime_at_its_size_and_at_another(int size)
    {
        string path = Path.Combine(TestData.Folder("models"), "squeezenet_fp16.onnx");
        OnnxModel model = OnnxModel.Load(path);
        string value = model.Graph.Node.Last(node => node.OpType == "Concat").Output[0];
        using OnnxNetwork network = model.Import(new OnnxImportOptions
        {
            OutputName = value,
            InputDimensions = [1, 3, size, size],
            KeepsChannelsLast = true,
        });
        Assert.AreEqual(512, network.Network.OutputShape.Channels);
        Assert.IsFalse(network.Network.Nodes.Any(node => node.Layer is Permute));

        ModelProto cut = InSingles(ModelProto.Parser.ParseFrom(File.ReadAllBytes(path)));
        ValueInfoProto image = cut.Graph.Input.Single(input => input.Name == model.Inputs[0].Name);
        image.Type.TensorType.Shape.Dim[2].DimValue = size;
        image.Type.TensorType.Shape.Dim[3].DimValue = size;
        cut.Graph.ValueInfo.Clear();
        cut.Graph.Output.Clear();
        cut.Graph.Output.Add(Graphs.Value(value, OnnxElementType.Float, [1, 512, -1, -1]));
        OnnxTensor given = new([1, 3, size, size], [.. ExportedNetworks.RandomNumbers(3 * size * size, 3).Select(number => 100 * number)]);
        float[] expected = OnnxRuntimePeer.Score(cut, given).ToArray();
        float[] features = network.Run(given, numberOfThreads: 2).ToArray();
        Assert.HasCount(expected.Length, features);
        Assert.IsLessThan(1e-4 * expected.Max(), expected.Zip(features).Max(pair => Math.Abs(pair.First - pair.Second)));
    }

    /// <summary>The model with 32 bits a number, for ONNX Runtime rounds each value of one with 16 to these.</summary>
    private static ModelProto InSingles(ModelProto model)
    {
        foreach (TensorProto tensor in model.Graph.Initializer.Where(tensor => tensor.DataType == (int)OnnxElementType.Float16))
        {
            float[] values = TensorReader.Read(tensor, tensor.Name).ToArray();
            tensor.RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes<float>(values));
            tensor.Int32Data.Clear();
            tensor.DataType = (int)OnnxElementType.Float;
        }

        foreach (ValueInfoProto input in model.Graph.Input)
        {
            input.Type.TensorType.ElemType = (int)OnnxElementType.Float;
        }

        return model;
    }
}
