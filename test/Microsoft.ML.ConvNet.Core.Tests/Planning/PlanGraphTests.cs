using Microsoft.ML.ConvNet.Core.Tests.Networks;
using Microsoft.ML.ConvNet.Core.Tests.Planning.Passes;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Planning;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Core.Tests.Planning;

/// <summary>The graph that passes rewrite: it knows who writes and who reads what.</summary>
[TestClass]
public class PlanGraphTests
{
    [TestMethod]
    public void A_value_knows_its_producer_and_each_of_its_reads()
    {
        SymbolicTensor x = Network.Input(2, 3, 4).Tanh(name: "x");
        PlanGraph graph = SmallGraph.Of(x.Add(x).Multiply(x));
        PlanNode node = SmallGraph.Node(graph, "x");
        Assert.AreSame(node, graph.ProducerOf(node.Output));
        Assert.AreEqual(3, graph.ReadCountOf(node.Output));
        CollectionAssert.AreEquivalent(
            new[] { (1, 0), (1, 1), (2, 1) }, graph.ReadsOf(node.Output).Select(read => (read.Node.Place, read.Input)).ToArray());
        Assert.IsNull(graph.OnlyReaderOf(node.Output));
        Assert.IsNull(graph.ProducerToFuse(node.Output));
        Assert.IsNull(graph.ProducerOf(node.Inputs[0]), "nothing writes the input");
    }

    [TestMethod]
    public void What_one_op_alone_reads_may_be_fused_unless_it_is_asked_for()
    {
        PlanGraph graph = SmallGraph.Of(Network.Input(2, 3, 4).Tanh(name: "x").Sigmoid(name: "y"));
        PlanNode x = SmallGraph.Node(graph, "x");
        PlanNode y = SmallGraph.Node(graph, "y");
        Assert.AreSame(y, graph.OnlyReaderOf(x.Output));
        Assert.AreSame(x, graph.ProducerToFuse(x.Output));
        graph.KeepInstead(y.Output, x.Output);
        Assert.AreEqual(x.Output, graph.Kept.Single());
        Assert.IsNull(graph.OnlyReaderOf(x.Output));
        Assert.IsNull(graph.ProducerToFuse(x.Output));
    }

    [TestMethod]
    public void Nodes_that_are_removed_or_replaced_while_the_graph_is_walked_are_seen_as_they_are_by_then()
    {
        PlanGraph graph = SmallGraph.Of(Network.Input(2, 3, 4).Tanh(name: "a").Tanh(name: "b").Tanh(name: "c").Tanh(name: "d"));
        List<string> seen = [];
        foreach (PlanNode node in graph.Nodes)
        {
            seen.Add(node.Name);
            if (node.Name == "a")
            {
                PlanNode next = graph.OnlyReaderOf(node.Output)!;
                PlanNode last = graph.OnlyReaderOf(next.Output)!;
                graph.Replace(last, last.Content with { Inputs = [node.Output], Name = "C" });
                graph.Remove(next);
            }
        }

        CollectionAssert.AreEqual(new[] { "a", "C", "d" }, seen);
        CollectionAssert.AreEqual(new[] { "d", "C", "a" }, graph.NodesFromLast.Select(node => node.Name).ToArray());
        GraphCheck.Require(graph, "test");
    }

    [TestMethod]
    public void After_any_edits_the_graph_knows_what_a_search_through_all_nodes_finds()
    {
        for (ulong seed = 0; seed < 40; seed++)
        {
            PlanGraph graph = SmallGraph.Of(RandomArrayNetwork.Create(seed));
            RandomStream random = new(seed, RandomPurpose.Synthesis);
            foreach (PlanNode node in graph.Nodes)
            {
                switch (random.NextIndex(4))
                {
                    case 0:
                        graph.Remove(node);
                        break;
                    case 1:
                        graph.Replace(node, node.Content with { Inputs = [.. node.Inputs.Reverse(), node.Inputs[0]] });
                        break;
                    case 2:
                        graph.Replace(node, node.Content with { Inputs = [.. node.Inputs.Skip(1)], Output = graph.Kept[0] });
                        break;
                }
            }

            AssertIndexed(graph, $"seed {seed}");
        }
    }

    private static void AssertIndexed(PlanGraph graph, string what)
    {
        for (int index = 0; index < graph.ValueCount; index++)
        {
            PlanNode[] writers = [.. graph.Nodes.Where(node => node.Output.Index == index)];
            (PlanNode, int)[] reads =
                [.. graph.Nodes.SelectMany(node => node.Inputs.Select((value, input) => (node, input, value)))
                    .Where(read => read.value.Index == index).Select(read => (read.node, read.input))];
            CollectionAssert.AreEquivalent(writers, graph.UsesOf(index).Writers.ToArray(), $"{what}, writers of value {index}");
            CollectionAssert.AreEquivalent(reads, graph.UsesOf(index).Reads.ToArray(), $"{what}, reads of value {index}");
        }
    }
}
