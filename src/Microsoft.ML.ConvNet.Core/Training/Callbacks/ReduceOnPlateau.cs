using Microsoft.ML.ConvNet.Networks;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Training.Callbacks;

/// <summary>Makes the learning rate smaller where a training no longer gets better.</summary>
/// <param name="patience">After how many epochs without a better one; they are counted anew after each reduction.</param>
/// <param name="factor">What the learning rate is multiplied by, between 0 and 1.</param>
/// <param name="metric">What makes an epoch the better one.</param>
/// <param name="minimumChange">By how much it has to be better to count as such.</param>
/// <param name="minimum">The smallest share of the learning rate that is left.</param>
public sealed class ReduceOnPlateau(
    int patience = 10, float factor = 0.1f, TrainingMetric metric = TrainingMetric.Best, double minimumChange = 1e-4, float minimum = 0)
    : TrainingCallback
{
    private readonly EpochComparison _comparison = new(metric, minimumChange);

    /// <inheritdoc/>
    public override void OnTrainingBegin(TrainingState state) => Set(state);

    /// <inheritdoc/>
    public override void OnEpochEnd(TrainingState state, EpochMetrics epoch) => Set(state);

    internal override string? Effect =>
        Invariant($"{nameof(ReduceOnPlateau)}({patience}, {factor}, {metric}, {minimumChange}, {minimum})");

    internal override void Check(TrainingOptions options, Network network, bool isValidated)
    {
        Setting.Require(patience >= 1, Invariant($"A plateau has at least 1 epoch. Received: {patience}."));
        Setting.RequireRange(factor is > 0 and < 1, "A plateau: the factor of the learning rate", "between 0 and 1", factor);
        Setting.RequireRange(minimum is >= 0 and < 1, "A plateau: the smallest share of the learning rate", "at least 0 and less than 1", minimum);
        _comparison.Check(options, isValidated, "A plateau");
    }

    // Found anew from the epochs so far, so that nothing has to be remembered.
    private void Set(TrainingState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        float share = 1;
        int waited = 0;
        EpochMetrics? best = null;
        foreach (EpochMetrics epoch in state.History)
        {
            bool isBetter = best is null || _comparison.IsBetter(epoch, best);
            best = isBetter ? epoch : best;
            waited = isBetter ? 0 : waited + 1;
            if (waited >= patience)
            {
                share = Math.Max(share * factor, minimum);
                waited = 0;
            }
        }

        state.LearningRateFactor = share;
    }
}
