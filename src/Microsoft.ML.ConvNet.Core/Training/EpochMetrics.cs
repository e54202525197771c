namespace Microsoft.ML.ConvNet.Training;

/// <summary>How an epoch went.</summary>
/// <param name="Epoch">The epoch, from 1.</param>
/// <param name="Loss">The mean loss of the training samples, each before the weights followed it.</param>
/// <param name="Accuracy">The share of them whose class was found; null where the targets are numbers.</param>
/// <param name="ValidationLoss">The mean loss of the validation samples after the epoch; null without such.</param>
/// <param name="ValidationAccuracy">The share of them whose class was found; null without such, or where the targets are numbers.</param>
/// <param name="LearningRate">The learning rate of the last batch.</param>
/// <param name="Duration">The time taken, validation included.</param>
/// <param name="ImagesPerSecond">The samples trained a second, validation not included.</param>
public sealed record EpochMetrics(
    int Epoch,
    double Loss,
    double? Accuracy,
    double? ValidationLoss,
    double? ValidationAccuracy,
    float LearningRate,
    TimeSpan Duration,
    double ImagesPerSecond)
{
    /// <summary>
    /// Whether the weights of this epoch are kept rather than those of an earlier one, as <see cref="Callbacks.KeepBest"/> finds it; also where the two
    /// are of two trainings, validated with the same samples.
    /// </summary>
    /// <param name="other">The earlier epoch.</param>
    /// <param name="metric">What makes an epoch the better one.</param>
    public bool IsBetterThan(EpochMetrics other, TrainingMetric metric = TrainingMetric.Best)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new EpochComparison(metric).IsBetter(this, other);
    }
}
