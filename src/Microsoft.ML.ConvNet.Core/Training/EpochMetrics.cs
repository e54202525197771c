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
    double ImagesPerSecond);
