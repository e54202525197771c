using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Ops;
using Microsoft.ML.ConvNet.Planning;
using Microsoft.ML.ConvNet.Planning.Passes;

namespace Microsoft.ML.ConvNet.Core.Tests.Planning.Passes;

/// <summary>Passes that choose how convolutions are computed.</summary>
[TestClass]
public class AlgorithmPassTests
{
    [TestMethod]
    public void A_wide_convolution_is_computed_by_winograds_method_where_that_is_allowed()
    {
        Network network = Network.Input(16, 16, 64).Conv(128, 3, padding: 1);
        PlanGraph allowed = SmallGraph.After(network, new ChooseAlgorithms(PlanOptions.Default));
        StringAssert.StartsWith(SmallGraph.Single<ConvolutionOp>(allowed).Algorithm, "Winograd");
        PlanGraph direct = SmallGraph.After(network, new ChooseAlgorithms(new PlanOptions { AllowsWinograd = false }));
        Assert.DoesNotContain("Winograd", SmallGraph.Single<ConvolutionOp>(direct).Algorithm);
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Few_channels_become_one_op_from_the_first_convolution_to_the_last_pooling(bool isTraining)
    {
        Network network = Network.Input(12, 12, 1).Conv(4, 3, name: "first").MaxPool(2).Conv(4, 3).MaxPool(2, name: "last").Flatten().Dense(3);
        PlanGraph graph = SmallGraph.After(network, new FormBatchLanes(PlanOptions.Default, isTraining));
        CollectionAssert.AreEqual(new[] { "batch lanes", "matrix product" }, graph.Nodes.Select(node => node.Op.Kind).ToArray());
        PlanNode lanes = graph.Nodes.First();
        Assert.AreEqual("first..last", lanes.Name);
        CollectionAssert.AreEqual(
            new[] { -1, 0, 1, 2, 3 }, lanes.Inputs.Select(input => input.ParameterIndex).ToArray(), "input, weights, bias, weights, bias");
    }

    [TestMethod]
    public void Batch_lanes_are_left_alone_where_they_are_not_allowed()
    {
        Network network = Network.Input(12, 12, 1).Conv(4, 3).MaxPool(2);
        PlanGraph graph = SmallGraph.After(
            network, new FormBatchLanes(PlanOptions.Default with { AllowsBatchLanes = false }, isTraining: false));
        CollectionAssert.AreEqual(new[] { "convolution", "max pooling" }, graph.Nodes.Select(node => node.Op.Kind).ToArray());
    }

    [TestMethod]
    public void A_chain_ends_where_another_op_reads_its_result()
    {
        SymbolicTensor conv = Network.Input(12, 12, 1).Conv(4, 3, name: "conv");
        PlanGraph graph = SmallGraph.After(
            conv.MaxPool(2).Flatten().Concat(conv.Flatten()), new FormBatchLanes(PlanOptions.Default, isTraining: false));
        Assert.AreEqual("conv", graph.Nodes.First().Name);
        Assert.AreEqual("max pooling", graph.Nodes.Skip(1).First().Op.Kind);
    }
}
