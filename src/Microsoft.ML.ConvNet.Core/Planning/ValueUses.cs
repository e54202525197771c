namespace Microsoft.ML.ConvNet.Planning;

/// <summary>
/// Which nodes write and read one value of a <see cref="PlanGraph"/>. Each node knows its entries, so that one is taken out by moving the
/// last one to its place, however many there are.
/// </summary>
internal sealed class ValueUses
{
    // Most values are parameters, which nothing writes.
    private static readonly List<PlanNode> None = [];

    private readonly List<(PlanNode Node, int Input)> _reads = new(capacity: 1);
    private List<PlanNode> _writers = None;

    /// <summary>The nodes that write it, in no particular order: several where each writes some of its channels.</summary>
    public IReadOnlyList<PlanNode> Writers => _writers;

    /// <summary>The reads, in no particular order: a node that reads the value twice is there twice.</summary>
    public IReadOnlyList<(PlanNode Node, int Input)> Reads => _reads;

    /// <summary>Whether it is a result that must be there in the end.</summary>
    public bool IsKept { get; set; }

    /// <summary>Enters the node that writes it.</summary>
    public void AddWriter(PlanNode node)
    {
        if (_writers == None)
        {
            _writers = new List<PlanNode>(capacity: 1);
        }

        node.WriterEntry = _writers.Count;
        _writers.Add(node);
    }

    /// <summary>Takes out a node that wrote it.</summary>
    public void RemoveWriter(PlanNode node)
    {
        PlanNode last = _writers[^1];
        _writers[node.WriterEntry] = last;
        last.WriterEntry = node.WriterEntry;
        _writers.RemoveAt(_writers.Count - 1);
    }

    /// <summary>Enters a read.</summary>
    public void AddRead(PlanNode node, int input)
    {
        node.ReadEntries[input] = _reads.Count;
        _reads.Add((node, input));
    }

    /// <summary>Takes out a read.</summary>
    public void RemoveRead(PlanNode node, int input)
    {
        (PlanNode Node, int Input) last = _reads[^1];
        _reads[node.ReadEntries[input]] = last;
        last.Node.ReadEntries[last.Input] = node.ReadEntries[input];
        _reads.RemoveAt(_reads.Count - 1);
    }

    /// <summary>Whether a node is entered as one that writes it.</summary>
    public bool HasWriter(PlanNode node) =>
        (uint)node.WriterEntry < (uint)_writers.Count && _writers[node.WriterEntry] == node;

    /// <summary>Whether a read is entered.</summary>
    public bool HasRead(PlanNode node, int input)
    {
        int entry = node.ReadEntries[input];
        return (uint)entry < (uint)_reads.Count && _reads[entry] == (node, input);
    }
}
