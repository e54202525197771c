namespace Microsoft.ML.ConvNet.Training;

/// <summary>Where a training is, told after each batch.</summary>
/// <param name="Epoch">The epoch, from 1.</param>
/// <param name="Epochs">The number of epochs of the training.</param>
/// <param name="Batch">The batch, from 1 in each epoch.</param>
/// <param name="Batches">The number of batches of an epoch.</param>
/// <param name="Loss">The mean loss of the samples of the epoch so far.</param>
/// <param name="Accuracy">
/// The share of them whose class was found, before the weights followed them; null where the targets are numbers.
/// </param>
/// <param name="LearningRate">The learning rate of the batch.</param>
/// <param name="ImagesPerSecond">The samples trained a second, over the epoch so far.</param>
/// <param name="TimeLeft">The time that the rest of the training will take, as its pace so far suggests.</param>
public readonly record struct TrainingProgress(
    int Epoch,
    int Epochs,
    int Batch,
    int Batches,
    double Loss,
    double? Accuracy,
    float LearningRate,
    double ImagesPerSecond,
    TimeSpan TimeLeft)
{
    /// <summary>How the epoch went, where this is told at its end, with its validation where there is one; null after a batch.</summary>
    public EpochMetrics? CompletedEpoch { get; init; }

    /// <summary>The batches done, of <see cref="TotalBatches"/>.</summary>
    public long BatchesDone => ((Epoch - 1L) * Batches) + Batch;

    /// <summary>The batches of the whole training.</summary>
    public long TotalBatches => (long)Epochs * Batches;
}
