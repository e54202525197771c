using System.Runtime.InteropServices;
using Microsoft.ML.ConvNet.Core.Tests.Networks;
using Microsoft.ML.ConvNet.Core.Tests.Numbers;
using Microsoft.ML.ConvNet.Core.Tests.Zoo;
using Microsoft.ML.ConvNet.Kernels.Simd;
using Microsoft.ML.ConvNet.Networks;

namespace Microsoft.ML.ConvNet.Core.Tests.Tiers;

/// <summary>What a process says about its tier: run by <see cref="TierTests"/> in processes with fewer instructions, and here.</summary>
[TestClass]
public class TierProbe
{
    /// <summary>Names the tier that a child process must have; where it is set, <see cref="TierTests"/> starts no further processes.</summary>
    internal const string ExpectedTier = "CONVNET_TESTS_TIER";

    /// <summary>Where a child process leaves the numbers of <see cref="FixedOutputs"/>.</summary>
    internal const string OutputFile = "CONVNET_TESTS_TIER_OUTPUT";

    [TestMethod]
    public void The_tier_is_the_one_that_was_asked_for()
    {
        string? expected = Environment.GetEnvironmentVariable(ExpectedTier);
        if (expected != null)
        {
            Assert.AreEqual(expected, SimdTier.Name);
        }

        Assert.AreEqual(SimdTier.Width, SimdTier.Name switch
        {
            "Vector512" => 16,
            "Vector256" => 8,
            "Vector128" => 4,
            _ => 1,
        });
    }

    [TestMethod]
    public void Fixed_networks_give_finite_numbers()
    {
        float[] outputs = FixedOutputs();
        Assert.IsTrue(outputs.All(float.IsFinite));
        if (Environment.GetEnvironmentVariable(OutputFile) is { } file)
        {
            File.WriteAllBytes(file, MemoryMarshal.AsBytes(outputs.AsSpan()).ToArray());
        }
    }

    /// <summary>
    /// Scores, losses and gradients of a few networks, and scores of every architecture: the same on every tier but for rounding.
    /// </summary>
    internal static float[] FixedOutputs()
    {
        List<float> outputs = [];
        for (ulong seed = 100; seed < 106; seed++)
        {
            Network network = RandomNetwork.Create(seed);
            using Weights weights = TestWeights.Create(network, seed);
            float[] inputs = DistinctNumbers.Create(2 * network.InputShape.ElementCount, seed);
            float[] targets = DistinctNumbers.Create(2 * network.OutputShape.ElementCount, seed + 1);
            outputs.AddRange(EngineRun.Predict(network, weights, inputs, 2, threads: 2));
            EngineRun run = EngineRun.Train(network, weights, inputs, targets, 2, threads: 2);
            outputs.AddRange(run.Losses);
            outputs.AddRange(run.InputGradient);
            outputs.AddRange(run.Gradients.Values.SelectMany(gradient => gradient));
        }

        return [.. outputs, .. ZooScores.OfAll()];
    }
}
