using Google.Protobuf;
using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Onnx.Export;
using Microsoft.ML.ConvNet.Onnx.Format;
using Microsoft.ML.ConvNet.Onnx.Tests.Format;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.ConvNet.Onnx.Tests.Pipeline;

/// <summary>Models that predict something else than classes, or have their channels last, in a pipeline.</summary>
[TestClass]
public sealed class OtherTaskTests
{
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void A_model_with_its_channels_last_takes_images_as_they_lie()
    {
        ModelProto model = Graphs.Model(
            [-1, 4, 5, 3],
            "y",
            Graphs.Node("Transpose", ["x"], "a", ExportGraph.Attribute("perm", [0, 3, 1, 2])),
            Graphs.Node("GlobalAveragePool", ["a"], "b"),
            Graphs.Node("Flatten", ["b"], "y"));
        using OnnxNetwork network = model.Read().Import();
        Assert.AreEqual(new Tensors.Shape(4, 5, 3), network.Network.InputShape);
        Assert.IsFalse(network.Network.Nodes.Any(node => node.Layer is Permute), "nothing is moved");
        float[] pixels = [.. Enumerable.Range(0, 60).Select(i => (float)((i % 3 * 100) + (i / 3)))];
        CollectionAssert.AreEqual(new float[] { 9.5f, 109.5f, 209.5f }, network.Run(new OnnxTensor([1, 4, 5, 3], pixels)).ToArray());

        using MLImage image = MLImage.CreateFromPixels(5, 4, MLPixelFormat.Rgba32, [.. Enumerable.Range(0, 80).Select(i => (byte)(i % 4 == 3 ? 255 : 10 * (1 + (i % 4))))]);
        IDataView images = _context.Data.LoadFromEnumerable([new ImageRow { Image = image }]);
        using ModelFile file = new(model);
        ConvNetTransformer transformer = _context.Transforms.ConvNetFromOnnx(new ConvNetFromOnnxOptions
        {
            InputColumnName = "Image",
            ModelFile = file.Path,
            Task = ConvNetTask.Regression,
        }).Fit(images);
        CollectionAssert.AreEqual(new float[] { 10, 20, 30 }, transformer.Transform(images).GetColumn<float[]>("Score").Single());
    }

    [TestMethod]
    public void One_sigmoid_is_the_probability_of_true()
    {
        ModelProto model = Graphs.Model([-1, 2], "y", Graphs.Node("MatMul", ["x", "w"], "a"), Graphs.Node("Sigmoid", ["a"], "y")).WithFloats("w", [2, 1], 1, -1);
        using ModelFile file = new(model);
        IDataView rows = _context.Data.LoadFromEnumerable([new PairRow { Features = [3, 1] }, new PairRow { Features = [0, 1] }]);
        ConvNetTransformer transformer = _context.Transforms.ConvNetFromOnnx(new ConvNetFromOnnxOptions { ModelFile = file.Path, Task = ConvNetTask.Binary }).Fit(rows);
        float[] scores = [.. transformer.Transform(rows).GetColumn<float>("Score")];
        float[] probabilities = [.. transformer.Transform(rows).GetColumn<float>("Probability")];
        Assert.AreEqual(2, scores[0], 1e-5);
        Assert.AreEqual(-1, scores[1], 1e-5);
        Assert.AreEqual(1 / (1 + Math.Exp(-2)), probabilities[0], 1e-6);
        CollectionAssert.AreEqual(new[] { true, false }, transformer.Transform(rows).GetColumn<bool>("PredictedLabel").ToArray());
        ArgumentException error = Assert.ThrowsExactly<ArgumentException>(() => _context.Transforms.ConvNetFromOnnx("Score", "Features", file.Path));
        StringAssert.Contains(error.Message, "Task says that a number is that of a Binary classification");
    }

    private sealed class ModelFile : IDisposable
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("convnet-onnx-");

        public ModelFile(ModelProto model) => File.WriteAllBytes(Path, model.ToByteArray());

        public string Path => System.IO.Path.Combine(_folder.FullName, "model.onnx");

        public void Dispose() => _folder.Delete(recursive: true);
    }

#pragma warning disable CA1812 // Instances are made by ML.NET.
    private sealed class ImageRow
    {
        [ImageType(4, 5)]
        public MLImage? Image { get; set; }
    }

    private sealed class PairRow
    {
        [VectorType(2)]
        public float[] Features { get; set; } = [];
    }
#pragma warning restore CA1812
}
