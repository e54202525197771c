using Microsoft.ML.ConvNet.Core.Tests.Networks;
using Microsoft.ML.ConvNet.Core.Tests.Numbers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Ops;
using Microsoft.ML.ConvNet.Planning;

namespace Microsoft.ML.ConvNet.Core.Tests.Planning;

/// <summary>Plans for inference in which a value is read under several shapes, or concatenated along several axes.</summary>
[TestClass]
public class ReshapedPlanTests
{
    private const int Batch = 3;

    [TestMethod]
    public void Concatenations_of_the_same_tensors_along_other_axes_do_not_grow_into_each_other()
    {
        SymbolicTensor x = Network.Input(3, 4, 5).Tanh();
        SymbolicTensor y = x.Sigmoid();
        SymbolicTensor across = x.Concat(y);
        SymbolicTensor down = x.Concat(0, y, x);
        AssertComputed(across.Flatten().Concat(down.Flatten()).Dense(4));
    }

    [TestMethod]
    public void Concatenations_along_the_height_begin_with_each_other()
    {
        SymbolicTensor x = Network.Input(3, 4, 5).Tanh();
        SymbolicTensor y = x.Sigmoid();
        SymbolicTensor first = x.Concat(0, y);
        SymbolicTensor second = x.Concat(0, y, x);
        AssertComputed(first.Flatten().Concat(second.Flatten()).Dense(4));
    }

    [TestMethod]
    public void A_concatenation_along_the_height_that_begins_with_one_of_channels_keeps_its_own_memory()
    {
        SymbolicTensor x = Network.Input(3, 4, 5).Tanh();
        SymbolicTensor across = x.Concat(x.Sigmoid());
        SymbolicTensor down = across.Concat(0, across.BatchNorm().Relu());
        AssertComputed(down.BatchNorm().Flatten().Dense(4));
    }

    [TestMethod]
    public void A_batch_normalization_reads_a_concatenation_along_the_height_as_it_is()
    {
        SymbolicTensor x = Network.Input(3, 4, 5).Tanh();
        SymbolicTensor first = x.Concat(0, x.Sigmoid());
        SymbolicTensor second = first.Concat(0, first.BatchNorm().Relu().Slice(0, 1));
        AssertComputed(second.BatchNorm().Flatten().Dense(4));
    }

    [TestMethod]
    public void A_batch_normalization_of_other_channels_reads_a_reshaped_concatenation_as_it_is()
    {
        SymbolicTensor x = Network.Input(3, 4, 6).Tanh();
        SymbolicTensor first = x.Concat(x.Sigmoid());
        SymbolicTensor second = first.Concat(first.Reshape([4, 6, 6]).BatchNorm().Relu().Reshape([3, 4, 12]));
        AssertComputed(second.BatchNorm().Flatten().Dense(4));
    }

    [TestMethod]
    public void A_batch_normalization_over_the_rows_of_a_product_is_not_folded_into_its_one_column()
    {
        SymbolicTensor x = Network.Input([7, 5]);
        AssertComputed(x.MatMul(x.Constant([5])).BatchNorm().Dense(4));
    }

    [TestMethod]
    public void A_batch_normalization_of_a_flattened_pixel_is_folded()
    {
        Network network = Network.Input(3, 3, 4).Conv(5, 3, useBias: false).Flatten().BatchNorm().Relu();
        AssertComputed(network);
        Assert.IsFalse(Planner.ForInference(network, PlanOptions.Default).Steps.Any(step => step.Node.Op is BatchNormalizationOp));
    }

    private static void AssertComputed(Network network)
    {
        float[] inputs = DistinctNumbers.Create(Batch * network.InputShape.ElementCount, seed: 1);
        using Weights weights = TestWeights.Create(network);
        NetworkOracle oracle = new(network, weights, inputs, Batch, isTraining: false);
        Closeness.AssertClose(
            oracle.Forward(), EngineRun.Predict(network, weights, inputs, Batch, threads: 2), 2e-5, "outputs");
    }
}
