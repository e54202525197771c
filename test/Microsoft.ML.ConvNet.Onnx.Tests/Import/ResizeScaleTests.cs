using Microsoft.ML.ConvNet.Onnx.Export;
using Microsoft.ML.ConvNet.Onnx.Format;
using Microsoft.ML.ConvNet.Onnx.Tests.Export;
using Microsoft.ML.ConvNet.Onnx.Tests.Format;

namespace Microsoft.ML.ConvNet.Onnx.Tests.Import;

/// <summary>
/// A size is the length times the scale, rounded down, as 32-bit floats have it; positions follow from the scale, not from the sizes.
/// Expected values: ONNX Runtime's.
/// </summary>
[TestClass]
public sealed class ResizeScaleTests
{
    [TestMethod]
    [DataRow(86, 2.976744f, 255)]
    [DataRow(86, 2.9767442f, 256)]
    [DataRow(10, 0.35f, 3)]
    [DataRow(7, 1.9f, 13)]
    [DataRow(3, 1.3333333f, 3)]
    [DataRow(3, 1.3333334f, 4)]
    [DataRow(100, 0.99999994f, 99)]
    [DataRow(12, 0.5833333f, 7)]
    public void The_size_is_that_of_ONNX_Runtime(int length, float scale, int expected)
    {
        ModelProto model = Resize(length, scale, "nearest", "asymmetric", "floor");
        using OnnxNetwork network = model.Read().Import();
        OnnxTensor input = Input(length);

        Assert.AreEqual(expected, network.Run(input).Dimensions[2]);
        CollectionAssert.AreEqual(OnnxRuntimePeer.Score(model, input).Dimensions.ToArray(), network.Run(input).Dimensions.ToArray());
    }

    [TestMethod]
    [DataRow("nearest", "asymmetric", "floor")]
    [DataRow("nearest", "half_pixel", "round_prefer_floor")]
    [DataRow("nearest", "asymmetric", "ceil")]
    [DataRow("linear", "asymmetric", "round_prefer_floor")]
    [DataRow("linear", "half_pixel", "round_prefer_floor")]
    [DataRow("linear", "align_corners", "round_prefer_floor")]
    public void The_numbers_are_those_of_ONNX_Runtime(string mode, string coordinates, string rounding)
    {
        foreach ((int length, float scale) in new[] { (86, 2.976744f), (10, 0.35f), (7, 1.9f), (13, 1.23f) })
        {
            ModelProto model = Resize(length, scale, mode, coordinates, rounding);
            using OnnxNetwork network = model.Read().Import();
            OnnxTensor input = Input(length);
            OnnxComparison comparison = OnnxComparison.Of(network.Run(input), OnnxRuntimePeer.Score(model, input), 1e-4, 1e-4);
            Assert.IsTrue(comparison.IsWithinTolerance, $"{length} x {scale}: {comparison}");
        }
    }

    private static OnnxTensor Input(int length) => new([1, 2, length, length], ExportedNetworks.RandomNumbers(2 * length * length, 9));

    private static ModelProto Resize(int length, float scale, string mode, string coordinates, string rounding) => Graphs.Model(
            [1, 2, length, length],
            "y",
            Graphs.Node("Resize", ["x", string.Empty, "scales"], "y", ExportGraph.Attribute("mode", mode),
                ExportGraph.Attribute("coordinate_transformation_mode", coordinates), ExportGraph.Attribute("nearest_mode", rounding)))
        .WithFloats("scales", [4], 1, 1, scale, scale);
}
