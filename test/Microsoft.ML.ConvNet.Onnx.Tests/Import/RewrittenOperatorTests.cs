using Microsoft.ML.ConvNet.Onnx.Export;
using Microsoft.ML.ConvNet.Onnx.Format;
using Microsoft.ML.ConvNet.Onnx.Tests.Format;
using Microsoft.ML.ConvNet.Storage;

namespace Microsoft.ML.ConvNet.Onnx.Tests.Import;

/// <summary>Operators that are read as several layers, with results by hand.</summary>
[TestClass]
public sealed class RewrittenOperatorTests
{
    [TestMethod]
    public void Values_are_divided_by_their_norm_along_an_axis()
    {
        // Along the channels: 3 and 4 make 5, and 6 and 8 make 10; or 7 and 14 by their magnitudes.
        float[] input = [3, 6, -4, 8];
        AssertRun([0.6f, 0.6f, -0.8f, 0.8f], [1, 2, 2], input, Graphs.Node("LpNormalization", ["x"], "y", ExportGraph.Attribute("axis", 1)));
        AssertRun(
            [3 / 7f, 6 / 14f, -4 / 7f, 8 / 14f],
            [1, 2, 2],
            input,
            Graphs.Node("LpNormalization", ["x"], "y", ExportGraph.Attribute("axis", 1), ExportGraph.Attribute("p", 1)));
        AssertRun([3 / 45f.Root(), 6 / 45f.Root(), -4 / 80f.Root(), 8 / 80f.Root()], [1, 2, 2], input, Graphs.Node("LpNormalization", ["x"], "y"));
    }

    [TestMethod]
    public void Images_are_pooled_by_their_norm()
    {
        float[] input = [3, -4, 0, 0, 1, 1, 1, 1];
        AssertRun([5, 2], [1, 2, 2, 2], input, Graphs.Node("GlobalLpPool", ["x"], "y"));
        AssertRun([7, 4], [1, 2, 2, 2], input, Graphs.Node("GlobalLpPool", ["x"], "y", ExportGraph.Attribute("p", 1)));
        AssertRun([MathF.Cbrt(91), MathF.Cbrt(4)], [1, 2, 2, 2], input, Graphs.Node("GlobalLpPool", ["x"], "y", ExportGraph.Attribute("p", 3)));
    }

    [TestMethod]
    public void Images_get_mean_zero_and_deviation_one()
    {
        float[] expected = [-3 / 5f.Root(), -1 / 5f.Root(), 1 / 5f.Root(), 3 / 5f.Root()];
        AssertRun(
            [.. expected, .. expected],
            [1, 2, 2, 2],
            [1, 3, 5, 7, 10, 30, 50, 70],
            Graphs.Node("MeanVarianceNormalization", ["x"], "y", ExportGraph.Attribute("axes", [2, 3])));
    }

    [TestMethod]
    public void Signs_are_one_minus_one_or_nothing() =>
        AssertRun([-1, 0, 1, 1], [1, 4], [-2.5f, 0, 1e-30f, 7], Graphs.Node("Sign", ["x"], "y"));

    [TestMethod]
    public void Tiles_lie_one_behind_the_other_along_each_axis()
    {
        using OnnxNetwork network = Graphs.Model([-1, 1, 2, 2], "y", Graphs.Node("Tile", ["x", "repeats"], "y"))
            .WithIntegers("repeats", 1, 2, 1, 3).Read().Import();
        float[] row = [1, 2, 1, 2, 1, 2, 3, 4, 3, 4, 3, 4];
        OnnxTensor result = network.Run(new OnnxTensor([1, 1, 2, 2], [1, 2, 3, 4]));
        CollectionAssert.AreEqual(new[] { 1, 2, 2, 6 }, result.Dimensions.ToArray());
        CollectionAssert.AreEqual((float[])[.. row, .. row], result.ToArray());
        Assert.ThrowsExactly<ModelFormatException>(() => Graphs.Model([-1, 1, 2, 2], "y", Graphs.Node("Tile", ["x", "repeats"], "y"))
            .WithIntegers("repeats", 1, 2, 0, 3).Read().Import());
    }

    [TestMethod]
    public void Old_models_for_style_transfer_scale_and_crop_images()
    {
        AssertRun(
            [3, 5, 7, 9, 100, 102, 104, 106],
            [1, 2, 2, 2],
            [1, 2, 3, 4, 0, 1, 2, 3],
            Graphs.Node("ImageScaler", ["x"], "y", ExportGraph.Attribute("scale", 2f), Floats("bias", 1, 100)));
        float[] image = [.. Enumerable.Range(0, 12).Select(i => (float)i)];
        AssertRun([5, 6], [1, 1, 3, 4], image, Graphs.Node("Crop", ["x"], "y", ExportGraph.Attribute("border", [1, 1, 1, 1])));
        AssertRun(
            [4, 5, 6, 8, 9, 10],
            [1, 1, 3, 4],
            image,
            Graphs.Node("Crop", ["x"], "y", ExportGraph.Attribute("border", [0, 1, 0, 0]), ExportGraph.Attribute("scale", [2, 3])));
    }

    [TestMethod]
    [DataRow("Relu", new[] { 0f, 5, 0, 13 })]
    [DataRow("LeakyRelu", new[] { -0.3f, 5, -0.7f, 13 })]
    [DataRow("Clip", new[] { 0f, 5, 0, 6 })]
    public void What_ONNX_Runtime_fused_is_read_apart(string activation, float[] expected)
    {
        NodeProto node = Graphs.Node(
            "FusedConv",
            ["x", "w", "b", "z"],
            "y",
            ExportGraph.Attribute("activation", activation));
        node.Domain = "com.microsoft";
        if (activation != "Relu")
        {
            node.Attribute.Add(activation == "LeakyRelu" ? Floats("activation_params", 0.1f) : Floats("activation_params", 0, 6));
        }

        ModelProto model = Graphs.Model([-1, 1, 1, 2], "y", node)
            .WithFloats("w", [2, 1, 1, 1], -2, 2).WithFloats("b", [2], -3, 1).WithFloats("z", [1, 2, 1, 2], 2, 12, 2, 0);
        using OnnxNetwork network = model.Read().Import();

        // Convolved: -5, -15 and 3, 13; with z: -3, -3 and 5, 13.
        float[] all = [.. network.Run(new OnnxTensor([1, 1, 1, 2], [1, 6])).ToArray()];
        float[] wanted = [expected[0], expected[0], expected[1], expected[3]];
        for (int i = 0; i < wanted.Length; i++)
        {
            Assert.AreEqual(wanted[i], all[i], 1e-6f);
        }
    }

    [TestMethod]
    public void An_operator_of_another_domain_that_is_not_known_is_named_with_it()
    {
        NodeProto node = Graphs.Node("Gelu", ["x"], "y");
        node.Domain = "com.elsewhere";
        OnnxImportException error = Assert.ThrowsExactly<OnnxImportException>(() => Graphs.Model([-1, 2], "y", node).Read().Import());
        StringAssert.Contains(error.Message, "com.elsewhere");
        node.Domain = "com.microsoft";
        using OnnxNetwork network = Graphs.Model([-1, 2], "y", node).Read().Import();
        Assert.AreEqual(0.8413447f, network.Run(new OnnxTensor([1, 2], [1, 0])).ToArray()[0], 1e-5f);
    }

    private static AttributeProto Floats(string name, params float[] values)
    {
        AttributeProto attribute = new() { Name = name, Type = AttributeProto.Types.AttributeType.Floats };
        attribute.Floats.Add(values);
        return attribute;
    }

    private static void AssertRun(float[] expected, int[] dimensions, float[] input, NodeProto node)
    {
        using OnnxNetwork network = Graphs.Model([-1, .. dimensions[1..]], "y", node).Read().Import();
        float[] received = network.Run(new OnnxTensor(dimensions, input)).ToArray();
        Assert.HasCount(expected.Length, received);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.AreEqual(expected[i], received[i], 1e-5f * Math.Max(1, Math.Abs(expected[i])), $"{i}");
        }
    }
}

/// <summary>Roots, in one word.</summary>
internal static class Roots
{
    /// <summary>The square root.</summary>
    public static float Root(this float value) => MathF.Sqrt(value);
}
