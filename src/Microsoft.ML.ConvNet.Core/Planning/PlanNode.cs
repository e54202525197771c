using Microsoft.ML.ConvNet.Ops;

namespace Microsoft.ML.ConvNet.Planning;

/// <summary>A place in the order of a <see cref="PlanGraph"/>, and the op that stands there; the graph replaces the op and removes the place.</summary>
internal sealed class PlanNode
{
    internal PlanNode(OpNode content, int place)
    {
        Content = content;
        Place = place;
    }

    /// <summary>The op, what it reads and what it writes.</summary>
    public OpNode Content { get; internal set; }

    /// <summary>The number of its place: an op reads what ops of smaller numbers write.</summary>
    public int Place { get; }

    /// <summary>Whether the graph has it no longer.</summary>
    public bool IsRemoved { get; internal set; }

    /// <summary>What is computed.</summary>
    public Op Op => Content.Op;

    /// <summary>What it reads: operands, then parameters.</summary>
    public IReadOnlyList<OpValue> Inputs => Content.Inputs;

    /// <summary>What it writes.</summary>
    public OpValue Output => Content.Output;

    /// <summary>The layers that it belongs to.</summary>
    public string Name => Content.Name;

    /// <summary>Where each read stands among those of its value.</summary>
    internal int[] ReadEntries { get; set; } = [];

    /// <summary>Where it stands among the writers of its value.</summary>
    internal int WriterEntry { get; set; } = -1;

    /// <inheritdoc/>
    public override string ToString() => Name;
}
