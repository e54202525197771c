using Microsoft.ML.ConvNet.Core.Tests.Numbers;
using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;

namespace Microsoft.ML.ConvNet.Core.Tests.Networks;

/// <summary>Transposed, depthwise and one-dimensional convolutions amid layers that a plan fuses with them.</summary>
[TestClass]
public class WindowLayerNetworkTests
{
    private const int Batch = 3;

    public static IEnumerable<object[]> Cases =>
        from name in Networks().Keys
        select new object[] { name };

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Inference_and_training_compute_what_the_oracle_does(string name)
    {
        Network network = Networks()[name];
        using Weights weights = TestWeights.Create(network);
        float[] input = DistinctNumbers.Create(Batch * network.InputShape.ElementCount, seed: 3);
        float[] targets = DistinctNumbers.Create(Batch * network.OutputShape.ElementCount, seed: 9);
        NetworkOracle inference = new(network, weights, input, Batch, isTraining: false);
        Closeness.AssertClose(inference.Forward(), EngineRun.Predict(network, weights, input, Batch, threads: 2), 2e-5, name);
        EngineRun run = EngineRun.Train(network, weights, input, targets, Batch, threads: 2);
        run.AssertEquals(new NetworkOracle(network, weights, input, Batch, isTraining: true), targets, 2e-5, 1e-4, name);
    }

    private static Dictionary<string, Network> Networks()
    {
        SymbolicTensor shortcut = Network.Input([4, 5, 6]).ConvTranspose(8, 3, stride: 2, padding: 1, name: "up");
        SymbolicTensor repeated = Network.Input([6, 5, 4]).DepthwiseConv(3, depthMultiplier: 3, padding: 1).BatchNorm().Relu();
        SymbolicTensor sum = shortcut.ConvTranspose(8, 1, groups: 2).Add(shortcut);
        return new Dictionary<string, Network>
        {
            ["activation"] = Network.Input([3, 4, 5]).ConvTranspose(7, 4, stride: 2, padding: 1).Tanh(),
            ["ReLU on a single pixel"] = Network.Input([1, 1, 10]).ConvTranspose(6, 4).Relu().Conv(3, 3),
            ["batch normalisation"] = Network.Input([4, 4, 6]).ConvTranspose(6, 2, stride: 2).BatchNorm().LeakyRelu(0.2f),
            ["residual"] = sum.Relu().GlobalMaxPool(),
            ["depthwise"] = repeated.Conv(5, 1).Relu(),
            ["grouped as depthwise"] = Network.Input([5, 6, 3]).Conv(6, 3, groups: 3).BatchNorm().Silu(),
            ["ReLU before dilated pooling"] = Network.Input([9, 9, 3]).Conv(5, 3).Relu().MaxPool(2, stride: 1, dilation: 2),
            ["few channels before dilated pooling"] = Network.Input([16, 16, 1]).Conv(4, 3).Relu().AvgPool(2, stride: 4, dilation: 2),
            ["sequence"] = Network.Input([12, 3])
                .Conv1D(8, 3, padding: Padding1D.Same)
                .BatchNorm()
                .Relu()
                .MaxPool1D(2)
                .Conv1D(6, 3)
                .GlobalAvgPool1D()
                .Dense(4),
            ["sequence of one channel"] = Network.Input([32, 1]).Conv1D(4, 5).Relu().MaxPool1D(2).Conv1D(6, 3).Relu().AvgPool1D(2),
            ["sharpened"] = Network.Input([5, 4, 6]).Upsample(2, ResizeMode.Bilinear).Conv(3, 3).Resize(4),
        };
    }
}
