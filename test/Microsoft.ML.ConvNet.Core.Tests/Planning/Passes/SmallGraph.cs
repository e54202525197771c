using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Ops;
using Microsoft.ML.ConvNet.Planning;

namespace Microsoft.ML.ConvNet.Core.Tests.Planning.Passes;

/// <summary>Graphs of small networks, and what passes make of them.</summary>
internal static class SmallGraph
{
    /// <summary>A concatenation of channels under a name.</summary>
    public static SymbolicTensor Join(string name, SymbolicTensor first, params SymbolicTensor[] others) =>
        first.Apply(new Concat(), others, name);

    /// <summary>The graph of a network of which the result is kept.</summary>
    public static PlanGraph Of(Network network)
    {
        LoweredNetwork lowered = NetworkLowering.Lower(network);
        return new PlanGraph(lowered.Graph, [lowered.Outputs[^1]]);
    }

    /// <summary>The graph after passes, checked after each.</summary>
    public static PlanGraph After(Network network, params IGraphPass[] passes)
    {
        PlanGraph graph = Of(network);
        Planner.Run(passes, graph);
        return graph;
    }

    /// <summary>What each node computes, in order, with what is fused into it.</summary>
    public static string[] Describe(PlanGraph graph) =>
    [
        .. graph.Nodes.Select(node => node.Op.Describe().StartsWith(node.Op.Kind, StringComparison.Ordinal)
            ? node.Op.Describe()
            : $"{node.Op.Kind} {node.Op.Describe()}"),
    ];

    /// <summary>The only op of a kind.</summary>
    public static TOp Single<TOp>(PlanGraph graph)
        where TOp : Op => graph.Nodes.Select(node => node.Op).OfType<TOp>().Single();

    /// <summary>The node of a layer.</summary>
    public static PlanNode Node(PlanGraph graph, string name) => graph.Nodes.Single(node => node.Name == name);
}
