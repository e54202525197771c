using Google.Protobuf;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Onnx.Format;
using Microsoft.ML.ConvNet.Onnx.Tests.Export;
using Microsoft.ML.ConvNet.Onnx.Tests.Format;
using Microsoft.ML.ConvNet.Storage;
using Microsoft.ML.ConvNet.Zoo;

namespace Microsoft.ML.ConvNet.Onnx.Tests.Import;

/// <summary>
/// Networks of more than a hundred million weights are read whatever says the weights: as ONNX's light models do, by a shape and a number,
/// or by nodes instead of initializers. Expected scores: ONNX Runtime's on the same file.
/// </summary>
[TestClass]
[DoNotParallelize]
public sealed class LargeModelTests
{
    private static readonly string Folder = Directory.CreateTempSubdirectory("convnet-onnx-large-").FullName;

    [ClassCleanup]
    public static void Clean() => Directory.Delete(Folder, recursive: true);

    [TestMethod]
    [DataRow("alexnet", 60_965_224)]
    [DataRow("zfnet512", 84_558_952)]
    [DataRow("vgg19", 143_667_240)]
    public void A_model_whose_weights_are_a_shape_and_a_number_scores_as_in_ONNX_Runtime(string name, int parameters)
    {
        string file = Path.Combine(Folder, $"light_{name}.onnx");
        using (FileStream stream = File.Create(file))
        {
            LightModels.Of(name).WriteTo(stream);
        }

        Assert.IsLessThan(100_000, new FileInfo(file).Length);
        RequireAgreement(file, parameters);
    }

    [TestMethod]
    [DataRow("vgg19", 143_667_240)]
    [DataRow("inception-resnet-v2", 55_843_464)]
    public void A_model_whose_weights_are_nodes_scores_as_in_ONNX_Runtime(string name, int parameters) =>
        RequireAgreement(WithNodes(name), parameters);

    [TestMethod]
    public void Weights_beyond_the_options_are_refused_before_memory_is_taken_and_the_option_is_named()
    {
        OnnxModel model = Graphs.Model([1, 8], "y", Graphs.Node("ConstantOfShape", ["shape"], "w"), Graphs.Node("MatMul", ["x", "w"], "y"))
            .WithIntegers("shape", 8, 100_000_000).Read();
        long before = GC.GetAllocatedBytesForCurrentThread();

        OnnxImportException error = Assert.ThrowsExactly<OnnxImportException>(() => model.Import());

        StringAssert.Contains(error.Message, "MaximumWeightBytes. Received: 3,200,000,000 bytes");
        Assert.IsLessThan(1_000_000, GC.GetAllocatedBytesForCurrentThread() - before);
        StringAssert.Contains(
            Assert.ThrowsExactly<OnnxImportException>(
                () => model.Import(new OnnxImportOptions
                {
                    MaximumWeightBytes = 4L << 30,
                    Limits = new NetworkLimits { MostBytesOfActivations = 1 << 20 },
                })).Message,
            "NetworkLimits.MostBytesOfActivations");
    }

    [TestMethod]
    public void The_user_can_raise_the_limit_of_weights()
    {
        OnnxModel model = Graphs.Model([1, 2], "y", Graphs.Node("ConstantOfShape", ["shape"], "w"), Graphs.Node("MatMul", ["x", "w"], "y"))
            .WithIntegers("shape", 2, 3_000).Read();
        OnnxImportOptions options = new() { MaximumWeightBytes = 16_000 };
        Assert.ThrowsExactly<OnnxImportException>(() => model.Import(options));
        options.MaximumWeightBytes = 24_000;
        model.Import(options).Dispose();
    }

    /// <summary>Exports an architecture with random weights, and makes every weight the output of a node.</summary>
    private static string WithNodes(string name)
    {
        const int ClassesOfImageNet = 1000;
        string file = Path.Combine(Folder, $"{name}.onnx");
        Architecture architecture = Architecture.Get(name);
        Network network = architecture.Create(architecture.DefaultInput, ClassesOfImageNet);
        using (Weights weights = Weights.Initialize(network, 5))
        {
            OnnxExport.Save(network, weights, file);
        }

        ModelProto model;
        using (FileStream stream = File.OpenRead(file))
        {
            model = ModelProto.Parser.ParseFrom(stream);
        }

        foreach (TensorProto weight in model.Graph.Initializer.Where(tensor => tensor.DataType == (int)OnnxElementType.Float).ToArray())
        {
            model.Graph.Initializer.Remove(weight);
            AttributeProto value = new() { Name = "value", Type = AttributeProto.Types.AttributeType.Tensor, T = weight };
            model.Graph.Node.Insert(0, Graphs.Node("Constant", [], weight.Name, value));
        }

        using FileStream written = File.Create(file);
        model.WriteTo(written);
        return file;
    }

    private static void RequireAgreement(string file, int parameters)
    {
        using OnnxNetwork network = OnnxModel.Load(file).Import();
        Assert.AreEqual(parameters, network.Network.ParameterCount);
        int[] dimensions = [.. network.Input.Dimensions!.Select(dimension => dimension!.Value)];
        int count = dimensions.Aggregate(1, (product, dimension) => product * dimension);
        OnnxTensor input = new(dimensions, ExportedNetworks.RandomNumbers(count, 17));
        OnnxTensor computed = network.Run(input, numberOfThreads: 2);
        network.Dispose();

        OnnxComparison comparison = OnnxComparison.Of(computed, OnnxRuntimePeer.Score(file, input), 1e-3, 1e-6);
        Assert.IsTrue(comparison.IsWithinTolerance, comparison.ToString());
        float[] scores = computed.ToArray();
        Assert.AreNotEqual(scores.Min(), scores.Max(), "Equal scores would show nothing.");
    }
}
