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
