using Microsoft.ML.ConvNet.Networks;

namespace Microsoft.ML.ConvNet.Training.Callbacks;

/// <summary>Keeps the weights of the best epoch, which are then what the training gives; <see cref="TrainingOptions.KeepBest"/> adds one.</summary>
/// <param name="metric">What makes an epoch the best.</param>
public sealed class KeepBest(TrainingMetric metric = TrainingMetric.Best) : TrainingCallback
{
    private readonly EpochComparison _comparison = new(metric);

    /// <summary>What makes an epoch the best.</summary>
    public TrainingMetric Metric => metric;

    /// <inheritdoc/>
    public override void OnEpochEnd(TrainingState state, EpochMetrics epoch)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(epoch);
        if (state.BestEpoch is not { } best || _comparison.IsBetter(epoch, best))
        {
            state.KeepAsBest(epoch);
        }
    }

    internal override string? Effect => $"{nameof(KeepBest)}({metric})";

    internal override void Check(TrainingOptions options, Network network, bool isValidated) => _comparison.Check(options, isValidated, nameof(KeepBest));
}
