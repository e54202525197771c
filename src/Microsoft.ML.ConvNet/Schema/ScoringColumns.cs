namespace Microsoft.ML.ConvNet.Schema;

/// <summary>The names of the columns that scoring reads and writes.</summary>
/// <param name="Feature">The column of the images.</param>
/// <param name="Score">The column of the scores.</param>
/// <param name="PredictedLabel">The column of what is predicted; null where that is the scores.</param>
internal sealed record ScoringColumns(string Feature, string Score, string? PredictedLabel)
{
    /// <summary>The column of the probability; null where there is none, or the scores are such.</summary>
    public string? Probability { get; init; }

    /// <summary>The names that a task has columns for, of those that a user may give.</summary>
    /// <param name="task">The task.</param>
    /// <param name="feature">The column of the images.</param>
    /// <param name="score">That of the scores.</param>
    /// <param name="predictedLabel">That of what is predicted.</param>
    /// <param name="probability">That of the probability.</param>
    public static ScoringColumns Of(ConvNetTask task, string feature, string score, string predictedLabel, string probability) =>
        new(feature, score, task == ConvNetTask.Regression ? null : predictedLabel)
        {
            Probability = task == ConvNetTask.Binary ? probability : null,
        };

    /// <summary>Throws where a name is empty, or two that are written are the same.</summary>
    public void Check()
    {
        ArgumentException.ThrowIfNullOrEmpty(Feature);
        ArgumentException.ThrowIfNullOrEmpty(Score);
        foreach (string name in new[] { PredictedLabel, Probability }.OfType<string>())
        {
            ArgumentException.ThrowIfNullOrEmpty(name, nameof(PredictedLabel));
        }

        string[] written = [.. new[] { Score, PredictedLabel, Probability }.OfType<string>()];
        if (written.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1)?.Key is { } twice)
        {
            throw new ArgumentException($"The scores and the predicted label go to columns of two names. Received: \"{twice}\" for both.");
        }
    }
}
