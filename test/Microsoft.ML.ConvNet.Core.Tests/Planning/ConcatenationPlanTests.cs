using Microsoft.ML.ConvNet.Core.Tests.Networks;
using Microsoft.ML.ConvNet.Core.Tests.Numbers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Ops;
using Microsoft.ML.ConvNet.Planning;

namespace Microsoft.ML.ConvNet.Core.Tests.Planning;

/// <summary>Concatenations that grow, as those of a block of DenseNet, in plans for inference.</summary>
[TestClass]
public class ConcatenationPlanTests
{
    private const int Batch = 3;

    [TestMethod]
    [DataRow(true, DisplayName = "each layer reads the concatenation before it")]
    [DataRow(false, DisplayName = "each layer reads a list of all layers before it")]
    public void A_dense_block_is_computed_in_one_tensor_as_defined(bool isNested)
    {
        Network network = DenseBlock(isNested, channels: 18, growth: 20);
        float[] inputs = DistinctNumbers.Create(Batch * network.InputShape.ElementCount, seed: 1);
        using Weights weights = TestWeights.Create(network);
        NetworkOracle oracle = new(network, weights, inputs, Batch, isTraining: false);
        Closeness.AssertClose(
            oracle.Forward(), EngineRun.Predict(network, weights, inputs, Batch, threads: 2), 2e-5, "outputs");

        // The stem is copied once: it is normalised on its own, too.
        Plan plan = Planner.ForInference(network, PlanOptions.Default);
        PlanStep copy = plan.Steps.Single(step => step.Node.Op is ConcatenationOp);
        CollectionAssert.AreEqual(new[] { 18 }, ((ConcatenationOp)copy.Node.Op).Channels.ToArray());
        Assert.AreEqual(
            1,
            plan.Steps.Where(step => step.Node.Op is ConvolutionOp { Slice: not null }).Select(step => step.Binding.Output).Distinct().Count());
    }

    [TestMethod]
    public void Both_ways_of_writing_a_block_give_the_same_bits_at_any_batch_and_thread_count()
    {
        Network nested = DenseBlock(isNested: true, channels: 5, growth: 3);
        Network listed = DenseBlock(isNested: false, channels: 5, growth: 3);
        float[] inputs = DistinctNumbers.Create(Batch * nested.InputShape.ElementCount, seed: 1);
        using Weights nestedWeights = TestWeights.Create(nested);
        using Weights listedWeights = TestWeights.Create(listed);
        float[] expected = EngineRun.Predict(nested, nestedWeights, inputs, Batch, threads: 1);
        Closeness.AssertSameBits(expected, EngineRun.Predict(listed, listedWeights, inputs, Batch, threads: 4), "listed");
        int outputs = nested.OutputShape.ElementCount;
        float[] first = EngineRun.Predict(nested, nestedWeights, [.. inputs.Take(nested.InputShape.ElementCount)], 1, threads: 2);
        Closeness.AssertSameBits([.. expected.Take(outputs)], first, "alone");
    }

    [TestMethod]
    public void A_concatenation_that_a_convolution_reads_keeps_memory_of_its_own()
    {
        SymbolicTensor x = Network.Input(6, 5, 4).Conv(18, 3, padding: 1);
        SymbolicTensor first = x.Concat(x.Conv(20, 3, padding: 1));
        SymbolicTensor second = first.Concat(first.Conv(20, 3, padding: 1));
        Network network = second.BatchNorm().Relu().GlobalAvgPool().Dense(3);
        float[] inputs = DistinctNumbers.Create(Batch * network.InputShape.ElementCount, seed: 1);
        using Weights weights = TestWeights.Create(network);
        NetworkOracle oracle = new(network, weights, inputs, Batch, isTraining: false);
        Closeness.AssertClose(
            oracle.Forward(), EngineRun.Predict(network, weights, inputs, Batch, threads: 2), 2e-5, "outputs");
    }

    private static Network DenseBlock(bool isNested, int channels, int growth)
    {
        SymbolicTensor x = Network.Input(6, 5, 4).Conv(channels, 3, padding: 1, name: "stem");
        List<SymbolicTensor> parts = [x];
        for (int i = 0; i < 4; i++)
        {
            SymbolicTensor grown = x.BatchNorm().Relu().Conv(growth, 3, padding: 1, useBias: false);
            parts.Add(grown);
            x = isNested ? x.Concat(grown) : parts[0].Concat([.. parts.Skip(1)]);
        }

        return x.BatchNorm().Relu().GlobalAvgPool().Dense(3).Softmax();
    }
}
