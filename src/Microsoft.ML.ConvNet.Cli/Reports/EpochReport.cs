using Microsoft.ML.ConvNet.Training;

namespace Microsoft.ML.ConvNet.Cli.Reports;

/// <summary>One epoch of a training.</summary>
/// <param name="Epoch">Its number, from 1.</param>
/// <param name="Loss">The mean cross-entropy of the training images, in nats.</param>
/// <param name="Accuracy">The share of training images predicted right while training.</param>
/// <param name="ValidationLoss">The mean cross-entropy of the validation images; null without such.</param>
/// <param name="ValidationAccuracy">The share of validation images predicted right; null without such.</param>
/// <param name="ImagesPerSecond">How many images were learnt from a second.</param>
internal sealed record EpochReport(
    int Epoch, double Loss, double Accuracy, double? ValidationLoss, double? ValidationAccuracy, double ImagesPerSecond)
{
    /// <summary>The report of an epoch.</summary>
    public static EpochReport Of(EpochMetrics epoch) => new(
        epoch.Epoch,
        epoch.Loss,
        epoch.Accuracy.GetValueOrDefault(),
        epoch.ValidationLoss,
        epoch.ValidationAccuracy,
        epoch.ImagesPerSecond);
}
