namespace Microsoft.ML.ConvNet.Ops;

/// <summary>Which of a plan's buffers an op works on. A buffer that it has no need of is -1.</summary>
internal sealed class OpBinding
{
    /// <summary>The buffer of each input.</summary>
    public required int[] Inputs { get; init; }

    /// <summary>The buffer of the output.</summary>
    public required int Output { get; init; }

    /// <summary>The buffers that receive the gradient of each input; -1 where none is asked for.</summary>
    public required int[] InputGradients { get; init; }

    /// <summary>Whether the gradient of each input is added to what its buffer holds, since another op wrote there before.</summary>
    public required bool[] Accumulate { get; init; }

    /// <summary>The buffer that holds the gradient of the output; -1 where there is none.</summary>
    public required int OutputGradient { get; init; }

    /// <summary>Parameters in the form that the forward kernel reads.</summary>
    public required int Prepared { get; init; }

    /// <summary>Parameters in the form that the backward kernel reads.</summary>
    public required int PreparedBackward { get; init; }

    /// <summary>What the forward kernel leaves for the backward one.</summary>
    public required int Saved { get; init; }

    /// <summary>Memory for the duration of one forward call.</summary>
    public required int Workspace { get; init; }

    /// <summary>Memory for the duration of one backward call.</summary>
    public required int BackwardWorkspace { get; init; }
}
