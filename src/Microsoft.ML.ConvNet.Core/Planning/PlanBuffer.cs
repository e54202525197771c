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

/// <summary>A stretch of memory that a plan's steps read and write.</summary>
/// <param name="Name">What it holds.</param>
/// <param name="Kind">Whose memory it is in.</param>
/// <param name="Length">Its floats, for a batch.</param>
internal sealed record PlanBuffer(string Name, PlanBufferKind Kind, Func<int, nint> Length)
{
    /// <summary>The parameter, for parameters and gradients.</summary>
    public int Parameter { get; init; } = -1;

    /// <summary>The first step that touches it.</summary>
    public int FirstStep { get; set; } = int.MaxValue;

    /// <summary>The last step that touches it.</summary>
    public int LastStep { get; set; } = -1;

    /// <summary>Widens its life to a step.</summary>
    public void Touch(int step)
    {
        FirstStep = Math.Min(FirstStep, step);
        LastStep = Math.Max(LastStep, step);
    }
}
