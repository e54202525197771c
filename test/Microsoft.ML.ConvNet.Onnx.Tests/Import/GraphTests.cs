using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Onnx.Export;
using Microsoft.ML.ConvNet.Onnx.Format;
using Microsoft.ML.ConvNet.Onnx.Tests.Format;
using Microsoft.ML.ConvNet.Storage;

namespace Microsoft.ML.ConvNet.Onnx.Tests.Import;

/// <summary>How graphs become networks: which layers, in which order of axes, and what is said where they cannot.</summary>
[TestClass]
public sealed class GraphTests
{
    [TestMethod]
    public void A_channel_shuffle_of_five_dimensions_moves_memory_once()
    {
        OnnxModel model = Graphs.Model(
            [-1, 6, 4, 4],
            "y",
            Graphs.Node("Relu", ["x"], "a"),
            Graphs.Node("Reshape", ["a", "split"], "b"),
            Graphs.Node("Transpose", ["b"], "c", ExportGraph.Attribute("perm", [0, 2, 1, 3, 4])),
            Graphs.Node("Reshape", ["c", "joined"], "d"),
            Graphs.Node("MaxPool", ["d"], "e", ExportGraph.Attribute("kernel_shape", [2, 2]), ExportGraph.Attribute("strides", [2, 2])),
            Graphs.Node("GlobalAveragePool", ["e"], "f"),
            Graphs.Node("Flatten", ["f"], "y"))
            .WithIntegers("split", 0, 2, 3, 4, 4)
            .WithIntegers("joined", 0, 6, 4, 4)
            .Read();
        using OnnxNetwork network = model.Import();

        Assert.AreEqual(1, network.Network.Nodes.Count(node => node.Layer is Permute));
        float[] expected = [0, 3, 1, 4, 2, 5];
        OnnxTensor input = new([1, 6, 4, 4], [.. Enumerable.Range(0, 96).Select(i => (float)(i / 16))]);
        CollectionAssert.AreEqual(expected, network.Run(input).ToArray());
    }

    [TestMethod]
    public void A_flattened_image_before_a_product_is_not_moved_and_the_weights_rows_are()
    {
        float[] weight = [.. Enumerable.Range(0, 16).Select(i => (float)i)];
        OnnxModel model = Graphs.Model(
            [-1, 2, 2, 2],
            "y",
            Graphs.Node("Flatten", ["x"], "a"),
            Graphs.Node("Relu", ["a"], "b"),
            Graphs.Node("Gemm", ["b", "w"], "y")).WithFloats("w", [8, 2], weight).Read();
        using OnnxNetwork network = model.Import();

        Assert.IsFalse(network.Network.Nodes.Any(node => node.Layer is Permute));
        OnnxTensor input = new([1, 2, 2, 2], [1, 0, 0, 0, 0, 10, 0, 0]);
        CollectionAssert.AreEqual(new[] { weight[0] + (10 * weight[10]), weight[1] + (10 * weight[11]) }, network.Run(input).ToArray());
    }

    [TestMethod]
    public void A_product_and_an_addition_of_known_numbers_are_one_layer()
    {
        OnnxModel model = Graphs.Model([-1, 2], "y", Graphs.Node("MatMul", ["x", "w"], "a"), Graphs.Node("Add", ["b", "a"], "y"))
            .WithFloats("w", [2, 3], 1, 2, 3, 4, 5, 6).WithFloats("b", [3], 10, 20, 30).Read();
        using OnnxNetwork network = model.Import();

        Assert.IsTrue(((Dense)network.Network.Nodes.Single().Layer).UseBias);
        CollectionAssert.AreEqual(new[] { 15f, 27, 39 }, network.Run(new OnnxTensor([1, 2], [1, 1])).ToArray());
    }

    [TestMethod]
    public void A_graph_that_computes_across_the_first_axis_takes_the_whole_tensor_as_one_sample()
    {
        using OnnxNetwork network = Graphs.Model([3, 2], "y", Graphs.Node("Transpose", ["x"], "y")).Read().Import();

        Assert.IsFalse(network.IsBatched);
        CollectionAssert.AreEqual(new[] { 1f, 3, 5, 2, 4, 6 }, network.Run(new OnnxTensor([3, 2], [1, 2, 3, 4, 5, 6])).ToArray());
    }

    [TestMethod]
    public void A_batch_of_any_size_is_scored_where_the_first_axis_is_the_batch()
    {
        using OnnxNetwork network = Graphs.Model([1, 2], "y", Graphs.Node("Neg", ["x"], "y")).Read().Import();

        Assert.IsTrue(network.IsBatched);
        OnnxTensor result = network.Run(new OnnxTensor([3, 2], [1, 2, 3, 4, 5, 6]));
        CollectionAssert.AreEqual(new[] { 3, 2 }, result.Dimensions.ToArray());
        CollectionAssert.AreEqual(new[] { -1f, -2, -3, -4, -5, -6 }, result.ToArray());
    }

    /// <summary>Channels of 4 become 2 groups of them and rows of 3: no layout with the channels innermost has such axes.</summary>
    [TestMethod]
    [DataRow(1)]
    [DataRow(3)]
    public void An_image_whose_axes_are_mixed_is_put_in_order_for_any_batch(int batch)
    {
        using OnnxNetwork network = Graphs.Model(
                [batch, 4, 2, 3], "y", Graphs.Node("Reshape", ["x", "mixed"], "r"), Graphs.Node("Relu", ["r"], "y"))
            .WithIntegers("mixed", 0, 2, -1, 4).Read().Import();
        float[] values = [.. Enumerable.Range(1, batch * 24).Select(value => (float)value)];

        OnnxTensor result = network.Run(new OnnxTensor([batch, 4, 2, 3], values));

        Assert.IsTrue(network.IsBatched);
        CollectionAssert.AreEqual(new[] { batch, 2, 3, 4 }, result.Dimensions.ToArray());
        CollectionAssert.AreEqual(values, result.ToArray());
    }

    [TestMethod]
    public void Shapes_that_the_graph_computes_are_known_when_it_is_imported()
    {
        OnnxModel model = Graphs.Model(
            [-1, 2, 3, 4],
            "y",
            Graphs.Node("Shape", ["x"], "s"),
            Graphs.Node("Gather", ["s", "zero"], "n"),
            Graphs.Node("Concat", ["n", "rest"], "t", ExportGraph.Attribute("axis", 0)),
            Graphs.Node("Reshape", ["x", "t"], "y")).WithIntegers("zero", 0).WithIntegers("rest", -1).Read();
        using OnnxNetwork network = model.Import();

        Assert.IsTrue(network.IsBatched);
        Assert.AreEqual(new Tensors.Shape(24), network.Network.OutputShape);
        float[] values = [.. Enumerable.Range(0, 24).Select(i => (float)i)];
        CollectionAssert.AreEqual(values, network.Run(new OnnxTensor([1, 2, 3, 4], values)).ToArray());
    }

    [TestMethod]
    public void A_resize_by_scales_and_one_by_sizes_of_two_axes_are_the_same()
    {
        OnnxTensor input = new([1, 1, 2, 2], [1, 2, 3, 4]);
        AttributeMode mode = new("linear", "half_pixel");
        using OnnxNetwork scaled = Graphs.Model([1, 1, 2, 2], "y", Graphs.Node("Resize", ["x", "", "scales"], "y", mode.Attributes))
            .WithFloats("scales", [4], 1, 1, 2, 2).Read().Import();
        using OnnxNetwork sized = Graphs.Model(
            [1, 1, 2, 2], "y",
                Graphs.Node("Resize", ["x", "", "", "sizes"], "y", [.. mode.Attributes, ExportGraph.Attribute("axes", [2, 3])]))
            .WithIntegers("sizes", 4, 4).WithOpset(18).Read().Import();

        // By hand: the places are -1/4, 1/4, 3/4 and 5/4, those outside being the border.
        float[] row = [1, 1.25f, 1.75f, 2];
        float[] expected = [.. new[] { 0, 0.5f, 1.5f, 2 }.SelectMany(below => row.Select(value => value + below))];
        CollectionAssert.AreEqual(expected, scaled.Run(input).ToArray());
        CollectionAssert.AreEqual(expected, sized.Run(input).ToArray());
    }

    [TestMethod]
    public void Weights_that_are_normalised_in_the_graph_are_computed_at_import()
    {
        using OnnxNetwork network = Graphs.Model(
                [1, 1, 1, 2],
                "y",
                Graphs.Node("ReduceL2", ["v"], "n", ExportGraph.Attribute("axes", [1, 2, 3])), Graphs.Node("Div", ["v", "n"], "u"),
                Graphs.Node("Mul", ["u", "g"], "w"), Graphs.Node("Conv", ["x", "w"], "y"))
            .WithFloats("v", [2, 1, 1, 2], 3, 4, 5, 12).WithFloats("g", [2, 1, 1, 1], 10, 13).Read().Import();

        // By hand: (3, 4) has the length 5 and (5, 12) the length 13.
        float[] scores = network.Run(new OnnxTensor([1, 1, 1, 2], [1, 10])).ToArray();
        Assert.AreEqual(86, scores[0], 1e-4);
        Assert.AreEqual(125, scores[1], 1e-4);
        Assert.IsInstanceOfType<Conv2D>(network.Network.Nodes.Single(node => node.Layer is not (Reshape or Permute)).Layer);
    }

    [TestMethod]
    [DataRow("ReduceL1", 10f)]
    [DataRow("ReduceL2", 5.477226f)]
    [DataRow("ReduceSumSquare", 30f)]
    public void Sums_of_sizes_and_squares_are_those_of_the_numbers(string operation, float expected)
    {
        using OnnxNetwork network = Graphs.Model([-1, 4], "y", Graphs.Node(operation, ["x"], "y", ExportGraph.Attribute("axes", [1]))).Read().Import();
        Assert.AreEqual(expected, network.Run(new OnnxTensor([1, 4], [1, -2, 3, -4])).ToArray().Single(), 1e-5);
    }

    [TestMethod]
    public void Layer_normalisation_is_that_of_the_mean_and_the_variance()
    {
        using OnnxNetwork network = Graphs.Model([-1, 4], "y", Graphs.Node("LayerNormalization", ["x", "scale", "shift"], "y"))
            .WithFloats("scale", [4], 1, 2, 3, 4).WithFloats("shift", [4], 0, 1, 0, 1).Read().Import();

        double[] expected = [.. new[] { -3.0, -1, 1, 3 }.Select((value, i) => (value / Math.Sqrt(5 + 1e-5) * (i + 1)) + (i % 2))];
        float[] actual = network.Run(new OnnxTensor([1, 4], [1, 3, 5, 7])).ToArray();
        Assert.IsTrue(actual.Zip(expected).All(pair => Math.Abs(pair.First - pair.Second) < 1e-5), string.Join(", ", actual));
    }

    [TestMethod]
    public void An_operator_that_is_not_supported_is_named_with_its_node_and_its_domain()
    {
        NodeProto node = Graphs.Node("Fancy", ["x"], "y");
        node.Domain = "com.example";
        OnnxImportException error = Assert.ThrowsExactly<OnnxImportException>(() => Graphs.Model([1, 2], "y", node).Read().Import());

        StringAssert.Contains(error.Message, "Fancy of the domain \"com.example\" \"node_y\"");
    }

    [TestMethod]
    public void An_operator_that_is_not_supported_does_not_matter_where_the_output_does_not_need_it()
    {
        OnnxModel model = Graphs.Model([1, 2], "y", Graphs.Node("Relu", ["x"], "y"), Graphs.Node("Fancy", ["x"], "z")).Read();
        using OnnxNetwork network = model.Import();

        Assert.HasCount(1, network.Network.Nodes);
    }

    [TestMethod]
    public void An_input_without_a_value_is_named()
    {
        ModelProto written = Graphs.Model([1, 2], "y", Graphs.Node("Add", ["x", "other"], "y"));
        written.Graph.Input.Add(Graphs.Value("other", OnnxElementType.Float, [1, 2]));
        OnnxModel model = written.Read();
        StringAssert.Contains(Assert.ThrowsExactly<OnnxImportException>(() => model.Import()).Message, "none for \"other\"");

        OnnxImportOptions options = new();
        options.Values.Add("other", new OnnxTensor([1, 2], [10, 20]));
        using OnnxNetwork network = model.Import(options);
        CollectionAssert.AreEqual(new[] { 11f, 22 }, network.Run(new OnnxTensor([1, 2], [1, 2])).ToArray());
    }

    [TestMethod]
    public void Dimensions_that_the_model_leaves_open_have_to_be_given()
    {
        OnnxModel model = Graphs.Model([-1, 3, -1, -1], "y", Graphs.Node("Relu", ["x"], "y")).Read();
        StringAssert.Contains(Assert.ThrowsExactly<OnnxImportException>(() => model.Import()).Message, "InputDimensions");

        using OnnxNetwork network = model.Import(new OnnxImportOptions { InputDimensions = [1, 3, 5, 6] });
        Assert.AreEqual(new Tensors.Shape(5, 6, 3), network.Network.InputShape);
    }

    [TestMethod]
    public void A_node_that_reads_what_no_node_before_it_gives_is_refused() =>
        StringAssert.Contains(
            Assert.ThrowsExactly<ModelFormatException>(
                () => Graphs.Model([1, 2], "y", Graphs.Node("Relu", ["nothing"], "y")).Read().Import()).Message,
            "Received: \"nothing\"");

    [TestMethod]
    public void An_output_of_another_name_is_refused() => StringAssert.Contains(
        Assert.ThrowsExactly<OnnxImportException>(() => Graphs.Model([1, 2], "y", Graphs.Node("Relu", ["x"], "y")).Read()
            .Import(new OnnxImportOptions { OutputName = "z" })).Message,
        "\"y\". Received: \"z\"");

    private sealed record AttributeMode(string Mode, string Coordinates)
    {
        public AttributeProto[] Attributes =>
            [ExportGraph.Attribute("mode", Mode), ExportGraph.Attribute("coordinate_transformation_mode", Coordinates)];
    }
}
