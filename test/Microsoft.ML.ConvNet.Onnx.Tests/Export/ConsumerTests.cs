using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Zoo;

namespace Microsoft.ML.ConvNet.Onnx.Tests.Export;

/// <summary>Exported models are loaded by ONNX Runtime and give the same there.</summary>
[TestClass]
public sealed class ConsumerTests
{
    private const float LeastSpread = 0.01f;

    [TestMethod]
    public void Architectures_score_the_same_in_ONNX_Runtime()
    {
        using OnnxRuntimePeer peer = new();
        foreach ((string name, int size) in new[]
        {
            ("lenet5", 28), ("vgg11", 32), ("googlenet-2014", 64), ("googlenet", 64), ("resnet18", 64), ("squeezenet", 64),
                ("densenet121", 64), ("mobilenet-v2", 64),
        })
        {
            Architecture architecture = Architecture.Get(name);
            Network network = architecture.Create(new Tensors.Shape(size, size, architecture.DefaultInput.Channels), classes: 10);
            float[] scores = peer.Add(name, network, batch: 2).ToArray();
            Assert.IsGreaterThan(LeastSpread, scores.Max() - scores.Min(), $"{name}: equal scores would show nothing.");
        }

        IReadOnlyList<string> failures = peer.Failures(1e-3, 1e-5);
        Assert.IsEmpty(failures, string.Join('\n', failures));
    }

    [TestMethod]
    public void Every_kind_of_layer_computes_the_same_in_ONNX_Runtime()
    {
        using OnnxRuntimePeer peer = new();
        foreach ((string name, Network network) in LayerNetworks.All)
        {
            peer.Add(name, network, batch: 2);
        }

        IReadOnlyList<string> failures = peer.Failures(1e-4, 1e-5);
        Assert.IsEmpty(failures, string.Join('\n', failures));
    }
}
