using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Ops;
using Microsoft.ML.ConvNet.Planning;
using Microsoft.ML.ConvNet.Planning.Passes;

namespace Microsoft.ML.ConvNet.Core.Tests.Planning.Passes;

/// <summary>Passes that drop ops: what does nothing, what nothing reads, and copies of constants.</summary>
[TestClass]
public class CleaningPassTests
{
    [TestMethod]
    public void What_dropout_reads_stands_for_what_it_gives()
    {
        PlanGraph graph = SmallGraph.After(
            Network.Input(2, 3, 4).Dropout(0.5f).Dropout(0.5f).Tanh(name: "tanh").Dropout(0.5f), new DropIdentities());
        PlanNode tanh = graph.Nodes.Single();
        Assert.AreEqual("tanh", tanh.Name);
        Assert.AreEqual(OpValueKind.Input, tanh.Inputs[0].Kind);
        Assert.AreEqual(tanh.Output, graph.Kept.Single());
    }

    [TestMethod]
    public void The_input_stands_for_the_result_of_a_network_that_does_nothing()
    {
        PlanGraph graph = SmallGraph.After(Network.Input(2, 3, 4).Dropout(0.5f), new DropIdentities());
        Assert.IsFalse(graph.Nodes.Any());
        Assert.AreEqual(OpValueKind.Input, graph.Kept.Single().Kind);
    }

    [TestMethod]
    public void An_addition_reads_a_constant_from_its_parameter()
    {
        SymbolicTensor x = Network.Input(2, 3, 4).Tanh();
        Network network = x.Add(x.Constant([2, 3, 4], name: "offset"));
        PlanGraph graph = SmallGraph.After(network, new ReadConstants());
        PlanNode sum = graph.Nodes.Last();
        Assert.AreEqual(OpValueKind.Parameter, sum.Inputs[1].Kind);
        Assert.AreEqual(0, sum.Inputs[1].ParameterIndex);
        StringAssert.Contains(sum.Op.Describe(), "with a constant");

        // The copies that it read before are there until what is unused is dropped.
        Assert.AreEqual(0, graph.ReadCountOf(SmallGraph.Node(graph, "offset").Output));
        new DropUnused().Run(graph);
        GraphCheck.Require(graph, "drop unused");
        CollectionAssert.DoesNotContain(graph.Nodes.Select(node => node.Name).ToArray(), "offset");
    }

    [TestMethod]
    public void A_concatenation_reads_copies_of_a_constant()
    {
        SymbolicTensor x = Network.Input(2, 3, 4).Tanh();
        Network network = x.Concat(x.Constant([2, 3, 4]));
        PlanGraph graph = SmallGraph.After(network, new ReadConstants());
        Assert.IsTrue(graph.Nodes.Last().Inputs.All(input => input.Kind == OpValueKind.Activation));
    }

    [TestMethod]
    public void What_only_dropped_ops_read_is_dropped_as_well()
    {
        Network network = Network.Input(2, 3, 4).Tanh(name: "first").Sigmoid(name: "second").Exp(name: "third");
        LoweredNetwork lowered = NetworkLowering.Lower(network);
        PlanGraph graph = new(lowered.Graph, [lowered.Outputs[0]]);
        Planner.Run([new DropUnused()], graph);
        Assert.AreEqual("first", graph.Nodes.Single().Name);
        Assert.AreEqual(0, graph.ReadCountOf(graph.Kept[0]));
    }
}
