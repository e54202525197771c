using Microsoft.ML.ConvNet.Core.Tests.Networks;
using Microsoft.ML.ConvNet.Core.Tests.Numbers;
using Microsoft.ML.ConvNet.Networks;
using static Microsoft.ML.ConvNet.Core.Tests.WorkedExamples.Computation;

namespace Microsoft.ML.ConvNet.Core.Tests.WorkedExamples;

/// <summary>Normalisations of single samples, reckoned by hand.</summary>
[TestClass]
public class NormalizationExamples
{
    private const float Tiny = 1e-12f;

    [TestMethod]
    public void Local_response_normalisation_with_the_constants_of_AlexNet()
    {
        // k = 2, n = 5, beta = 3/4 and alpha = 1/10000 a square, which is 5/10000 a mean of five. The squares 10000, 90000 and 40000 add up
        // to 2 + 14 = 16 wherever the window holds all three, and 16^(3/4) = 8. The last window holds only 40000: 2 + 4 = 6.
        float[] y = Run(Network.Input(1, 1, 5).LocalResponseNorm(alpha: 5e-4f, k: 2), [100, 300, 200, 0, 0]);
        AssertNumbers("12.5 37.5 25 0 0", y);

        float[] shifted = Run(Network.Input([6]).LocalResponseNorm(alpha: 5e-4f, k: 2), [100, 300, 200, 0, 1e-3f, 0]);
        Assert.AreEqual(1e-3 / Math.Pow(6, 0.75), shifted[4], 1e-9);
    }

    [TestMethod]
    public void A_window_of_even_size_reaches_one_channel_further_up_as_in_ONNX()
    {
        // 1 + 1 + 4, 1 + 4 + 9, 1 + 9.
        float[] y = Run(Network.Input([3]).LocalResponseNorm(2, alpha: 2, beta: 1), [1, 2, 3]);
        AssertNumbers([1f / 6, 2f / 14, 3f / 10], y);
    }

    [TestMethod]
    public void Group_normalisation_takes_the_channels_of_a_group_over_all_positions()
    {
        // First group 1, 3, 1, 3: mean 2, deviation 1. Second 10, 14, 10, 14: mean 12, deviation 2.
        Network network = Network.Input(1, 2, 4).GroupNorm(2, Tiny);
        AssertNumbers("-1 1 -1 1 -1 1 -1 1", Run(network, [1, 3, 10, 14, 1, 3, 10, 14], [1, 1, 1, 1]));
        AssertNumbers(
            "-1 2 -3 4.5 -1 2 -3 4.5", Run(network, [1, 3, 10, 14, 1, 3, 10, 14], [1, 2, 3, 4], [0, 0, 0, 0.5f]));
    }

    [TestMethod]
    public void With_one_group_it_is_layer_normalisation()
    {
        // Mean 3, variance (4 + 1 + 0 + 9) / 4 = 3.5.
        AssertNumbers(
            "-1.069044968 -0.534522484 0 1.603567451", Run(Network.Input([4]).GroupNorm(1, Tiny), [1, 2, 3, 6], [1, 1, 1, 1]));
    }

    [TestMethod]
    public void With_a_group_a_channel_it_is_instance_normalisation()
    {
        Network group = Network.Input(5, 7, 6).GroupNorm(6);
        Network instance = Network.Input(5, 7, 6).InstanceNorm();
        float[] input = DistinctNumbers.Create(5 * 7 * 6, seed: 1);
        float[] weight = DistinctNumbers.Create(6, seed: 2);
        float[] bias = DistinctNumbers.Create(6, seed: 3);
        Closeness.AssertSameBits(Run(group, input, weight, bias), Run(instance, input, weight, bias), "instance normalisation");
    }

    [TestMethod]
    public void Instance_normalisation_takes_every_channel_of_every_sample_by_itself()
    {
        Network network = Network.Input(2, 1, 2).InstanceNorm(Tiny);
        using Weights weights = Weights.Initialize(network, seed: 1);
        float[] y = EngineRun.Predict(network, weights, [1, 10, 3, 20, -5, 0, 5, 8], 2, threads: 1);
        AssertNumbers("-1 -1 1 1 -1 -1 1 1", y);
    }

    [TestMethod]
    public void A_constant_group_gives_its_shift()
    {
        float[] y = Run(Network.Input(2, 2, 2).GroupNorm(1), [7, 7, 7, 7, 7, 7, 7, 7], [3, 5], [0.25f, -1]);
        AssertNumbers("0.25 -1 0.25 -1 0.25 -1 0.25 -1", y);
    }

    [TestMethod]
    public void A_mean_two_thousand_times_the_deviation_leaves_four_digits()
    {
        Network network = Network.Input(40, 40, 12).GroupNorm(3);
        using Weights weights = TestWeights.Create(network);
        float[] input = [.. DistinctNumbers.Create(40 * 40 * 12, seed: 4).Select(value => value + 1000)];

        // The mean is a float32, which near 1000 has steps of 6e-5.
        double[] expected = new NetworkOracle(network, weights, input, 1, isTraining: false).Forward();
        Closeness.AssertClose(expected, EngineRun.Predict(network, weights, input, 1, threads: 2), 2e-4, "around 1000");
    }
}
