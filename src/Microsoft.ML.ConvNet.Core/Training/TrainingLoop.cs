using System.Diagnostics;
using Microsoft.ML.ConvNet.Training.Callbacks;
using Microsoft.ML.ConvNet.Training.Steps;

namespace Microsoft.ML.ConvNet.Training;

/// <summary>
/// Goes from a state of a training to the next: asks a source for batches and a step to follow them, judges each epoch, and tells the
/// callbacks. It computes nothing itself.
/// </summary>
/// <param name="state">The training.</param>
/// <param name="source">The batches.</param>
/// <param name="step">How the weights follow them.</param>
/// <param name="validation">What judges an epoch; null for nothing.</param>
/// <param name="callbacks">What is told, in this order.</param>
/// <param name="cancellationToken">Ends it before the next layer of a batch is computed.</param>
internal sealed class TrainingLoop(
    TrainingState state,
    BatchSource source,
    TrainingStep step,
    Validation? validation,
    TrainingCallback[] callbacks,
    CancellationToken cancellationToken)
{
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly long _firstBatch = ((long)state.Epoch * source.Count) + state.Batch;
    private long _epochStart;
    private int _epochFirstSample;

    /// <summary>Trains to the last epoch.</summary>
    /// <returns>False where it was cancelled.</returns>
    public bool Run()
    {
        foreach (TrainingCallback callback in callbacks)
        {
            callback.OnTrainingBegin(state);
        }

        bool isComplete = true;
        while (isComplete && state.Epoch < state.Epochs && (state.StopReason is null || state.Batch > 0))
        {
            isComplete = RunEpoch();
        }

        foreach (TrainingCallback callback in callbacks)
        {
            callback.OnTrainingEnd(state);
        }

        return isComplete;
    }

    private bool RunEpoch()
    {
        _epochStart = Stopwatch.GetTimestamp();
        _epochFirstSample = source.SamplesBefore(state.Batch);
        state.Unfreeze();
        foreach (TrainingCallback callback in callbacks)
        {
            callback.OnEpochBegin(state);
        }

        step.Refreeze();
        source.Begin(state.Epoch);
        while (state.Batch < source.Count)
        {
            if (cancellationToken.IsCancellationRequested || !step.Run(source, cancellationToken))
            {
                return false;
            }

            TrainingProgress progress = Progress();
            foreach (TrainingCallback callback in callbacks)
            {
                callback.OnStepEnd(state, progress);
            }
        }

        return CompleteEpoch();
    }

    private bool CompleteEpoch()
    {
        double pace = Pace();
        EvaluationResult? judgement = validation?.Run(state.JudgedWeights, cancellationToken);
        if (validation is not null && judgement is null)
        {
            return false;
        }

        EpochMetrics epoch = new(
            state.Epoch + 1,
            state.Metrics.Loss,
            AccuracySoFar(),
            judgement?.Loss,
            judgement?.Accuracy,
            state.LearningRate,
            Stopwatch.GetElapsedTime(_epochStart),
            pace);
        state.Complete(epoch);
        foreach (TrainingCallback callback in callbacks)
        {
            callback.OnEpochEnd(state, epoch);
        }

        return true;
    }

    private TrainingProgress Progress()
    {
        long done = ((long)state.Epoch * source.Count) + state.Batch;
        long all = (long)state.Epochs * source.Count;
        double left = Stopwatch.GetElapsedTime(_start).TotalSeconds / (done - _firstBatch) * (all - done);
        return new TrainingProgress(
            state.Epoch + 1,
            state.Epochs,
            state.Batch,
            source.Count,
            state.Metrics.Loss,
            AccuracySoFar(),
            state.LearningRate,
            Pace(),
            left < TimeSpan.MaxValue.TotalSeconds ? TimeSpan.FromSeconds(left) : TimeSpan.MaxValue);
    }

    /// <summary>The samples a second of the epoch so far, or of the part of it since the training was resumed.</summary>
    private double Pace() =>
        (source.SamplesBefore(state.Batch) - _epochFirstSample) / Stopwatch.GetElapsedTime(_epochStart).TotalSeconds;

    private double? AccuracySoFar() => source.TargetsAreValues ? null : state.Metrics.Accuracy;
}
