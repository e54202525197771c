using Microsoft.ML.ConvNet.Ops;

namespace Microsoft.ML.ConvNet.Planning;

/// <summary>Whose memory a buffer of a plan is in.</summary>
internal enum PlanBufferKind
{
    /// <summary>In the arena of a run, shared with buffers that live at other times.</summary>
    Arena,

    /// <summary>A parameter, in the weights' block.</summary>
    Parameter,

    /// <summary>A parameter's gradient, in a block laid out as the weights'.</summary>
    Gradient,

    /// <summary>Numbers computed from the weights once: folded or packed ones.</summary>
    Constant,
}

/// <summary>What an op keeps in a buffer of its own.</summary>
internal enum OpMemory
{
    /// <summary>Parameters in the form that the forward kernel reads.</summary>
    Prepared,

    /// <summary>Parameters in the form that the backward kernel reads.</summary>
    PreparedBackward,

    /// <summary>What the forward kernel leaves for the backward one.</summary>
    Saved,

    /// <summary>Memory for the duration of one forward call.</summary>
    Workspace,

    /// <summary>Memory for the duration of one forward call in training.</summary>
    TrainingWorkspace,

    /// <summary>Memory for the duration of one backward call.</summary>
    BackwardWorkspace,
}

/// <summary>A stretch of memory that a plan's steps read and write: a value, its gradient, or what an op keeps for itself.</summary>
internal sealed class PlanBuffer
{
    // One of the two.
    private readonly OpValue? _value;
    private readonly OpNode? _node;
    private readonly OpMemory _memory;

    /// <summary>The buffer of a value, or of its gradient.</summary>
    /// <param name="kind">Whose memory it is in; only that of an arena has room for every sample of a batch.</param>
    /// <param name="value">The value.</param>
    public PlanBuffer(PlanBufferKind kind, OpValue value)
    {
        Kind = kind;
        _value = value;
    }

    /// <summary>A buffer that an op has for itself.</summary>
    /// <param name="kind">Whose memory it is in.</param>
    /// <param name="node">The op at its place.</param>
    /// <param name="memory">What it keeps there.</param>
    public PlanBuffer(PlanBufferKind kind, OpNode node, OpMemory memory)
    {
        Kind = kind;
        _node = node;
        _memory = memory;
    }

    /// <summary>Whose memory it is in.</summary>
    public PlanBufferKind Kind { get; }

    /// <summary>The parameter, for parameters and gradients.</summary>
    public int Parameter => Kind is PlanBufferKind.Parameter or PlanBufferKind.Gradient ? _value!.ParameterIndex : -1;

    /// <summary>The first step that touches it.</summary>
    public int FirstStep { get; private set; } = int.MaxValue;

    /// <summary>The last step that touches it.</summary>
    public int LastStep { get; private set; } = -1;

    /// <summary>Its floats, for a batch.</summary>
    public nint Length(int batch)
    {
        if (_node == null)
        {
            return (Kind == PlanBufferKind.Arena ? (nint)batch : 1) * _value!.Shape.ElementCount;
        }

        return _memory switch
        {
            OpMemory.Prepared => _node.Op.PreparedLength,
            OpMemory.PreparedBackward => _node.Op.PreparedBackwardLength,
            OpMemory.Saved => _node.Op.SavedLength(batch),
            OpMemory.Workspace => _node.Op.WorkspaceLength(batch, training: false),
            OpMemory.TrainingWorkspace => _node.Op.WorkspaceLength(batch, training: true),
            _ => _node.Op.BackwardWorkspaceLength(batch),
        };
    }

    /// <summary>Widens its life to a step.</summary>
    public void Touch(int step)
    {
        FirstStep = Math.Min(FirstStep, step);
        LastStep = Math.Max(LastStep, step);
    }

    /// <inheritdoc/>
    public override string ToString() => _node == null ? $"{Kind} of {_value!.Name}" : $"{_memory} of {_node.Name}";
}
