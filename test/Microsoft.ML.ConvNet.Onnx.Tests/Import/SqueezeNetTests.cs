using Microsoft.ML.ConvNet.Core.Tests.Data;
using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.Data;

namespace Microsoft.ML.ConvNet.Onnx.Tests.Import;

/// <summary>SqueezeNet 1.1 as it was trained on ImageNet. Expected probabilities: ONNX Runtime 1.30 on the same model and image.</summary>
[TestClass]
public sealed class SqueezeNetTests
{
    private const int Tabby = 281;
    private const int EgyptianCat = 285;
    private const int TigerCat = 282;

    [TestMethod]
    public void The_kitten_is_a_tabby()
    {
        using OnnxNetwork network = OnnxModel.Load(Path.Combine(TestData.Folder("models"), "squeezenet_fp16.onnx")).Import();
        OnnxTensor scores = network.Run(Kitten(), numberOfThreads: 2);

        CollectionAssert.AreEqual(new[] { 1, 1000 }, scores.Dimensions.Take(2).ToArray());
        Assert.AreEqual(1, scores.ToArray().Sum(), 1e-4);
        Assert.AreEqual(0.943, scores.ToArray()[Tabby], 0.01);
        Assert.AreEqual(0.030, scores.ToArray()[EgyptianCat], 0.01);
        Assert.AreEqual(0.026, scores.ToArray()[TigerCat], 0.01);
    }

    [TestMethod]
    public void Its_layers_are_those_of_a_network_written_by_hand_and_no_memory_is_moved()
    {
        using OnnxNetwork network = OnnxModel.Load(Path.Combine(TestData.Folder("models"), "squeezenet_fp16.onnx")).Import();

        Assert.IsTrue(network.IsBatched);
        Assert.AreEqual(new Tensors.Shape(224, 224, 3), network.Network.InputShape);
        Assert.AreEqual(new Tensors.Shape(1000), network.Network.OutputShape);
        Assert.AreEqual(26, network.Network.Nodes.Count(node => node.Layer is Conv2D));
        Assert.IsFalse(network.Network.Nodes.Any(node => node.Layer is Permute));
        Assert.AreEqual(1_235_496, network.Network.ParameterCount);
    }

    /// <summary>The photograph as the model takes it: blue first, minus the mean of the training images.</summary>
    private static OnnxTensor Kitten()
    {
        float[] means = [103.939f, 116.779f, 123.68f];
        using MLImage image = MLImage.CreateFromFile(Path.Combine(TestData.Folder("images"), "kitten.png"));
        ReadOnlySpan<byte> pixels = image.Pixels;
        bool isBlueFirst = image.PixelFormat == MLPixelFormat.Bgra32;
        int count = image.Width * image.Height;
        float[] values = new float[3 * count];
        for (int pixel = 0; pixel < count; pixel++)
        {
            for (int channel = 0; channel < 3; channel++)
            {
                values[(channel * count) + pixel] = pixels[(4 * pixel) + (isBlueFirst ? channel : 2 - channel)] - means[channel];
            }
        }

        return new OnnxTensor([1, 3, image.Height, image.Width], values);
    }
}
