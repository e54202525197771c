namespace Microsoft.ML.ConvNet.Cli.Reports;

/// <summary>How well a model does, and how it was trained where this run trained it.</summary>
/// <param name="Accuracy">The share of images predicted right.</param>
/// <param name="LogLoss">The mean of -ln p, where p is the probability given to the true class.</param>
/// <param name="ImagesPerSecond">
/// After a training, how many images were learnt from a second; after an evaluation, how many were read and scored a second.
/// </param>
/// <param name="Epochs">The epochs of the training; empty after an evaluation.</param>
/// <param name="Confusion">Counts of images: a row a true class, a column a predicted class, in the order of the classes.</param>
/// <param name="Classes">The names of the classes.</param>
/// <param name="EvaluatedOn">The images that the accuracy is of: "validation", "training" or "test".</param>
/// <param name="Images">How many they are.</param>
/// <param name="Interrupted">Whether the training was stopped before its end.</param>
internal sealed record EvaluationReport(
    double Accuracy,
    double LogLoss,
    double ImagesPerSecond,
    IReadOnlyList<EpochReport> Epochs,
    IReadOnlyList<IReadOnlyList<long>> Confusion,
    IReadOnlyList<string> Classes,
    string EvaluatedOn,
    int Images,
    bool Interrupted)
{
    /// <summary>The image files that cannot be read and were left out of the training.</summary>
    public IReadOnlyList<string> Unreadable { get; init; } = [];
}
