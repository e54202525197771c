using Microsoft.ML.ConvNet.Core.Tests.Networks;
using Microsoft.ML.ConvNet.Core.Tests.Numbers;
using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Storage;

namespace Microsoft.ML.ConvNet.Core.Tests.Layers;

/// <summary>What holds for every layer, tried on every registered one.</summary>
[TestClass]
public class LayerContract
{
    private const int Batch = 3;
    private const int MostDifferences = 60;
    private const double ForwardTolerance = 1e-5;
    private const double GradientTolerance = 5e-5;

    public static IEnumerable<object[]> Cases =>
        from registration in LayerRegistrations.All
        from index in Enumerable.Range(0, registration.Cases.Count)
        select new object[] { registration.LayerType.Name, index, registration.Cases[index].Inputs, registration.Cases[index].Layer.ToString() };

    public static IEnumerable<object[]> RefusedCases =>
        from registration in LayerRegistrations.All
        from index in Enumerable.Range(0, registration.Refused.Count)
        select new object[] { registration.LayerType.Name, index, registration.Refused[index].Inputs, registration.Refused[index].Layer.ToString() };

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void The_oracles_gradient_is_that_of_central_differences(string kind, int index, string inputs, string layer)
    {
        Network network = NetworkOf(kind, index);
        NetworkOracle oracle = Oracle(network, isTraining: true);
        double[] weighting = DistinctNumbers.ToDoubles(DistinctNumbers.Create(Batch * network.OutputShape.ElementCount, seed: 5));
        oracle.Backward(weighting);

        AssertGradient(oracle.Input, oracle.InputGradient, $"{layer} on {inputs}, input");
        foreach ((string name, double[] gradient) in oracle.Gradients)
        {
            AssertGradient(oracle.Parameters[name], gradient, $"{layer} on {inputs}, {name}");
        }

        void AssertGradient(double[] variable, double[] gradient, string what)
        {
            const double Step = 1e-5;
            int[] tried = [.. Enumerable.Range(0, variable.Length).Where(i => i % ((variable.Length / MostDifferences) + 1) == 0)];
            double[] differences = new double[tried.Length];
            for (int i = 0; i < tried.Length; i++)
            {
                double at = variable[tried[i]];
                variable[tried[i]] = at + Step;
                double above = Weighted();
                variable[tried[i]] = at - Step;
                double below = Weighted();
                variable[tried[i]] = at;
                differences[i] = (above - below) / (2 * Step);
            }

            double error = Closeness.RelativeError(differences, [.. tried.Select(i => gradient[i])]);
            Assert.IsLessThan(1e-6, error, what);
        }

        double Weighted() => oracle.Forward().Zip(weighting, (y, weight) => y * weight).Sum();
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Inference_computes_what_the_oracle_does(string kind, int index, string inputs, string layer)
    {
        Network network = NetworkOf(kind, index);
        using Weights weights = TestWeights.Create(network);
        float[] outputs = EngineRun.Predict(network, weights, InputOf(network), Batch, threads: 2);
        Closeness.AssertClose(Oracle(network, isTraining: false).Forward(), outputs, ForwardTolerance, $"{layer} on {inputs}");
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Training_computes_the_oracles_outputs_losses_and_gradients(string kind, int index, string inputs, string layer)
    {
        Network network = NetworkOf(kind, index);
        using Weights weights = TestWeights.Create(network);
        float[] targets = DistinctNumbers.Create(Batch * network.OutputShape.ElementCount, seed: 9);
        EngineRun run = EngineRun.Train(network, weights, InputOf(network), targets, Batch, threads: 2);
        run.AssertEquals(Oracle(network, isTraining: true), targets, ForwardTolerance, GradientTolerance, $"{layer} on {inputs}");
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void A_sample_has_the_same_bits_alone_in_a_batch_and_at_any_number_of_threads(string kind, int index, string inputs, string layer)
    {
        Network network = NetworkOf(kind, index);
        using Weights weights = TestWeights.Create(network);
        float[] input = InputOf(network);
        float[] together = EngineRun.Predict(network, weights, input, Batch, threads: 1);
        foreach (int threads in new[] { 1, 2, 4 })
        {
            Closeness.AssertSameBits(
                together, EngineRun.Predict(network, weights, input, Batch, threads), $"{layer} on {inputs}, {threads} threads");
            for (int n = 0; n < Batch; n++)
            {
                int length = network.InputShape.ElementCount;
                float[] alone = EngineRun.Predict(network, weights, input[(n * length)..((n + 1) * length)], 1, threads);
                Closeness.AssertSameBits(
                    together.AsSpan(n * alone.Length, alone.Length), alone, $"{layer} on {inputs}, sample {n} alone, {threads} threads");
            }
        }
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Gradients_have_the_same_bits_at_any_number_of_threads(string kind, int index, string inputs, string layer)
    {
        Network network = NetworkOf(kind, index);
        float[] targets = DistinctNumbers.Create(Batch * network.OutputShape.ElementCount, seed: 9);
        EngineRun first = Run(1);
        foreach (int threads in new[] { 2, 4 })
        {
            first.AssertSameBits(Run(threads), $"{layer} on {inputs}, {threads} threads");
        }

        EngineRun Run(int threads)
        {
            using Weights weights = TestWeights.Create(network);
            return EngineRun.Train(network, weights, InputOf(network), targets, Batch, threads);
        }
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void A_layer_survives_JSON(string kind, int index, string inputs, string layer)
    {
        Network network = NetworkOf(kind, index);
        string text = NetworkJson.ToText(network);
        Network read = NetworkJson.Parse(text);
        Assert.AreEqual(network, read, $"{layer} on {inputs}");
        Assert.AreEqual(network.Nodes[^1].Layer, read.Nodes[^1].Layer);
        Assert.AreEqual(text, NetworkJson.ToText(read));
    }

    [TestMethod]
    [DynamicData(nameof(RefusedCases))]
    public void What_a_layer_cannot_do_is_refused_by_its_name(string kind, int index, string inputs, string layer)
    {
        (_, Layer refused) = LayerRegistrations.All.Single(registration => registration.LayerType.Name == kind).Refused[index];
        NetworkDefinitionException exception = Assert.ThrowsExactly<NetworkDefinitionException>(
            () => LayerRegistration.NetworkOf(inputs, refused), layer);
        StringAssert.Contains(exception.Message, $"{refused.Kind} \"{refused.NamePrefix}1\": ");
        StringAssert.Contains(exception.Message, "eceived");
        Assert.IsFalse(exception.Message.Contains('\n', StringComparison.Ordinal), exception.Message);
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void A_wrong_number_of_inputs_is_refused_by_name(string kind, int index, string inputs, string layer)
    {
        (_, Layer tried) = LayerRegistrations.All.Single(registration => registration.LayerType.Name == kind).Cases[index];
        NetworkBuilder builder = new(LayerRegistration.ShapesOf(inputs)[0], strict: false);
        int wrong = tried.MaximumInputs == 1 ? 2 : 1;
        NetworkDefinitionException exception = Assert.ThrowsExactly<NetworkDefinitionException>(
            () => builder.Add(tried, [.. Enumerable.Repeat(-1, wrong)], "here"), layer);
        StringAssert.StartsWith(exception.Message, $"{tried.Kind} \"here\": takes ");
        StringAssert.EndsWith(exception.Message, $"Received: {wrong}.");
    }

    private static Network NetworkOf(string kind, int index)
    {
        LayerRegistration registered = LayerRegistrations.All.Single(registration => registration.LayerType.Name == kind);
        (string inputs, Layer layer) = registered.Cases[index];
        return LayerRegistration.NetworkOf(inputs, layer, registered.Before);
    }

    private static float[] InputOf(Network network) => DistinctNumbers.Create(Batch * network.InputShape.ElementCount, seed: 3);

    private static NetworkOracle Oracle(Network network, bool isTraining)
    {
        using Weights weights = TestWeights.Create(network);
        return new NetworkOracle(network, weights, InputOf(network), Batch, isTraining);
    }
}
