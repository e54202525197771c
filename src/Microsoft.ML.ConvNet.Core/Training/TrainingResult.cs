using Microsoft.ML.ConvNet.Networks;

namespace Microsoft.ML.ConvNet.Training;

/// <summary>What a training gave.</summary>
/// <param name="Weights">The weights; theirs is who receives them to dispose of.</param>
/// <param name="Epochs">How each completed epoch went.</param>
/// <param name="WeightsEpoch">
/// The epoch, from 1, whose weights these are: the best one where the best were to be kept, else the last; if training was
/// cancelled without the best being kept, they have moved on from it. 0 where no epoch was completed, and the weights are those at the
/// moment of the end.
/// </param>
/// <param name="IsCancelled">Whether it was cancelled.</param>
/// <param name="IsStoppedEarly">Whether a callback ended it before its last epoch, since the epochs no longer got better for instance.</param>
/// <param name="Duration">The time taken.</param>
public sealed record TrainingResult(
    Weights Weights,
    IReadOnlyList<EpochMetrics> Epochs,
    int WeightsEpoch,
    bool IsCancelled,
    bool IsStoppedEarly,
    TimeSpan Duration)
{
    /// <summary>Why the training ended before its last epoch; null where it did not, or was cancelled or failed.</summary>
    public string? StopReason { get; init; }

    /// <summary>The exception that ended the training; null where it ended by itself or was cancelled.</summary>
    public Exception? Failure { get; init; }
}
