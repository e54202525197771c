using Microsoft.ML.ConvNet.Training;

namespace Microsoft.ML.ConvNet;

/// <summary>
/// Where a training is: told to <see cref="ConvNetTrainingOptions.MetricsCallback"/> after each batch and after each epoch.
/// </summary>
public sealed record ConvNetMetrics
{
    /// <summary>The epoch, from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>The number of epochs of the training.</summary>
    public required int Epochs { get; init; }

    /// <summary>The batch, from 1 in each epoch.</summary>
    public required int Batch { get; init; }

    /// <summary>The number of batches of an epoch.</summary>
    public required int Batches { get; init; }

    /// <summary>Whether this is told after the epoch, with its validation where there is one; else after a batch.</summary>
    public bool IsEpochCompleted { get; init; }

    /// <summary>The mean cross-entropy of the epoch's training images so far, in nats.</summary>
    public required double Loss { get; init; }

    /// <summary>The share of the epoch's training images so far whose class was found, from 0 to 1.</summary>
    public required double Accuracy { get; init; }

    /// <summary>The mean cross-entropy of the validation images after the epoch; null before its end, and without such images.</summary>
    public double? ValidationLoss { get; init; }

    /// <summary>The share of the validation images whose class was found; null before the epoch's end, and without such images.</summary>
    public double? ValidationAccuracy { get; init; }

    /// <summary>The learning rate of the last batch.</summary>
    public required float LearningRate { get; init; }

    /// <summary>Images trained a second, in this epoch.</summary>
    public required double ImagesPerSecond { get; init; }

    /// <summary>The time that the rest of the training will take, as its pace so far suggests.</summary>
    public required TimeSpan TimeLeft { get; init; }

    internal static ConvNetMetrics Of(TrainingProgress progress) => new()
    {
        Epoch = progress.Epoch,
        Epochs = progress.Epochs,
        Batch = progress.Batch,
        Batches = progress.Batches,
        Loss = progress.Loss,
        Accuracy = progress.Accuracy ?? 0,
        LearningRate = progress.LearningRate,
        ImagesPerSecond = progress.ImagesPerSecond,
        TimeLeft = progress.TimeLeft,
    };

    internal ConvNetMetrics AtEndOf(EpochMetrics epoch) => this with
    {
        IsEpochCompleted = true,
        Loss = epoch.Loss,
        Accuracy = epoch.Accuracy ?? 0,
        ValidationLoss = epoch.ValidationLoss,
        ValidationAccuracy = epoch.ValidationAccuracy,
        LearningRate = epoch.LearningRate,
        ImagesPerSecond = epoch.ImagesPerSecond,
    };
}
