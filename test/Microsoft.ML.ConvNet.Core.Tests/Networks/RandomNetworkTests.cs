using Microsoft.ML.ConvNet.Core.Tests.Numbers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Storage;

namespace Microsoft.ML.ConvNet.Core.Tests.Networks;

/// <summary>
/// Planned networks against their interpretation in double: what is folded, fused, run in place and laid into shared memory computes the same.
/// </summary>
[TestClass]
public class RandomNetworkTests
{
    private const int Batch = 3;
    private const double ForwardTolerance = 5e-5;
    private const double GradientTolerance = 3e-4;

    public static IEnumerable<object[]> Seeds => Enumerable.Range(0, 50).Select(seed => new object[] { seed });

    [TestMethod]
    [DynamicData(nameof(Seeds))]
    public void A_planned_network_computes_what_its_layers_mean(int seed)
    {
        Network network = RandomNetwork.Create((ulong)seed);
        float[] inputs = DistinctNumbers.Create(Batch * network.InputShape.ElementCount, (ulong)seed);
        float[] targets = DistinctNumbers.Create(Batch * network.OutputShape.ElementCount, (ulong)seed + 1);
        using Weights weights = TestWeights.Create(network, (ulong)seed);
        NetworkOracle inference = new(network, weights, inputs, Batch, isTraining: false);
        NetworkOracle training = new(network, weights, inputs, Batch, isTraining: true);
        float[] together = EngineRun.Predict(network, weights, inputs, Batch, threads: 2);
        Closeness.AssertClose(inference.Forward(), together, ForwardTolerance, $"{network}, inference");
        int length = network.InputShape.ElementCount;
        for (int n = 0; n < Batch; n++)
        {
            float[] alone = EngineRun.Predict(network, weights, inputs[(n * length)..((n + 1) * length)], 1, threads: 1);
            Closeness.AssertSameBits(together.AsSpan(n * alone.Length, alone.Length), alone, $"{network}, sample {n} alone");
        }

        using Weights same = weights.Clone();
        EngineRun run = EngineRun.Train(network, weights, inputs, targets, Batch, threads: 1, maximumBatch: Batch + 4);
        run.AssertEquals(training, targets, ForwardTolerance, GradientTolerance, $"{network}, training");
        run.AssertSameBits(EngineRun.Train(network, same, inputs, targets, Batch, threads: 4), $"{network}, 4 threads");
    }

    [TestMethod]
    [DynamicData(nameof(Seeds))]
    public void A_random_network_survives_JSON_and_safetensors(int seed)
    {
        Network network = RandomNetwork.Create((ulong)seed);
        Network read = NetworkJson.Parse(NetworkJson.ToText(network));
        Assert.AreEqual(network, read);
        Assert.AreEqual(network.Summary().ToString(), read.Summary().ToString());
        using Weights weights = TestWeights.Create(network, (ulong)seed);
        using MemoryStream stream = new();
        SafeTensors.Write(weights, stream);
        stream.Position = 0;
        using Weights readWeights = SafeTensors.Read(stream, read);
        foreach (string name in weights.Names)
        {
            Closeness.AssertSameBits(weights[name].Span, readWeights[name].Span, name);
        }
    }
}
