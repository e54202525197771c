using Microsoft.ML.ConvNet.Core.Tests.Numbers;
using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;

namespace Microsoft.ML.ConvNet.Core.Tests.Networks;

[TestClass]
public class WeightsTests
{
    [TestMethod]
    [DataRow(Initialization.HeNormal, 0.0816496580927726)] // sqrt(2 / 300)
    [DataRow(Initialization.HeUniform, 0.0816496580927726)] // sqrt(6 / 300 / 3)
    [DataRow(Initialization.GlorotNormal, 0.0632455532033676)] // sqrt(2 / (300 + 200))
    [DataRow(Initialization.GlorotUniform, 0.0632455532033676)] // sqrt(6 / 500 / 3)
    public void Initial_weights_have_the_deviation_of_their_rule(Initialization initialization, double deviation)
    {
        using Weights weights = Weights.Initialize(Network.Input([300]).Dense(200, initialization: initialization), seed: 1);
        double[] numbers = DistinctNumbers.ToDoubles(weights["fc1.weight"].Span);
        double mean = numbers.Average();
        Assert.AreEqual(0, mean, 5 * deviation / Math.Sqrt(numbers.Length));
        Assert.AreEqual(deviation, Math.Sqrt(numbers.Average(number => number * number)), deviation * 0.02);
        Assert.IsTrue(weights["fc1.bias"].Span.IndexOfAnyExcept(0) < 0, "Biases begin at zero.");
    }

    [TestMethod]
    public void A_convolutions_fan_counts_its_window_and_its_group()
    {
        Network network = Network.Input(5, 5, 8).Conv(12, 3, groups: 4);
        LayerParameter weight = network.Parameters[0].Definition;
        Assert.AreEqual(9 * 2, weight.FanIn);
        Assert.AreEqual(9 * 3, weight.FanOut);
    }

    [TestMethod]
    public void Weights_fit_an_equal_network_and_no_other()
    {
        using Weights weights = new(Network.Input([3]).Dense(2));
        weights.RequireFit(Network.Input([3]).Dense(2));
        ArgumentException error = Assert.ThrowsExactly<ArgumentException>(() => weights.RequireFit(Network.Input([3]).Dense(4), "given"));
        Assert.StartsWith("The weights are those of the network ", error.Message);
        Assert.AreEqual("given", error.ParamName);
        using Weights others = new(Network.Input([3]).Dense(4));
        Assert.ThrowsExactly<ArgumentException>(() => weights.CopyFrom(others));
    }

    [TestMethod]
    public void Initial_weights_follow_from_the_seed()
    {
        Network network = Network.Input(6, 6, 1).Conv(3, 3).BatchNorm().Flatten().Dense(4);
        using Weights first = Weights.Initialize(network, seed: 7);
        using Weights again = Weights.Initialize(network, seed: 7);
        using Weights other = Weights.Initialize(network, seed: 8);
        Closeness.AssertSameBits(first["fc1.weight"].Span, again["fc1.weight"].Span, "again");
        Assert.IsFalse(first["fc1.weight"].Span.SequenceEqual(other["fc1.weight"].Span));
        Assert.IsTrue(first["bn1.running_var"].Span.IndexOfAnyExcept(1) < 0);
    }

    [TestMethod]
    public void The_hash_is_that_of_the_numbers_in_the_order_of_the_names()
    {
        // hashlib.sha256(struct.pack('<fff', 1, -2, 0.5)) of Python
        Weights weights = new(Network.Input([2]).Dense(1));
        weights["fc1.bias"].Span[0] = 0.5f;
        (weights["fc1.weight"].Span[0], weights["fc1.weight"].Span[1]) = (1, -2);
        Assert.AreEqual("2CE4BDB6B34A50AC7092EB9FEE94337A27498E9EB9BAE44192F15B88831B2422", weights.ComputeHash());
        weights.Dispose();
        Assert.ThrowsExactly<ObjectDisposedException>(weights.ComputeHash);
    }

    [TestMethod]
    public void A_copy_has_numbers_of_its_own()
    {
        using Weights weights = TestWeights.Create(Network.Input([4]).Dense(3));
        using Weights copy = weights.Clone();
        Closeness.AssertSameBits(weights["fc1.weight"].Span, copy["fc1.weight"].Span, "copy");
        copy["fc1.weight"].Span[0] += 1;
        Assert.AreNotEqual(weights["fc1.weight"].Span[0], copy["fc1.weight"].Span[0]);
    }

    [TestMethod]
    public void Unknown_names_and_other_networks_are_refused()
    {
        using Weights weights = new(Network.Input([4]).Dense(3));
        using Weights others = new(Network.Input([4]).Dense(2));
        StringAssert.Contains(Assert.ThrowsExactly<KeyNotFoundException>(() => weights["fc2.weight"]).Message, "fc1.weight");
        Assert.ThrowsExactly<ArgumentException>(() => weights.CopyFrom(others));
    }
}
