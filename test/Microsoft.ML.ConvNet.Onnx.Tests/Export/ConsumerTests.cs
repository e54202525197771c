using Microsoft.ML.ConvNet.Core.Tests.Networks;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Zoo;

namespace Microsoft.ML.ConvNet.Onnx.Tests.Export;

/// <summary>Exported models are loaded by ONNX Runtime and give the same there.</summary>
[TestClass]
public sealed class ConsumerTests
{
    private const float LeastSpread = 0.01f;

    [TestMethod]
    [DataRow("lenet5", 28)]
    [DataRow("vgg11", 32)]
    [DataRow("googlenet-2014", 64)]
    [DataRow("googlenet", 64)]
    [DataRow("resnet18", 64)]
    [DataRow("squeezenet", 64)]
    [DataRow("densenet121", 64)]
    [DataRow("mobilenet-v2", 64)]
    public void An_architecture_scores_the_same_in_ONNX_Runtime(string name, int size)
    {
        Architecture architecture = Architecture.Get(name);
        Network network = architecture.Create(new Tensors.Shape(size, size, architecture.DefaultInput.Channels), classes: 10);
        Assert.IsNull(OnnxRuntimePeer.FindDisagreement(network, batch: 2, 1e-3, 1e-5, out OnnxTensor scores));
        float[] values = scores.ToArray();
        Assert.IsGreaterThan(LeastSpread, values.Max() - values.Min(), "Equal scores would show nothing.");
    }

    [TestMethod]
    [DataRow("windows", 300)]
    [DataRow("images", 100)]
    [DataRow("arrays", 400)]
    public void Random_networks_are_loaded_by_ONNX_Runtime_and_compute_the_same(string kind, int count)
    {
        List<string> failures = [];
        for (int seed = 0; seed < count; seed++)
        {
            Network network = kind switch
            {
                "windows" => RandomWindowNetwork.Create(seed),
                "images" => RandomNetwork.Create((ulong)seed),
                _ => RandomArrayNetwork.Create((ulong)seed),
            };
            if (OnnxRuntimePeer.FindDisagreement(network, batch: 2, 1e-3, 1e-4, out _) is { } disagreement)
            {
                failures.Add($"{seed}: {disagreement}: {string.Join(", ", network.Nodes.Select(node => node.Layer.Describe()))}");
            }
        }

        Assert.IsEmpty(failures, string.Join('\n', failures));
    }

    [TestMethod]
    public void What_is_done_to_pixels_before_the_network_is_part_of_the_model_in_ONNX_Runtime_too()
    {
        Network image = Network.Input(6, 5, 3).Conv(4, 3).Relu().Flatten().Dense(3).Softmax();
        Network sequence = Network.Input(new Tensors.Shape(9, 3)).Apply(new Layers.Conv1D(4, 3)).Apply(new Layers.GlobalAvgPool1D());
        Network vector = Network.Input(new Tensors.Shape(7)).Dense(3);
        OnnxExportOptions each = new() { InputOffsets = [0.1f, -0.2f, 0.3f], InputScales = [2, 3, 0.5f] };
        OnnxExportOptions all = new() { InputOffsets = [0.25f], InputScales = [4] };
        foreach ((Network network, OnnxExportOptions options) in new[] { (image, each), (image, all), (sequence, each), (vector, all) })
        {
            Assert.IsNull(OnnxRuntimePeer.FindDisagreement(network, batch: 2, 1e-4, 1e-5, out _, options), network.ToString());
        }
    }

    [TestMethod]
    public void A_sequence_is_given_as_the_network_has_it()
    {
        Network network = Network.Input(new Tensors.Shape(9, 4)).Apply(new Layers.Conv1D(6, 3));
        Assert.IsNull(OnnxRuntimePeer.FindDisagreement(network, batch: 2, 1e-4, 1e-5, out OnnxTensor scores));
        CollectionAssert.AreEqual(new[] { 2, 7, 6 }, scores.Dimensions.ToArray());
    }

    [TestMethod]
    public void Every_kind_of_layer_computes_the_same_in_ONNX_Runtime()
    {
        List<string> failures = [];
        foreach ((string name, Network network) in LayerNetworks.All)
        {
            if (OnnxRuntimePeer.FindDisagreement(network, batch: 2, 1e-4, 1e-5, out _) is { } disagreement)
            {
                failures.Add($"{name}: {disagreement}");
            }
        }

        Assert.IsEmpty(failures, string.Join('\n', failures));
    }
}
