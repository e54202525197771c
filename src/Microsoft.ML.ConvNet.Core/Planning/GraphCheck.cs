using Microsoft.ML.ConvNet.Ops;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Planning;

/// <summary>
/// Checks what a pass leaves: every value is written before it is read, by one node or by several that each write channels of their own;
/// what is asked for is there; ops see as many elements as there are; the graph knows each reader and writer. It visits every node and every
/// read once, so that it is always on: a pass that breaks a graph is named at once, and no plan computes something else.
/// </summary>
internal sealed class GraphCheck
{
    private readonly PlanGraph _graph;
    private readonly string _pass;
    private readonly bool[] _isWritten;
    private readonly Dictionary<int, WrittenChannels> _writtenInParts = [];

    private GraphCheck(PlanGraph graph, string pass)
    {
        _graph = graph;
        _pass = pass;
        _isWritten = new bool[graph.ValueCount];
        foreach (BatchNormFolding folding in graph.Foldings)
        {
            _isWritten[folding.FoldedWeight.Index] = true;
            _isWritten[folding.FoldedBias.Index] = true;
        }
    }

    /// <summary>Checks a graph.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="pass">What left it so.</param>
    /// <exception cref="InvalidOperationException">The graph is broken: a mistake of the pass, not of the network.</exception>
    public static void Require(PlanGraph graph, string pass)
    {
        GraphCheck check = new(graph, pass);
        int reads = 0;
        int nodes = 0;
        foreach (PlanNode node in graph.Nodes)
        {
            check.RequireIndexed(node);
            check.RequireInputs(node);
            check.RequireSizes(node);
            check.Write(node);
            reads += node.Inputs.Count;
            nodes++;
        }

        check.RequireNoOthers(nodes, reads);
        check.RequireKept();
    }

    private void RequireIndexed(PlanNode node)
    {
        for (int input = 0; input < node.Inputs.Count; input++)
        {
            if (input >= node.ReadEntries.Length || !_graph.UsesOf(node.Inputs[input]).HasRead(node, input))
            {
                throw Broken(node, $"reads {Describe(node.Inputs[input])}, which does not know this reader");
            }
        }

        if (!_graph.UsesOf(node.Output).HasWriter(node))
        {
            throw Broken(node, $"writes {Describe(node.Output)}, which does not know this writer");
        }
    }

    private void RequireInputs(PlanNode node)
    {
        for (int input = 0; input < node.Inputs.Count; input++)
        {
            OpValue value = node.Inputs[input];
            bool isThere = value.Kind switch
            {
                OpValueKind.Input => true,
                OpValueKind.Parameter => value.ParameterIndex >= 0 || IsWritten(value),
                _ => IsWritten(value) || IsSliceWritten(node, input),
            };
            if (!isThere)
            {
                throw Broken(node, $"reads {Describe(value)}, which is not written by then");
            }
        }
    }

    private void RequireSizes(PlanNode node)
    {
        if (NodeSizes.MistakeOf(node.Content) is { } mistake)
        {
            throw Broken(node, mistake);
        }
    }

    private void Write(PlanNode node)
    {
        OpValue value = node.Output;
        if (value.Kind != OpValueKind.Activation)
        {
            throw Broken(node, $"writes {Describe(value)}, which is no activation");
        }

        int total = WrittenChannels.TotalOf(node.Op);
        bool isFirst = !_isWritten[value.Index] && !_writtenInParts.ContainsKey(value.Index);
        if (total == 0)
        {
            _isWritten[value.Index] = isFirst ? true : throw Broken(node, $"writes {Describe(value)}, which another op wrote");
            return;
        }

        if (isFirst)
        {
            _writtenInParts.Add(value.Index, new WrittenChannels(total));
        }

        if (!_writtenInParts.TryGetValue(value.Index, out WrittenChannels? written) || !written.Add(node.Op))
        {
            throw Broken(node, $"writes channels of {Describe(value)} that another op wrote, or that there are not");
        }
    }

    private bool IsWritten(OpValue value) =>
        _isWritten[value.Index] || (_writtenInParts.TryGetValue(value.Index, out WrittenChannels? written) && written.IsWhole);

    private bool IsSliceWritten(PlanNode node, int input) =>
        input == 0
        && node.Op is BatchNormalizationOp { Slice: { } slice } normalization
        && _writtenInParts.TryGetValue(node.Inputs[0].Index, out WrittenChannels? written)
        && written.Contains(slice.First, normalization.Shape.Channels);

    // The graph knows all nodes that there are; it may still know some that there are no longer.
    private void RequireNoOthers(int nodes, int reads)
    {
        int knownReads = 0;
        int knownWriters = 0;
        for (int index = 0; index < _graph.ValueCount; index++)
        {
            ValueUses uses = _graph.UsesOf(index);
            knownReads += uses.Reads.Count;
            knownWriters += uses.Writers.Count;
        }

        if (knownReads != reads || knownWriters != nodes)
        {
            throw Broken(Invariant($"it knows {knownWriters} writers and {knownReads} reads, of {nodes} and {reads}"));
        }
    }

    private void RequireKept()
    {
        foreach (OpValue value in _graph.Kept)
        {
            if (!_graph.IsKept(value) || (value.Kind == OpValueKind.Activation && !IsWritten(value)))
            {
                throw Broken($"{Describe(value)} is asked for, and nothing writes it");
            }
        }
    }

    private static string Describe(OpValue value) => Invariant($"value {value.Index} of \"{value.Name}\", {value.Shape}");

    private InvalidOperationException Broken(PlanNode node, string what) => Broken($"{node.Op.Kind} \"{node.Name}\" {what}");

    private InvalidOperationException Broken(string what) =>
        new($"A mistake in the planner, not in the network: after \"{_pass}\" the graph is broken: {what}.");
}
