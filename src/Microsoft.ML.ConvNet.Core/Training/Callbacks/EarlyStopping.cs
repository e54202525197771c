using Microsoft.ML.ConvNet.Networks;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Training.Callbacks;

/// <summary>
/// Ends a training that no longer gets better (Prechelt, "Early stopping, but when?", 1998). It gives the best weights where they are kept
/// (<see cref="TrainingOptions.KeepBest"/>), else the last.
/// </summary>
/// <param name="patience">After how many epochs without a better one.</param>
/// <param name="metric">What makes an epoch the better one.</param>
/// <param name="minimumChange">By how much it has to be better to count as such.</param>
public sealed class EarlyStopping(int patience, TrainingMetric metric = TrainingMetric.Best, double minimumChange = 0) : TrainingCallback
{
    private readonly EpochComparison _comparison = new(metric, minimumChange);

    /// <summary>What makes an epoch the better one.</summary>
    public TrainingMetric Metric => metric;

    internal override string? Effect => Invariant($"{nameof(EarlyStopping)}({patience}, {metric}, {minimumChange})");

    /// <inheritdoc/>
    public override void OnTrainingBegin(TrainingState state) => Look(state);

    /// <inheritdoc/>
    public override void OnEpochEnd(TrainingState state, EpochMetrics epoch) => Look(state);

    internal override void Check(TrainingOptions options, Network network, bool isValidated)
    {
        Setting.Require(patience >= 1, Invariant($"Early stopping waits at least 1 epoch. Received: {patience}."));
        _comparison.Check(options, isValidated, "Early stopping");
    }

    // Also where a training is gone on with: whoever stopped it may have done so before this looked at its last epoch.
    private void Look(TrainingState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (_comparison.BestOf(state.History) is { } best && state.Epoch - best.Epoch >= patience && state.Batch == 0)
        {
            state.Stop(Invariant($"Epoch {best.Epoch} was the best of {state.Epoch}, and {patience} more were waited for."));
        }
    }
}
