using Microsoft.ML.ConvNet.Core.Tests.Planning.Passes;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Ops;
using Microsoft.ML.ConvNet.Planning;

namespace Microsoft.ML.ConvNet.Core.Tests.Planning;

/// <summary>Passes that break a graph are named, with what is broken.</summary>
[TestClass]
public class GraphCheckTests
{
    private static Network Plain => Network.Input(6, 6, 2).Tanh(name: "x").Conv(4, 3, name: "conv").Sigmoid(name: "y");

    [TestMethod]
    public void A_value_that_nothing_writes_any_more_is_found() =>
        AssertBroken(Plain, graph => graph.Remove(SmallGraph.Node(graph, "x")), "convolution \"conv\" reads value", "not written by then");

    [TestMethod]
    public void A_value_that_is_read_before_it_is_written_is_found() =>
        AssertBroken(
            Network.Input(6, 6, 2).Tanh(name: "x").Exp().Sigmoid(name: "y"),
            graph => Rewrite(graph, "x", node => node with { Inputs = [SmallGraph.Node(graph, "y").Output] }),
            "activation \"x\" reads value",
            "not written by then");

    [TestMethod]
    public void A_result_that_nothing_writes_is_found() =>
        AssertBroken(Plain, graph => graph.Remove(SmallGraph.Node(graph, "y")), "of \"y\"", "asked for, and nothing writes it");

    [TestMethod]
    public void Folded_weights_without_a_folding_are_found() =>
        AssertBroken(
            Plain,
            graph =>
            {
                PlanNode conv = SmallGraph.Node(graph, "conv");
                OpValue weight = graph.AddFoldedParameter(conv.Inputs[1], conv.Inputs[1].Shape);
                graph.Replace(conv, conv.Content with { Inputs = [conv.Inputs[0], weight, conv.Inputs[2]] });
            },
            "reads value",
            "conv.weight (folded)");

    [TestMethod]
    public void A_list_of_inputs_that_was_changed_behind_the_graphs_back_is_found() =>
        AssertBroken(
            Plain,
            graph =>
            {
                PlanNode y = SmallGraph.Node(graph, "y");
                OpValue[] inputs = [y.Inputs[0]];
                graph.Replace(y, y.Content with { Inputs = inputs });
                inputs[0] = SmallGraph.Node(graph, "x").Output;
            },
            "activation \"y\" reads value",
            "does not know this reader");

    [TestMethod]
    public void A_read_that_is_none_any_more_is_found() =>
        AssertBroken(
            Plain,
            graph =>
            {
                PlanNode conv = SmallGraph.Node(graph, "conv");
                List<OpValue> inputs = [.. conv.Inputs];
                graph.Replace(conv, conv.Content with { Op = (ConvolutionOp)conv.Op with { HasBias = false }, Inputs = inputs });
                inputs.RemoveAt(2);
            },
            "knows 3 writers and 5 reads, of 3 and 4");

    [TestMethod]
    public void A_value_that_two_ops_write_whole_is_found() =>
        AssertBroken(
            Network.Input(6, 6, 2).Tanh(name: "x").Sigmoid(name: "y"),
            graph => Rewrite(graph, "y", node => node with { Inputs = [graph.Nodes.First().Inputs[0]], Output = graph.Nodes.First().Output }),
            "activation \"y\" writes value",
            "which another op wrote");

    [TestMethod]
    public void Two_slices_of_the_same_channels_are_found() =>
        AssertBroken(
            Two,
            graph =>
            {
                Slice(graph, "first", 0);
                Slice(graph, "second", 3);
                graph.Remove(SmallGraph.Node(graph, "all"));
            },
            "convolution \"second\" writes channels",
            "that another op wrote");

    [TestMethod]
    public void A_slice_that_ends_behind_the_last_channel_is_found() =>
        AssertBroken(
            Two,
            graph =>
            {
                Slice(graph, "first", 5);
                Slice(graph, "second", 0);
                graph.Remove(SmallGraph.Node(graph, "all"));
            },
            "convolution \"first\" writes channels",
            "or that there are not");

    [TestMethod]
    public void Channels_that_no_slice_writes_are_found() =>
        AssertBroken(
            Two,
            graph =>
            {
                Slice(graph, "first", 0);
                graph.Remove(SmallGraph.Node(graph, "second"));
                graph.Remove(SmallGraph.Node(graph, "all"));
            },
            "of \"all\"",
            "asked for, and nothing writes it");

    [TestMethod]
    public void An_op_that_writes_a_slice_and_one_that_writes_the_whole_are_found() =>
        AssertBroken(
            Two,
            graph =>
            {
                Slice(graph, "first", 0);
                Rewrite(graph, "all", node => node with
                {
                    Op = new ActivationOp(((ActivationOp)SmallGraph.Node(graph, "x").Op).Function, node.Output.Shape),
                    Inputs = [SmallGraph.Node(graph, "x").Inputs[0]],
                });
            },
            "activation \"all\"");

    [TestMethod]
    public void A_function_over_another_shape_is_found() =>
        AssertBroken(
            Plain,
            graph => Rewrite(graph, "y", node => node with { Op = (ActivationOp)node.Op with { Shape = [3, 4, 4] } }),
            "activation \"y\" reads 48 elements as input 0. There are 4x4x4");

    [TestMethod]
    public void An_output_of_another_shape_is_found() =>
        AssertBroken(
            Network.Input(6, 6, 2).MaxPool(2, name: "pool").Tanh(name: "y"),
            graph =>
            {
                PlanNode pool = SmallGraph.Node(graph, "pool");
                graph.Replace(pool, pool.Content with { Output = SmallGraph.Node(graph, "y").Output with { Shape = [2, 3, 2] } });
            },
            "max pooling \"pool\" writes 18 elements. There is room for 2x3x2");

    [TestMethod]
    public void A_bias_that_is_missing_is_found() =>
        AssertBroken(
            Plain,
            graph => Rewrite(graph, "conv", node => node with { Inputs = [.. node.Inputs.Take(2)] }),
            "convolution \"conv\" has 2 inputs, of which it would read 3");

    [TestMethod]
    public void A_residual_that_the_op_does_not_add_is_found() =>
        AssertBroken(
            Plain,
            graph => Rewrite(graph, "conv", node => node with { Inputs = [.. node.Inputs, node.Inputs[0]] }),
            "convolution \"conv\" has 4 inputs, of which it would read 3");

    [TestMethod]
    public void An_op_that_writes_a_parameter_is_found() =>
        AssertBroken(
            Plain,
            graph => Rewrite(graph, "y", node => node with
            {
                Output = SmallGraph.Node(graph, "conv").Inputs[1] with { Shape = node.Output.Shape },
            }),
            "activation \"y\" writes value",
            "which is no activation");

    [TestMethod]
    public void A_lowered_network_is_checked_before_the_first_pass()
    {
        PlanGraph graph = SmallGraph.Of(Plain);
        graph.Remove(SmallGraph.Node(graph, "x"));
        InvalidOperationException broken = Assert.ThrowsExactly<InvalidOperationException>(() => Planner.Run([], graph));
        StringAssert.Contains(broken.Message, "after \"lowering\"");
    }

    private static Network Two
    {
        get
        {
            SymbolicTensor x = Network.Input(6, 6, 2).Tanh(name: "x");
            return SmallGraph.Join("all", x.Conv(4, 3, name: "first"), x.Conv(4, 3, name: "second"));
        }
    }

    private static void Slice(PlanGraph graph, string name, int first) =>
        Rewrite(graph, name, node => node with { Op = (ConvolutionOp)node.Op with { Slice = new ChannelSlice(first, 8) }, Output = graph.Kept[0] });

    private static void Rewrite(PlanGraph graph, string name, Func<OpNode, OpNode> rewrite)
    {
        PlanNode node = SmallGraph.Node(graph, name);
        graph.Replace(node, rewrite(node.Content));
    }

    private static void AssertBroken(Network network, Action<PlanGraph> breakIt, params string[] parts)
    {
        InvalidOperationException broken = Assert.ThrowsExactly<InvalidOperationException>(
            () => Planner.Run([new BreakingPass(breakIt)], SmallGraph.Of(network)));
        foreach (string part in parts.Prepend("after \"break\" the graph is broken"))
        {
            StringAssert.Contains(broken.Message, part);
        }
    }

    private sealed class BreakingPass(Action<PlanGraph> breakIt) : IGraphPass
    {
        public string Name => "break";

        public void Run(PlanGraph graph) => breakIt(graph);
    }
}
