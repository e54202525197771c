namespace Microsoft.ML.ConvNet.Tasks;

/// <summary>What a model file says of a task.</summary>
/// <param name="Kind">Which it is.</param>
/// <param name="OutputCount">The numbers that the network gives.</param>
internal sealed record TaskSettings(ConvNetTask Kind, int OutputCount)
{
    /// <summary>The raw type of the keys of classes; null where there are none.</summary>
    public string? LabelKeyType { get; init; }

    /// <summary>The type of the values of the keys; null where they have none.</summary>
    public string? LabelValueType { get; init; }

    /// <summary>Those values, or the names of outputs; null where there are none.</summary>
    public IReadOnlyList<string>? LabelValues { get; init; }

    /// <summary>Whether what is predicted is a vector, though it may have a single number.</summary>
    public bool IsVector { get; init; }

    /// <summary>Whether the most probable class is told by its name.</summary>
    public bool IsText { get; init; }
}
