using Microsoft.ML.ConvNet.Core.Tests.Numbers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Storage;

namespace Microsoft.ML.ConvNet.Core.Tests.Networks;

/// <summary>Planned networks of images and arrays against their interpretation in double.</summary>
[TestClass]
public class RandomArrayNetworkTests
{
    private const int Batch = 3;
    private const double ForwardTolerance = 1e-4;
    private const double GradientTolerance = 1e-3;

    public static IEnumerable<object[]> Seeds => Enumerable.Range(0, 100).Select(seed => new object[] { seed });

    public static IEnumerable<object[]> FewSeeds => Seeds.Take(20);

    [TestMethod]
    [DynamicData(nameof(Seeds))]
    public void A_planned_network_computes_what_its_layers_mean(int seed)
    {
        Network network = RandomArrayNetwork.Create((ulong)seed);
        float[] inputs = DistinctNumbers.Create(Batch * network.InputShape.ElementCount, (ulong)seed);
        float[] targets = DistinctNumbers.Create(Batch * network.OutputShape.ElementCount, (ulong)seed + 1);
        using Weights weights = TestWeights.Create(network, (ulong)seed);
        NetworkOracle inference = new(network, weights, inputs, Batch, isTraining: false);
        NetworkOracle training = new(network, weights, inputs, Batch, isTraining: true);
        float[] together = EngineRun.Predict(network, weights, inputs, Batch, threads: 2);
        Closeness.AssertClose(inference.Forward(), together, ForwardTolerance, $"{Wiring(network)}, inference");
        int length = network.InputShape.ElementCount;
        for (int n = 0; n < Batch; n++)
        {
            float[] alone = EngineRun.Predict(network, weights, inputs[(n * length)..((n + 1) * length)], 1, threads: 1);
            Closeness.AssertSameBits(together.AsSpan(n * alone.Length, alone.Length), alone, $"{Wiring(network)}, sample {n} alone");
        }

        using Weights same = weights.Clone();
        EngineRun run = EngineRun.Train(network, weights, inputs, targets, Batch, threads: 1, maximumBatch: Batch + 4);
        run.AssertEquals(training, targets, ForwardTolerance, GradientTolerance, $"{Wiring(network)}, training");
        run.AssertSameBits(EngineRun.Train(network, same, inputs, targets, Batch, threads: 4), $"{Wiring(network)}, 4 threads");
    }

    [TestMethod]
    [DynamicData(nameof(FewSeeds))]
    public void Batch_and_threads_change_no_bits_of_larger_images(int seed)
    {
        Network network = RandomArrayNetwork.Create((ulong)seed, scale: 12);
        float[] inputs = DistinctNumbers.Create(Batch * network.InputShape.ElementCount, (ulong)seed);
        float[] targets = DistinctNumbers.Create(Batch * network.OutputShape.ElementCount, (ulong)seed + 1);
        using Weights weights = TestWeights.Create(network, (ulong)seed);
        using Weights same = weights.Clone();
        float[] together = EngineRun.Predict(network, weights, inputs, Batch, threads: 4);
        int length = network.InputShape.ElementCount;
        for (int n = 0; n < Batch; n++)
        {
            float[] alone = EngineRun.Predict(network, weights, inputs[(n * length)..((n + 1) * length)], 1, threads: 3);
            Closeness.AssertSameBits(together.AsSpan(n * alone.Length, alone.Length), alone, $"{Wiring(network)}, sample {n} alone");
        }

        EngineRun run = EngineRun.Train(network, weights, inputs, targets, Batch, threads: 1);
        run.AssertSameBits(EngineRun.Train(network, same, inputs, targets, Batch, threads: 4), $"{Wiring(network)}, 4 threads");
    }

    [TestMethod]
    [DynamicData(nameof(Seeds))]
    public void A_random_network_survives_JSON(int seed)
    {
        Network network = RandomArrayNetwork.Create((ulong)seed);
        Network read = NetworkJson.Parse(NetworkJson.ToText(network));
        Assert.AreEqual(network, read);
        Assert.AreEqual(network.Summary().ToString(), read.Summary().ToString());
    }

    // What is needed to build the network by hand.
    private static string Wiring(Network network) => network + ": " + string.Join(
        "; ", network.Nodes.Select(node =>
            $"{node.Name}({string.Join(", ", node.Inputs.Select(input => input < 0 ? "input" : network.Nodes[input].Name))}) = {node.Layer} {node.OutputShape}"));
}
