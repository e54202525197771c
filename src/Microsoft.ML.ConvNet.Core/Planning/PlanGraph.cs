using Microsoft.ML.ConvNet.Ops;
using Microsoft.ML.ConvNet.Tensors;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Planning;

/// <summary>
/// What a plan computes, as the passes see and rewrite it: nodes in an order in which they can run, and of each value who writes and who
/// reads it. To find, replace or remove a node takes the same time in a graph of any size.
/// </summary>
internal sealed class PlanGraph
{
    private readonly PlanNode[] _nodes;
    private readonly List<ValueUses> _uses = [];
    private readonly OpValue[] _kept;

    /// <summary>Takes over the ops of a lowered network.</summary>
    /// <param name="graph">The ops.</param>
    /// <param name="kept">The values that are asked for; what only others need may go.</param>
    public PlanGraph(OpGraph graph, IEnumerable<OpValue> kept)
    {
        for (int i = 0; i < graph.Values.Count; i++)
        {
            _uses.Add(new ValueUses());
        }

        _kept = [.. kept];
        foreach (OpValue value in _kept)
        {
            _uses[value.Index].IsKept = true;
        }

        _nodes = new PlanNode[graph.Nodes.Count];
        for (int place = 0; place < _nodes.Length; place++)
        {
            PlanNode node = new(graph.Nodes[place], place);
            _nodes[place] = node;
            EnterReads(node, from: 0);
            UsesOf(node.Output).AddWriter(node);
        }
    }

    /// <summary>The nodes, in order. Nodes may be replaced and removed meanwhile.</summary>
    public IEnumerable<PlanNode> Nodes
    {
        get
        {
            foreach (PlanNode node in _nodes)
            {
                Work++;
                if (!node.IsRemoved)
                {
                    yield return node;
                }
            }
        }
    }

    /// <summary>The nodes, the last one first. Nodes may be replaced and removed meanwhile.</summary>
    public IEnumerable<PlanNode> NodesFromLast
    {
        get
        {
            for (int place = _nodes.Length - 1; place >= 0; place--)
            {
                Work++;
                if (!_nodes[place].IsRemoved)
                {
                    yield return _nodes[place];
                }
            }
        }
    }

    /// <summary>The values that are asked for, in the order in which they were given: each as what stands for it by now.</summary>
    public IReadOnlyList<OpValue> Kept => _kept;

    /// <summary>The foldings that give the folded parameters their numbers.</summary>
    public List<BatchNormFolding> Foldings { get; } = [];

    /// <summary>The number of values; each has an index below it.</summary>
    public int ValueCount => _uses.Count;

    /// <summary>
    /// How many nodes and reads were visited, looked up and changed so far: what the passes cost, as a number that does not depend on a clock.
    /// </summary>
    public long Work { get; private set; }

    /// <summary>Whether a value is asked for.</summary>
    public bool IsKept(OpValue value) => UsesOf(value).IsKept;

    /// <summary>How often a value is read: twice by an op that adds it to itself.</summary>
    public int ReadCountOf(OpValue value) => UsesOf(value).Reads.Count;

    /// <summary>The nodes that read a value and as which input, in no particular order. Nodes may be replaced and removed meanwhile.</summary>
    public IReadOnlyList<(PlanNode Node, int Input)> ReadsOf(OpValue value)
    {
        IReadOnlyList<(PlanNode Node, int Input)> reads = UsesOf(value).Reads;
        Work += reads.Count;
        return [.. reads];
    }

    /// <summary>The node that alone writes a value; null where none or several do.</summary>
    public PlanNode? ProducerOf(OpValue value)
    {
        Work++;
        return UsesOf(value).Writers is [PlanNode only] ? only : null;
    }

    /// <summary>
    /// The node that alone writes a value of which only one input of one node has need: that node may do the producer's work, or the
    /// producer that node's. Null where there is none.
    /// </summary>
    public PlanNode? ProducerToFuse(OpValue value) =>
        value.Kind == OpValueKind.Activation && !IsKept(value) && ReadCountOf(value) == 1 ? ProducerOf(value) : null;

    /// <summary>The node that alone reads a value, as its first input; null where there is none, or the value is asked for.</summary>
    public PlanNode? OnlyReaderOf(OpValue value)
    {
        Work++;
        return !IsKept(value) && UsesOf(value).Reads is [(PlanNode reader, 0)] ? reader : null;
    }

    /// <summary>Lets a node do, read or write something else, at its place.</summary>
    public void Replace(PlanNode node, OpNode content)
    {
        OpNode old = node.Content;
        int same = 0;
        if (!ReferenceEquals(old.Inputs, content.Inputs))
        {
            int most = Math.Min(old.Inputs.Count, content.Inputs.Count);
            while (same < most && old.Inputs[same].Index == content.Inputs[same].Index)
            {
                same++;
            }

            LeaveReads(node, same);
        }
        else
        {
            same = content.Inputs.Count;
        }

        if (old.Output.Index != content.Output.Index)
        {
            UsesOf(old.Output).RemoveWriter(node);
            UsesOf(content.Output).AddWriter(node);
        }

        node.Content = content;
        EnterReads(node, same);
        Work++;
    }

    /// <summary>Takes a node out.</summary>
    public void Remove(PlanNode node)
    {
        LeaveReads(node, from: 0);
        UsesOf(node.Output).RemoveWriter(node);
        node.IsRemoved = true;
        Work++;
    }

    /// <summary>Lets another value stand for one that is asked for.</summary>
    public void KeepInstead(OpValue value, OpValue replacement)
    {
        if (!IsKept(value))
        {
            return;
        }

        UsesOf(value).IsKept = false;
        UsesOf(replacement).IsKept = true;
        for (int i = 0; i < _kept.Length; i++)
        {
            Work++;
            if (_kept[i].Index == value.Index)
            {
                _kept[i] = replacement;
            }
        }
    }

    /// <summary>Adds a parameter whose numbers are computed from a network's.</summary>
    /// <param name="origin">The parameter that it is computed from.</param>
    /// <param name="shape">Its shape.</param>
    public OpValue AddFoldedParameter(OpValue origin, Shape shape)
    {
        OpValue value = new(_uses.Count, OpValueKind.Parameter, shape, origin.Name + " (folded)");
        _uses.Add(new ValueUses());
        return value;
    }

    /// <summary>Who writes and who reads a value.</summary>
    internal ValueUses UsesOf(OpValue value) =>
        value.Index < _uses.Count
            ? _uses[value.Index]
            : throw new ArgumentException(Invariant($"The graph has {_uses.Count} values. Received: value {value.Index}, \"{value.Name}\"."), nameof(value));

    /// <summary>Who writes and who reads the value of an index.</summary>
    internal ValueUses UsesOf(int index) => _uses[index];

    private void EnterReads(PlanNode node, int from)
    {
        int count = node.Inputs.Count;
        if (node.ReadEntries.Length != count)
        {
            int[] entries = new int[count];
            Array.Copy(node.ReadEntries, entries, Math.Min(from, node.ReadEntries.Length));
            node.ReadEntries = entries;
        }

        for (int input = from; input < count; input++)
        {
            UsesOf(node.Inputs[input]).AddRead(node, input);
        }

        Work += count - from;
    }

    private void LeaveReads(PlanNode node, int from)
    {
        for (int input = from; input < node.Inputs.Count; input++)
        {
            UsesOf(node.Inputs[input]).RemoveRead(node, input);
        }

        Work += node.Inputs.Count - from;
    }
}
