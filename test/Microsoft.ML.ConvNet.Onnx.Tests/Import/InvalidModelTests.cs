using Microsoft.ML.ConvNet.Onnx.Export;
using Microsoft.ML.ConvNet.Onnx.Format;
using Microsoft.ML.ConvNet.Onnx.Operators;
using Microsoft.ML.ConvNet.Onnx.Tests.Export;
using Microsoft.ML.ConvNet.Onnx.Tests.Format;
using Microsoft.ML.ConvNet.Storage;
using Microsoft.ML.OnnxRuntime;

namespace Microsoft.ML.ConvNet.Onnx.Tests.Import;

/// <summary>Models that the specification forbids are refused, the node and what is wrong with it named. ONNX Runtime refuses them, too.</summary>
[TestClass]
public sealed class InvalidModelTests
{
    private static readonly Dictionary<string, (ModelProto Model, string Reason)> Models = new()
    {
        ["an input too many"] = (Of(Graphs.Node("Relu", ["x", "f"], "y")), "Relu \"node_y\" (Relu since opset 6): has 1 inputs. Received: 2"),
        ["four inputs of a convolution"] = (Of(Graphs.Node("Conv", ["x", "w", "f", "f"], "y")), "has 2 to 3 inputs. Received: 4"),
        ["an input too few"] = (Of(Graphs.Node("Add", ["x"], "y")), "has 2 inputs. Received: 1"),
        ["none of any number"] = (Of(Graphs.Node("Concat", [], "y", ExportGraph.Attribute("axis", 0))), "has at least 1 inputs. Received: 0"),
        ["no axis"] = (Of(Graphs.Node("Concat", ["x", "x"], "y")), "has the attribute axis. Received: none"),
        ["an unknown attribute"] = (
            Of(Graphs.Node("Conv", ["x", "w"], "y", ExportGraph.Attribute("padding", [1, 1, 1, 1]))),
            "has the attributes of its operator: auto_pad, dilations, group, kernel_shape, pads, strides. Received: \"padding\""),
        ["an attribute of an operator that has none"] = (
            Of(Graphs.Node("Relu", ["x"], "y", ExportGraph.Attribute("alpha", 0.5f))), "has the attributes of its operator: none. Received: \"alpha\""),
        ["an attribute of another type"] = (
            Of(Graphs.Node("Softmax", ["x"], "y", ExportGraph.Attribute("axis", 1f))), "the attribute axis is of type Int. Received: Float"),
        ["inputs of a newer opset"] = (
            Of(Graphs.Node("Slice", ["x", "i", "i"], "y")).WithOpset(9), "Slice \"node_y\" (Slice since opset 1): has 1 inputs. Received: 3"),
        ["attributes that are missing in an old opset"] = (Of(Graphs.Node("Slice", ["x"], "y")).WithOpset(9), "has the attribute ends. Received: none"),
        ["an operator of a newer opset"] = (Of(Graphs.Node("Gelu", ["x"], "y")), "Gelu \"node_y\", which there is since opset 20"),
        ["whole numbers as weights"] = (Of(Graphs.Node("Add", ["x", "i"], "y")), "its input number 1 (\"i\") is of type Float. Received: Int64"),
        ["weights of double precision"] = (
            Of(Graphs.Node("Cast", ["w"], "d", ExportGraph.Attribute("to", 11)), Graphs.Node("Conv", ["x", "d"], "y")),
            "its input number 1 (\"d\") is of type Float. Received: Double"),
        ["weights of half precision"] = (
            Of(Graphs.Node("Cast", ["w"], "h", ExportGraph.Attribute("to", 10)), Graphs.Node("Conv", ["x", "h"], "y")),
            "is of type Float. Received: Float16"),
        ["a shape of floating-point numbers"] = (Of(Graphs.Node("Reshape", ["x", "f"], "y")), "(\"f\") is of type Int64. Received: Float"),
        ["an opset that is too new"] = (Of(Graphs.Node("Relu", ["x"], "y")).WithOpset(99), "an opset of at most 28. Received: 99"),
        ["a convolution whose weights have no name"] = (
            Of(Graphs.Node("Conv", ["x", string.Empty, "f"], "y")), "Conv \"node_y\" (Conv since opset 1): has an input number 1. Received: \"\""),
        ["a choice without a condition"] = (Of(Graphs.Node("Where", [string.Empty, "x", "x"], "y")), "has an input number 0. Received: \"\""),
        ["a nameless region of a Resize that needs one"] = (
            Of(Graphs.Node("Resize", ["x", string.Empty, "s"], "y")).WithFloats("s", [4], 1, 1, 2, 2).WithOpset(11), "has an input number 1. Received: \"\""),
        ["weights of another type than declared"] = (Declared(OnnxElementType.Int64, [4, 2, 3, 3]), "\"w\": Int64 [4, 2, 3, 3]. Received: Float [4, 2, 3, 3]"),
        ["weights of other dimensions than declared"] = (Declared(OnnxElementType.Float, [4, 2, 3, 4]), "Received: Float [4, 2, 3, 3]"),
    };

    public static IEnumerable<object[]> Names => Models.Keys.Select(name => new object[] { name });

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void A_model_that_the_specification_forbids_is_refused_by_name(string name)
    {
        (ModelProto model, string reason) = Models[name];
        Exception error = Assert.Throws<Exception>(() => model.Read().Import());

        Assert.IsTrue(error is ModelFormatException or OnnxImportException, error.ToString());
        StringAssert.Contains(error.Message, reason);
        Assert.Throws<OnnxRuntimeException>(() => OnnxRuntimePeer.Score(model, new OnnxTensor([1, 2, 6, 6], new float[72])));
    }

    [TestMethod]
    public void Every_operator_that_is_read_has_its_row_in_the_table_of_the_specification()
    {
        string[] read = [.. OperatorRows.All.SelectMany(row => row.Read).Select(definition => definition.Name).Distinct()];
        CollectionAssert.AreEquivalent(read, OperatorSchemas.All.Select(row => row[0].Name).ToArray());
        foreach (IReadOnlyList<Onnx.Import.OperatorSchema> row in OperatorSchemas.All)
        {
            CollectionAssert.AreEqual(row.Select(version => version.Since).Order().ToArray(), row.Select(version => version.Since).ToArray());
        }
    }

    [TestMethod]
    public void Values_that_do_not_fit_what_the_model_declares_are_refused()
    {
        ModelProto model = Graphs.Model([1, 2], "y", Graphs.Node("Add", ["x", "other"], "y"));
        model.Graph.Input.Add(Graphs.Value("other", OnnxElementType.Float, [1, 2]));
        Refused(model, "other", new OnnxTensor([1, 3], [1, 2, 3]), "\"other\": Float [1, 2]. Received: Float [1, 3]");
        Refused(model, "other", new OnnxTensor(string.Empty, OnnxElementType.Int64, [1, 2], [1L, 2]), "Received: Int64 [1, 2]");
        Refused(model, "another", new OnnxTensor([1, 2], [1, 2]), "\"x\", \"other\". Received: \"another\"");
    }

    [TestMethod]
    public void A_declaration_without_a_type_says_nothing_of_an_initializer()
    {
        ModelProto model = Graphs.Model([1, 2], "y", Graphs.Node("Add", ["x", "w"], "y")).WithFloats("w", [2], 10, 20);
        model.Graph.ValueInfo.Add(new ValueInfoProto { Name = "w" });
        model.Graph.ValueInfo.Add(new ValueInfoProto { Name = "w", Type = new TypeProto() });
        model.Graph.ValueInfo.Add(new ValueInfoProto { Name = "w", Type = new TypeProto { TensorType = new TypeProto.Types.Tensor() } });
        model.Graph.ValueInfo.Add(Graphs.Value("w", OnnxElementType.Undefined, []));
        using OnnxNetwork network = model.Read().Import();

        CollectionAssert.AreEqual(new[] { 11f, 22 }, network.Run(new OnnxTensor([1, 2], [1, 2])).ToArray());
    }

    [TestMethod]
    public void Values_for_inputs_of_whole_numbers_and_truth_values_can_be_given()
    {
        ModelProto model = Graphs.Model([1, 2], "y", Graphs.Node("Gather", ["x", "places"], "g", ExportGraph.Attribute("axis", 1)),
            Graphs.Node("Where", ["choice", "g", "other"], "y")).WithFloats("other", [1, 3], 7, 8, 9);
        model.Graph.Input.Add(Graphs.Value("places", OnnxElementType.Int32, [3]));
        model.Graph.Input.Add(Graphs.Value("choice", OnnxElementType.Bool, [1, 3]));
        OnnxImportOptions options = new();
        options.Values.Add("places", OnnxTensor.OfIntegers([3], [1, 0, -1], OnnxElementType.Int32));
        options.Values.Add("choice", OnnxTensor.OfTruthValues([1, 3], [true, false, true]));
        using OnnxNetwork network = model.Read().Import(options);

        CollectionAssert.AreEqual(new[] { 20f, 8, 20 }, network.Run(new OnnxTensor([1, 2], [10, 20])).ToArray());
        Assert.AreEqual(OnnxElementType.Int64, OnnxTensor.OfIntegers([], [5]).ElementType);
    }

    [TestMethod]
    public void Whole_numbers_are_within_their_type_and_as_many_as_the_dimensions_say()
    {
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => OnnxTensor.OfIntegers([2], [1, 128], OnnxElementType.Int8)).Message,
            "An element of type Int8 is from -128 to 127. Received: 128.");
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => OnnxTensor.OfIntegers([1], [1], OnnxElementType.Float)).Message, "Received: Float.");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => OnnxTensor.OfTruthValues([2], [true])).Message, "[2] and 1 elements");
    }

    [TestMethod]
    public void Half_precision_is_half_precision_throughout()
    {
        NodeProto[] nodes =
        [
            Graphs.Node("Cast", ["w"], "h", ExportGraph.Attribute("to", 10)), Graphs.Node("Conv", ["x", "h"], "c"),
            Graphs.Node("Relu", ["c"], "r"), Graphs.Node("Conv", ["r", "g"], "y"),
        ];
        ModelProto model = Of([Graphs.Node("Cast", ["v"], "g", ExportGraph.Attribute("to", 10)), .. nodes]).WithFloats("v", [1, 4, 1, 1], 1, 2, 3, 4);
        model.Graph.Input[0] = Graphs.Value("x", OnnxElementType.Float16, [1, 2, 6, 6]);
        model.Graph.Output[0] = Graphs.Value("y", OnnxElementType.Float16, []);
        using OnnxNetwork network = model.Read().Import();

        Assert.AreEqual(OnnxElementType.Float16, network.Output.ElementType);
    }

    private static ModelProto Of(params NodeProto[] nodes) => Graphs.Model([1, 2, 6, 6], "y", nodes)
        .WithFloats("w", [4, 2, 3, 3], ExportedNetworks.RandomNumbers(72, 1)).WithFloats("f", [1], 1).WithIntegers("i", 1);

    private static ModelProto Declared(OnnxElementType type, int[] dimensions)
    {
        ModelProto model = Of(Graphs.Node("Conv", ["x", "w"], "y"));
        model.Graph.Input.Add(Graphs.Value("w", type, dimensions));
        return model;
    }

    private static void Refused(ModelProto model, string name, OnnxTensor value, string reason)
    {
        OnnxImportOptions options = new();
        options.Values.Add(name, value);
        StringAssert.Contains(Assert.ThrowsExactly<OnnxImportException>(() => model.Read().Import(options)).Message, reason);
    }
}
