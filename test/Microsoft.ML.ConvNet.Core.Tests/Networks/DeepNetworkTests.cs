using Microsoft.ML.ConvNet.Core.Tests.Numbers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Running;
using Microsoft.ML.ConvNet.Storage;

namespace Microsoft.ML.ConvNet.Core.Tests.Networks;

/// <summary>Networks of thousands of layers, on threads with a stack as small as some hosts give them.</summary>
[TestClass]
public sealed class DeepNetworkTests
{
    private const int SmallStack = 256 * 1024;
    private const int Layers = 3000;

    private static readonly Dictionary<string, Func<Network>> Networks = new()
    {
        ["convolutions with few channels"] = () => Repeat(x => x.Conv(2, 3, padding: 1)),
        ["convolutions and functions"] = () => Repeat(x => x.Conv(2, 1).Tanh()),
        ["residual additions"] = () => Repeat(x => x.Add(x.Scale(0.5f))),
        ["normalisations"] = () => Repeat(x => x.BatchNorm().Relu()),
        ["concatenations"] = () => Repeat(x => x.Concat(x.Scale(0.5f)).Conv(2, 1)),
        ["additions of constants"] = () => Repeat(x => x.Add(x.Constant([4, 4, 2]))),
        ["reshapes"] = () => Repeat(x => x.Reshape([2, 4, 4]).Reshape([4, 4, 2])),
        ["dropouts"] = () => Repeat(x => x.Dropout()),
    };

    public static IEnumerable<object[]> Names => Networks.Keys.Select(name => new object[] { name });

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void A_network_of_thousands_of_layers_is_written_read_scored_and_trained_on_a_small_stack(string name)
    {
        Exception? failure = null;
        Thread thread = new(
            () =>
            {
                try
                {
                    Live(Networks[name]());
                }
#pragma warning disable CA1031 // Whatever is thrown is thrown again by the thread that waits.
                catch (Exception exception)
#pragma warning restore CA1031
                {
                    failure = exception;
                }
            },
            SmallStack);
        thread.Start();
        thread.Join();
        Assert.IsNull(failure, failure?.ToString());
    }

    private static void Live(Network network)
    {
        using MemoryStream json = new();
        NetworkJson.Write(network, json);
        json.Position = 0;
        Network read = NetworkJson.Read(json);
        Assert.AreEqual(network, read);
        Assert.AreEqual(network.GetHashCode(), read.GetHashCode());
        Assert.IsGreaterThan(0, network.ToString().Length);
        Assert.IsGreaterThan(0, network.Summary().ToString().Length);
        using Weights weights = Weights.Initialize(network, seed: 1);
        float[] inputs = DistinctNumbers.Create(3 * network.InputShape.ElementCount, seed: 1);
        float[] scores = EngineRun.Predict(network, weights, inputs, 3, threads: 1);
        Assert.HasCount(3 * 3, scores);
        using TrainingSession session = new(network, weights, new MeanSquares(), 3, 1, seed: 1);
        EngineRun.GradientsOfStep(session, inputs, new float[3 * 3], 3);
    }

    private static Network Repeat(Func<SymbolicTensor, SymbolicTensor> layer)
    {
        SymbolicTensor x = Network.Input(4, 4, 2).Tanh();
        for (int i = 0; i < Layers; i++)
        {
            x = layer(x);
        }

        return x.GlobalAvgPool().Dense(3);
    }
}
