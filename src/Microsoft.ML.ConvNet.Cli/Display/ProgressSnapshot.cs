namespace Microsoft.ML.ConvNet.Cli.Display;

/// <summary>Where a training stands.</summary>
/// <param name="Epoch">The epoch, from 1.</param>
/// <param name="Epochs">The number of epochs.</param>
/// <param name="Batch">The batch in the epoch, from 1.</param>
/// <param name="Batches">The batches of an epoch.</param>
/// <param name="Loss">The mean loss of the epoch so far.</param>
/// <param name="Accuracy">The share of the epoch's images so far predicted right.</param>
/// <param name="ImagesPerSecond">How many images were learnt from a second.</param>
/// <param name="TimeLeft">How long the rest of the training will take.</param>
internal sealed record ProgressSnapshot(
    int Epoch, int Epochs, int Batch, int Batches, double Loss, double Accuracy, double ImagesPerSecond, TimeSpan TimeLeft)
{
    /// <summary>The batches done, of <see cref="TotalBatches"/>.</summary>
    public long BatchesDone => ((Epoch - 1L) * Batches) + Batch;

    /// <summary>The batches of the whole training.</summary>
    public long TotalBatches => (long)Epochs * Batches;
}
