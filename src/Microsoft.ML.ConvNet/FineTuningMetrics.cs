using Microsoft.ML.ConvNet.Training;

namespace Microsoft.ML.ConvNet;

/// <summary>Where a fine-tuning is.</summary>
/// <param name="Phase">Its part.</param>
public sealed record FineTuningMetrics(FineTuningPhase Phase)
{
    /// <summary>The number of images whose features are computed, while they are; else 0.</summary>
    public int ImagesDone { get; init; }

    /// <summary>The number of images whose features are to be computed, while they are; else 0.</summary>
    public int Images { get; init; }

    /// <summary>Where the training of the head or of the network is, after a batch or an epoch; null in other phases.</summary>
    public TrainingProgress? Train { get; init; }

    /// <summary>How the trained network does on the training images; null in other phases.</summary>
    public EvaluationResult? Test { get; init; }
}
