using Google.Protobuf;
using Microsoft.ML.ConvNet.Core.Tests.Data;
using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Onnx.Export;
using Microsoft.ML.ConvNet.Onnx.Format;
using Microsoft.ML.ConvNet.Onnx.Tests.Format;
using Microsoft.ML.ConvNet.Running;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Onnx.Tests.Import;

/// <summary>ONNX files as the base of transfer learning.</summary>
[TestClass]
public sealed class OnnxPretrainedTests
{
    [TestMethod]
    public void A_file_is_a_model_with_what_it_wants_done_to_images()
    {
        using PretrainedModel model = Load(Small(), new PixelNormalization([1], [2]), ChannelOrder.Bgr);
        Assert.AreEqual("test", model.Name);
        Assert.AreEqual(ChannelOrder.Bgr, model.ChannelOrder);
        Assert.AreEqual(1, model.Normalization.Offsets.Single());
        Assert.AreEqual(new Shape(4, 4, 3), model.Network.InputShape);
        Assert.IsNotNull(model.FeatureLayer);
    }

    [TestMethod]
    public void What_nobody_says_is_nothing()
    {
        using PretrainedModel model = Load(Small());
        Assert.AreEqual(ChannelOrder.Rgb, model.ChannelOrder);
        Assert.AreEqual(0, model.Normalization.Offsets.Single());
        Assert.AreEqual(1, model.Normalization.Scales.Single());
    }

    /// <summary>The pooling's window is 4x4 by the file; the mean of all pixels is what it was meant as.</summary>
    [TestMethod]
    public void Its_layers_take_images_of_another_size()
    {
        using PretrainedModel model = Load(Small());
        Networks.Network larger = model.Network.Truncate(model.FeatureLayer!).WithInput(new Shape(6, 5, 3));
        using Networks.Weights weights = model.Weights.CopyFor(larger);
        using InferenceModel inference = new(larger, weights);
        float[] features = new float[larger.OutputShape.ElementCount];
        float[] image = [.. Enumerable.Range(0, 6 * 5 * 3).Select(i => (float)(i % 3))];
        inference.Predict(image, 1, features);
        CollectionAssert.AreEqual(new[] { 0f, 1, 2 }, features);
    }

    [TestMethod]
    public void A_network_that_ends_in_an_image_keeps_its_channels_innermost()
    {
        using PretrainedModel model = Load(Small(), import: new OnnxImportOptions { OutputName = "a" });
        Assert.AreEqual(new Shape(4, 4, 3), model.Network.OutputShape);
        Assert.IsFalse(model.Network.Nodes.Any(node => node.Layer is Permute));
    }

    [TestMethod]
    public void A_network_of_no_images_is_refused()
    {
        OnnxImportException error = Assert.ThrowsExactly<OnnxImportException>(
            () => Load(Graphs.Model([-1, 8], "y", Graphs.Node("Neg", ["x"], "y"))).Dispose());
        Assert.Contains("takes a batch of images of 1 or 3 channels", error.Message);
    }

    [TestMethod]
    public void The_features_of_the_real_SqueezeNet_are_those_before_its_classifier()
    {
        using PretrainedModel model = OnnxPretrained.Load(
            Path.Combine(TestData.Folder("models"), "squeezenet_fp16.onnx"),
            new PixelNormalization([103.939f, 116.779f, 123.68f], [1, 1, 1]),
            ChannelOrder.Bgr);
        Networks.Network features = model.Network.Truncate(model.FeatureLayer!);
        Assert.AreEqual(512, features.OutputShape.Channels);
        Assert.AreEqual(512, features.WithInput(new Shape(128, 128, 3)).OutputShape.Channels);
    }

    private static ModelProto Small() => Graphs.Model(
            [1, 3, 4, 4], "y",
            Graphs.Node("Relu", ["x"], "a"),
            Graphs.Node("AveragePool", ["a"], "b", ExportGraph.Attribute("kernel_shape", [4, 4])),
            Graphs.Node("Flatten", ["b"], "c"),
            Graphs.Node("Gemm", ["c", "w"], "y"))
        .WithFloats("w", [3, 2], 1, 2, 3, 4, 5, 6);

    private static PretrainedModel Load(
        ModelProto model, PixelNormalization? normalization = null, ChannelOrder order = ChannelOrder.Rgb, OnnxImportOptions? import = null)
    {
        string folder = Directory.CreateTempSubdirectory("convnet-test-").FullName;
        try
        {
            string path = Path.Combine(folder, "model.onnx");
            File.WriteAllBytes(path, model.ToByteArray());
            return OnnxPretrained.Load(path, normalization, order, import);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
