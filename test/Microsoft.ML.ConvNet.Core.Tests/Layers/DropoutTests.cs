using Microsoft.ML.ConvNet.Core.Tests.Networks;
using Microsoft.ML.ConvNet.Core.Tests.Numbers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Running;

namespace Microsoft.ML.ConvNet.Core.Tests.Layers;

[TestClass]
public class DropoutTests
{
    private const int Count = 20_000;
    private const float Rate = 0.3f;

    [TestMethod]
    public void It_drops_its_share_and_divides_the_rest_by_what_is_kept()
    {
        float[] outputs = Step(epoch: 0).Outputs;
        int dropped = outputs.Count(y => y == 0);

        // Four standard deviations of the binomial distribution.
        Assert.AreEqual(Rate * outputs.Length, dropped, 4 * Math.Sqrt(outputs.Length * Rate * (1 - Rate)));
        Assert.IsTrue(outputs.All(y => y == 0 || Math.Abs(y - (1 / (1 - Rate))) < 1e-6));
    }

    [TestMethod]
    public void The_gradient_passes_where_the_element_did()
    {
        EngineRun run = Step(epoch: 0);
        for (int i = 0; i < run.Outputs.Length; i++)
        {
            Assert.AreEqual(run.Outputs[i] == 0, run.InputGradient[i] == 0, $"element {i}");
        }
    }

    [TestMethod]
    public void What_is_dropped_follows_from_seed_epoch_and_sample_at_any_number_of_threads()
    {
        float[] outputs = Step(epoch: 3).Outputs;
        Closeness.AssertSameBits(outputs, Step(epoch: 3, threads: 4).Outputs, "four threads");
        Assert.IsFalse(outputs.AsSpan().SequenceEqual(Step(epoch: 4).Outputs), "another epoch");
        Assert.IsFalse(outputs.AsSpan().SequenceEqual(Step(epoch: 3, seed: 2).Outputs), "another seed");
        Assert.IsFalse(outputs.AsSpan(0, Count).SequenceEqual(outputs.AsSpan(Count)), "another sample");
    }

    [TestMethod]
    public void Two_layers_drop_different_elements()
    {
        Network network = Network.Input([Count]).Dropout(0.5f).Dropout(0.5f);
        float[] outputs = Step(network, epoch: 0, seed: 1, threads: 1).Outputs;
        Assert.AreEqual(0.25 * outputs.Length, outputs.Count(y => y > 0), 400, "Were they the same, a half would be left.");
    }

    [TestMethod]
    public void In_inference_it_does_nothing()
    {
        Network network = Network.Input([Count]).Dropout(Rate);
        using Weights weights = new(network);
        float[] inputs = DistinctNumbers.Create(Count, seed: 1);
        Closeness.AssertSameBits(inputs, EngineRun.Predict(network, weights, inputs, 1, threads: 1), "inference");
    }

    private static EngineRun Step(uint epoch, ulong seed = 1, int threads = 1) =>
        Step(Network.Input([Count]).Dropout(Rate), epoch, seed, threads);

    private static EngineRun Step(Network network, uint epoch, ulong seed, int threads)
    {
        using Weights weights = new(network);
        using TrainingSession session = new(network, weights, new MeanSquares(), 2, threads, seed, inputGradient: true);
        float[] ones = new float[2 * Count];
        Array.Fill(ones, 1);
        float[] targets = new float[2 * Count];
        Array.Fill(targets, 0.1f);
        EngineRun run = EngineRun.Step(session, ones, targets, 2, epoch);

        // With targets that no output has, a gradient is zero only where the element was dropped.
        return run;
    }
}
