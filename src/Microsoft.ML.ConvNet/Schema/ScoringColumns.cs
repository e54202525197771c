namespace Microsoft.ML.ConvNet.Schema;

/// <summary>The names of the columns that scoring reads and writes.</summary>
/// <param name="Feature">The column of the images.</param>
/// <param name="Score">The column of the probabilities.</param>
/// <param name="PredictedLabel">The column of the predicted class.</param>
internal sealed record ScoringColumns(string Feature, string Score, string PredictedLabel)
{
    /// <summary>Throws where a name is empty, or the two that are written are the same.</summary>
    public void Check()
    {
        ArgumentException.ThrowIfNullOrEmpty(Feature);
        ArgumentException.ThrowIfNullOrEmpty(Score);
        ArgumentException.ThrowIfNullOrEmpty(PredictedLabel);
        if (Score == PredictedLabel)
        {
            throw new ArgumentException($"The scores and the predicted label go to columns of two names. Received: \"{Score}\" for both.");
        }
    }
}
