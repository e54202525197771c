using Microsoft.ML.ConvNet.Core.Tests.Data;
using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Onnx.Tests.Export;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.ConvNet.Onnx.Tests.Pipeline;

/// <summary>Imported networks in ML.NET's pipelines: scored, saved, loaded and trained further.</summary>
[TestClass]
public sealed class PipelineTests
{
    [TestMethod]
    public void SqueezeNet_calls_the_kitten_a_tabby_in_a_pipeline_and_scores_the_same_bits_after_saving_and_loading()
    {
        string models = TestData.Folder("models");
        string[] names = [.. File.ReadLines(Path.Combine(models, "imagenet-labels.txt")).Select(
            (line, i) => $"{i}: {line[(line.IndexOf(',') + 1)..]}")];
        MLContext context = new(seed: 1);
        IDataView data = context.Data.LoadFromEnumerable([new PhotoRow { Path = Path.Combine(TestData.Folder("images"), "kitten.png") }]);
        EstimatorChain<KeyToValueMappingTransformer> pipeline = context.Transforms.LoadImages("Image", null, nameof(PhotoRow.Path))
            .Append(context.Transforms.ResizeImages("Image", 224, 224, "Image", ImageResizingEstimator.ResizingKind.Fill))
            .Append(context.Transforms.ConvNetFromOnnx(new ConvNetFromOnnxOptions
            {
                InputColumnName = "Image",
                ModelFile = Path.Combine(models, "squeezenet_fp16.onnx"),
                ClassNames = names,
                ChannelOrder = ChannelOrder.Bgr,
                PixelOffsets = [103.939f, 116.779f, 123.68f],
            }))
            .Append(context.Transforms.Conversion.MapKeyToValue("Class", "PredictedLabel"));
        ITransformer model = pipeline.Fit(data);
        ScoredRow scored = Score(context, model, data);

        Assert.AreEqual("281: tabby, tabby cat", scored.Class);
        Assert.AreEqual(0.943, scored.Score[281], 0.01);
        string file = Path.Combine(Directory.CreateTempSubdirectory("convnet-onnx-").FullName, "model.zip");
        try
        {
            context.Model.Save(model, data.Schema, file);
            ITransformer loaded = new MLContext(seed: 2).Model.Load(file, out _);
            ScoredRow again = Score(context, loaded, data);
            Assert.AreEqual(scored.Class, again.Class);
            CollectionAssert.AreEqual(scored.Score, again.Score);
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
        }
    }

    [TestMethod]
    public void Two_classes_of_one_name_are_told_apart_by_number()
    {
        Network network = Network.Input(4, 4, 1).Flatten().Dense(3).Softmax();
        using Weights weights = Weights.Initialize(network, 1);
        weights["fc1.bias"].Span[2] = 100;
        string file = Path.Combine(Directory.CreateTempSubdirectory("convnet-onnx-").FullName, "model.onnx");
        try
        {
            OnnxExport.Save(network, weights, file);
            MLContext context = new(seed: 1);
            IDataView data = context.Data.LoadFromEnumerable([new SmallRow()]);
            ITransformer model = context.Transforms.ConvNetFromOnnx("Score", "Features", file, ["crane", "crane (2)", "crane"])
                .Append(context.Transforms.Conversion.MapKeyToValue("Class", "PredictedLabel")).Fit(data);
            Assert.AreEqual("crane (2) (2)", Score(context, model, data).Class);
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
        }
    }

    [TestMethod]
    public void An_imported_network_trains_further_from_its_weights()
    {
        Network small = Network.Input(6, 6, 1).Conv(4, 3).BatchNorm().Relu().Flatten().Dense(2).Softmax();
        using Weights first = ExportedNetworks.RandomWeights(small);
        using MemoryStream stream = new();
        OnnxExport.Save(small, first, stream);
        stream.Position = 0;
        using OnnxNetwork imported = OnnxModel.Load(stream).Import();
        Assert.IsTrue(imported.Network.Nodes.Any(node => node.Layer is BatchNorm));
        Assert.AreEqual(small.ParameterCount, imported.Network.ParameterCount);

        MLContext context = new(seed: 1);
        float[] noise = ExportedNetworks.RandomNumbers(40 * 36, 5);
        VectorRow[] rows = [.. Enumerable.Range(0, 40).Select(i => new VectorRow
        {
            Features = [.. Enumerable.Range(0, 36).Select(pixel => (0.3f * noise[(36 * i) + pixel]) + (pixel / 18 == i % 2 ? 1 : 0))],
            Label = i % 2 == 0 ? "above" : "below",
        })];
        IDataView data = context.Data.LoadFromEnumerable(rows);
        TransformerChain<ConvNetTransformer> model = context.Transforms.Conversion.MapValueToKey("Label")
            .Append(context.MulticlassClassification.Trainers.ConvNet(new ConvNetMulticlassTrainer.Options
            {
                Network = imported.Network,
                InitialWeights = imported.Weights,
                Epoch = 30,
                BatchSize = 8,
                Seed = 3,
            }))
            .Fit(data);

        Assert.IsGreaterThan(0.95, context.MulticlassClassification.Evaluate(model.Transform(data)).MicroAccuracy);
    }

    private static ScoredRow Score(MLContext context, ITransformer model, IDataView data) =>
        context.Data.CreateEnumerable<ScoredRow>(model.Transform(data), reuseRowObject: false).Single();

    private sealed class SmallRow
    {
        [VectorType(4, 4, 1)]
        public float[] Features { get; set; } = new float[16];
    }

    private sealed class PhotoRow
    {
        public string Path { get; set; } = string.Empty;
    }

    private sealed class ScoredRow
    {
        public float[] Score { get; set; } = [];

        public string Class { get; set; } = string.Empty;
    }

    private sealed class VectorRow
    {
        [VectorType(36)]
        public float[] Features { get; set; } = [];

        public string Label { get; set; } = string.Empty;
    }
}
