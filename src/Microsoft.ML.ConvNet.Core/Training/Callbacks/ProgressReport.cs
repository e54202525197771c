namespace Microsoft.ML.ConvNet.Training.Callbacks;

/// <summary>
/// Tells how a training goes; <see cref="TrainingOptions.BatchCompleted"/> and <see cref="TrainingOptions.EpochCompleted"/> add one.
/// </summary>
/// <param name="batchCompleted">Called after each step.</param>
/// <param name="epochCompleted">Called after each epoch.</param>
public sealed class ProgressReport(Action<TrainingProgress>? batchCompleted, Action<EpochMetrics>? epochCompleted = null) : TrainingCallback
{
    /// <inheritdoc/>
    public override void OnStepEnd(TrainingState state, in TrainingProgress progress) => batchCompleted?.Invoke(progress);

    /// <inheritdoc/>
    public override void OnEpochEnd(TrainingState state, EpochMetrics epoch) => epochCompleted?.Invoke(epoch);
}
