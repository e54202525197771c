using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Ops;
using Microsoft.ML.ConvNet.Planning;
using Microsoft.ML.ConvNet.Planning.Passes;

namespace Microsoft.ML.ConvNet.Core.Tests.Planning.Passes;

/// <summary>Passes that save the copies of concatenations.</summary>
[TestClass]
public class ConcatenationPassTests
{
    [TestMethod]
    public void A_concatenation_reads_the_longest_earlier_one_that_it_begins_with()
    {
        SymbolicTensor a = Network.Input(4, 4, 2).Tanh();
        SymbolicTensor b = a.Sigmoid();
        SymbolicTensor c = a.Exp();
        SymbolicTensor two = SmallGraph.Join("two", a, b);
        SymbolicTensor three = SmallGraph.Join("three", a, b, c);
        SymbolicTensor four = SmallGraph.Join("four", a, b, c, a);
        SymbolicTensor other = SmallGraph.Join("other", b, c, a);
        PlanGraph graph = SmallGraph.After(two.Concat(three, four, other), new NestConcatenations());
        CollectionAssert.AreEqual(new[] { 2, 2 }, Channels(graph, "two"));
        CollectionAssert.AreEqual(new[] { 4, 2 }, Channels(graph, "three"));
        CollectionAssert.AreEqual(new[] { 6, 2 }, Channels(graph, "four"));
        CollectionAssert.AreEqual(new[] { 2, 2, 2 }, Channels(graph, "other"));
        Assert.AreEqual(SmallGraph.Node(graph, "two").Output, SmallGraph.Node(graph, "three").Inputs[0]);
        Assert.AreEqual(SmallGraph.Node(graph, "three").Output, SmallGraph.Node(graph, "four").Inputs[0]);
    }

    [TestMethod]
    public void Concatenations_along_other_axes_and_the_same_one_twice_are_not_nested()
    {
        SymbolicTensor x = Network.Input(4, 4, 2).Tanh();
        SymbolicTensor down = x.Concat(0, x);
        SymbolicTensor across = SmallGraph.Join("across", x, x, x);
        SymbolicTensor again = SmallGraph.Join("again", x, x, x);
        PlanGraph graph = SmallGraph.After(
            down.Flatten().Concat(across.Flatten(), again.Flatten()), new NestConcatenations());
        CollectionAssert.AreEqual(new[] { 2, 2, 2 }, Channels(graph, "across"));
        CollectionAssert.AreEqual(new[] { 2, 2, 2 }, Channels(graph, "again"));
    }

    [TestMethod]
    public void A_concatenation_grows_in_the_memory_of_the_next_and_is_normalized_there()
    {
        SymbolicTensor x = Network.Input(4, 4, 2).Tanh();
        SymbolicTensor first = SmallGraph.Join("first", x, x.Sigmoid());
        Network network = SmallGraph.Join("second", first, first.BatchNorm(name: "norm").Exp());
        PlanGraph graph = SmallGraph.After(network, new GrowConcatenations());
        OpValue whole = graph.Kept.Single();
        CollectionAssert.AreEquivalent(
            new[] { whole, whole }, new[] { SmallGraph.Node(graph, "first").Output, SmallGraph.Node(graph, "second").Output });
        Assert.IsNull(graph.ProducerOf(whole));
        Assert.AreEqual(whole, SmallGraph.Node(graph, "norm").Inputs[0]);
        Assert.AreEqual(new ChannelSlice(0, 8), SmallGraph.Single<BatchNormalizationOp>(graph).Slice);
        CollectionAssert.AreEqual(new[] { 4 }, Channels(graph, "second"));
        CollectionAssert.AreEqual(new[] { 4 }, ((ConcatenationOp)SmallGraph.Node(graph, "second").Op).Offsets.ToArray());
    }

    [TestMethod]
    public void A_concatenation_that_is_read_whole_keeps_its_memory()
    {
        SymbolicTensor x = Network.Input(4, 4, 2).Tanh();
        SymbolicTensor first = SmallGraph.Join("first", x, x.Sigmoid());
        PlanGraph graph = SmallGraph.After(first.Concat(first.Exp()), new GrowConcatenations());
        Assert.AreEqual("first", graph.ProducerOf(SmallGraph.Node(graph, "first").Output)!.Name);
    }

    [TestMethod]
    public void Convolutions_write_their_channels_and_what_else_there_is_is_copied()
    {
        SymbolicTensor x = Network.Input(4, 4, 2).Tanh();
        SymbolicTensor first = x.Conv(3, 3, padding: 1, name: "first");
        SymbolicTensor second = x.Conv(5, 3, padding: 1, name: "second");
        PlanGraph graph = SmallGraph.After(SmallGraph.Join("all", first, x, second), new WriteConcatenationsInPlace());
        Assert.AreEqual(new ChannelSlice(0, 10), ((ConvolutionOp)SmallGraph.Node(graph, "first").Op).Slice);
        Assert.AreEqual(new ChannelSlice(5, 10), ((ConvolutionOp)SmallGraph.Node(graph, "second").Op).Slice);
        CollectionAssert.AreEqual(new[] { 2 }, Channels(graph, "all"));
        CollectionAssert.AreEqual(new[] { 3 }, ((ConcatenationOp)SmallGraph.Node(graph, "all").Op).Offsets.ToArray());
    }

    [TestMethod]
    public void A_concatenation_of_convolutions_only_is_no_op_at_all()
    {
        SymbolicTensor x = Network.Input(4, 4, 2);
        PlanGraph graph = SmallGraph.After(
            x.Conv(3, 3, padding: 1).Concat(x.Conv(5, 3, padding: 1)), new WriteConcatenationsInPlace());
        Assert.IsTrue(graph.Nodes.All(node => node.Op is ConvolutionOp && node.Output == graph.Kept[0]));
    }

    [TestMethod]
    public void A_convolution_that_is_read_elsewhere_is_copied()
    {
        SymbolicTensor conv = Network.Input(4, 4, 2).Conv(3, 3, padding: 1);
        PlanGraph graph = SmallGraph.After(conv.Concat(conv.Exp()), new WriteConcatenationsInPlace());
        Assert.IsNull(SmallGraph.Single<ConvolutionOp>(graph).Slice);
    }

    private static int[] Channels(PlanGraph graph, string name) => [.. ((ConcatenationOp)SmallGraph.Node(graph, name).Op).Channels];
}
