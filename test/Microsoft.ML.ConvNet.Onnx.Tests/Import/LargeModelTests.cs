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
    public void A_model_whose_weights_are_nodes_scores_as_in_ONNX_Runtime()
    {
        using Weights weights = WithNumbers("inception-resnet-v2");
        RequireAgreement(WithNodes(weights), 55_843_464);
    }

    [TestMethod]
    public void The_weights_of_the_largest_network_are_read_from_nodes_to_the_bit()
    {
        using Weights weights = WithNumbers("vgg19");
        using OnnxNetwork read = OnnxModel.Load(WithNodes(weights)).Import();
        Assert.AreEqual(143_667_240, read.Network.ParameterCount);
        foreach ((NetworkParameter written, NetworkParameter own) in weights.Network.Parameters.Zip(read.Network.Parameters))
        {
            Assert.IsTrue(weights[written.Name].Span.SequenceEqual(read.Weights[own.Name].Span), written.Name);
        }
    }

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

    /// <summary>Exports weights, and makes every one the output of a node.</summary>
    private static string WithNodes(Weights weights)
    {
        string file = Path.Combine(Folder, "nodes.onnx");
        GraphProto graph = OnnxExport.Write(weights.Network, weights, new OnnxExportOptions());
        TensorProto[] floats = [.. graph.Initializer.Where(tensor => tensor.DataType == (int)OnnxElementType.Float)];
        TensorProto[] others = [.. graph.Initializer.Except(floats)];
        NodeProto[] nodes = [.. graph.Node];
        graph.Initializer.Clear();
        graph.Initializer.Add(others);
        graph.Node.Clear();
        graph.Node.Add(floats.Select(weight => Graphs.Node(
            "Constant", [], weight.Name, new AttributeProto { Name = "value", Type = AttributeProto.Types.AttributeType.Tensor, T = weight })));
        graph.Node.Add(nodes);
        ModelProto model = new() { IrVersion = 10, Graph = graph };
        model.OpsetImport.Add(new OperatorSetIdProto { Version = OnnxExport.OpsetVersion });
        using FileStream written = File.Create(file);
        model.WriteTo(written);
        return file;
    }

    /// <summary>Numbers from a table: drawing hundreds of millions of them takes long.</summary>
    private static Weights WithNumbers(string name)
    {
        const int ClassesOfImageNet = 1000;
        Architecture architecture = Architecture.Get(name);
        Network network = architecture.Create(architecture.DefaultInput, ClassesOfImageNet);
        float[] table = ExportedNetworks.RandomNumbers(65_537, 5);
        Weights weights = new(network);
        int at = 0;
        foreach (NetworkParameter parameter in network.Parameters)
        {
            // Uniform numbers that keep the size of activations (He et al. 2015), and what else there is near its usual value.
            bool isFactor = parameter.Shape.Rank == 1 && !parameter.Name.EndsWith(".bias", StringComparison.Ordinal)
                && !parameter.Name.EndsWith(".running_mean", StringComparison.Ordinal);
            float range = parameter.Shape.Rank > 1 ? MathF.Sqrt(6f * parameter.Shape[parameter.Shape.Rank - 1] / parameter.Shape.ElementCount) : 0.2f;
            foreach (ref float number in weights[parameter.Name].Span)
            {
                number = (isFactor ? 1 : 0) + (range * table[at]);
                at = (at + 1) % table.Length;
            }
        }

        return weights;
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
