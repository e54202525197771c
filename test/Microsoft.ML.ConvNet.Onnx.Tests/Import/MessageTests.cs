using Microsoft.ML.ConvNet.Onnx.Export;
using Microsoft.ML.ConvNet.Onnx.Format;
using Microsoft.ML.ConvNet.Onnx.Tests.Format;

namespace Microsoft.ML.ConvNet.Onnx.Tests.Import;

/// <summary>What is said of a model that cannot be imported names what is wrong, first, and nothing of a file reaches a terminal raw.</summary>
[TestClass]
public sealed class MessageTests
{
    [TestMethod]
    public void An_operator_that_is_not_supported_comes_before_those_that_are()
    {
        string message = Refused(Graphs.Model([1, 2], "y", Graphs.Node("Fancy", ["x"], "y")));
        Assert.StartsWith("Fancy \"node_y\" (opset 17): no such operator can be imported. Those that can: Abs, Add,", message);
    }

    [TestMethod]
    public void A_graph_of_reshapes_only_gives_nothing_to_take_a_softmax_of()
    {
        ModelProto model = Graphs.Model([-1, 3, 8, 8], "y", Graphs.Node("Flatten", ["x"], "y"));
        StringAssert.Contains(
            Assert.ThrowsExactly<OnnxImportException>(() => model.Read().Import(new OnnxImportOptions { AddsSoftmax = true })).Message,
            "its output is computed. Received: \"y\": Float []");
        model.Read().Import().Dispose();
    }

    [TestMethod]
    public void Whole_numbers_are_a_tensor_and_an_output_of_no_type_is_none()
    {
        ModelProto model = Graphs.Model([1, 2], "y", Graphs.Node("Add", ["x", "x"], "y"));
        model.Graph.Output[0].Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)OnnxElementType.Int64 } };
        Assert.EndsWith("Received: \"y\": Int64.", Refused(model));
        model.Graph.Output[0].Type = null;
        Assert.EndsWith("Received: \"y\": Undefined, which is no tensor.", Refused(model));
    }

    [TestMethod]
    public void A_pooling_of_what_has_no_spatial_dimensions_names_them() => StringAssert.Contains(
        Refused(Graphs.Model([1, 2], "y", Graphs.Node("MaxPool", ["x"], "y", ExportGraph.Attribute("kernel_shape", [2, 2])))),
        "[N, C, L] or [N, C, H, W]. Received: [1, 2]");

    [TestMethod]
    public void Empty_floating_point_numbers_are_called_empty() => StringAssert.Contains(
        Refused(Graphs.Model([1, 2], "y", Graphs.Node("Sqrt", ["e"], "r"), Graphs.Node("Concat", ["x", "r"], "y", ExportGraph.Attribute("axis", 1)))
            .WithFloats("e", [1, 0])),
        "it computes with tensors that have elements. Received: Float [1, 0]");

    [TestMethod]
    public void Numbers_are_written_as_files_have_them_in_any_culture_and_long_lists_are_cut()
    {
        StringAssert.Contains(
            Assert.ThrowsExactly<Storage.ModelFormatException>(() => Graphs.Model(
                [1, 2], "y", Graphs.Node("Softmax", ["x"], "y", ExportGraph.Attribute("axis", -3))).Read().Import()).Message,
            "an axis is from -2 to 1. Received: -3.");
        StringAssert.Contains(
            Assert.ThrowsExactly<Storage.ModelFormatException>(() => Graphs.Model([1, 2], "y", Graphs.Node("Reshape", ["x", "s"], "y"))
                .WithIntegers("s", [.. Enumerable.Repeat(-7L, 1_000)]).Read().Import()).Message,
            "-7, -7, ... 1,000 in all].");
    }

    [TestMethod]
    public void Escape_codes_in_names_are_written_out()
    {
        const string Escape = "\u001b[31mred\u202e";
        NodeProto node = Graphs.Node($"Fancy{Escape}", ["x"], "y");
        node.Name = Escape;
        string message = Refused(Graphs.Model([1, 2], "y", node));
        StringAssert.Contains(message, "Fancy\\u001b[31mred\\u202e \"\\u001b[31mred\\u202e\"");
        Assert.IsFalse(message.Any(char.IsControl));

        ModelProto named = Graphs.Model([1, 2], "y", Graphs.Node("Relu", ["x"], "y"));
        named.Graph.Name = Escape;
        named.ProducerName = Escape;
        using OnnxNetwork network = named.Read().Import();
        Assert.IsFalse(named.Read().ToString().Any(char.IsControl) || network.Network.ToString().Any(char.IsControl));
    }

    private static string Refused(ModelProto model) => Assert.ThrowsExactly<OnnxImportException>(() => model.Read().Import()).Message;
}
