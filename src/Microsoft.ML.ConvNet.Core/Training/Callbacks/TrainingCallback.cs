namespace Microsoft.ML.ConvNet.Training.Callbacks;

/// <summary>
/// Something that is told how a training goes and may change how it goes on. What it decides follows from the state that it is given, so
/// that it decides the same in a training that is resumed. All calls come from the thread that trains.
/// </summary>
/// <remarks>
/// A callback that throws ends the training, and the exception is thrown on; what was learnt until then can be had by
/// <see cref="TrainingOptions.Failed"/>. One object serves one training at a time.
/// </remarks>
public abstract class TrainingCallback
{
    /// <summary>Called before the first step, and before the first step after a resumption.</summary>
    /// <param name="state">The training.</param>
    public virtual void OnTrainingBegin(TrainingState state)
    {
    }

    /// <summary>Called before the first batch of an epoch, and where a training is resumed in the midst of one.</summary>
    /// <param name="state">The training; <see cref="TrainingState.Epoch"/> is the epoch that begins, counted from 0.</param>
    public virtual void OnEpochBegin(TrainingState state)
    {
    }

    /// <summary>Called after each step, when the weights have followed its batches.</summary>
    /// <param name="state">The training.</param>
    /// <param name="progress">Where it is.</param>
    public virtual void OnStepEnd(TrainingState state, in TrainingProgress progress)
    {
    }

    /// <summary>Called after each epoch and its validation.</summary>
    /// <param name="state">The training; the epoch is the last of its <see cref="TrainingState.History"/>.</param>
    /// <param name="epoch">How the epoch went.</param>
    public virtual void OnEpochEnd(TrainingState state, EpochMetrics epoch)
    {
    }

    /// <summary>Called after the last epoch, and where a training is cancelled; not where it fails.</summary>
    /// <param name="state">The training.</param>
    public virtual void OnTrainingEnd(TrainingState state)
    {
    }

    /// <summary>Called where a training is ended by an exception, before that is thrown on, in place of <see cref="OnTrainingEnd"/>.</summary>
    /// <param name="state">The training as the last step left it.</param>
    /// <param name="exception">What ended it. What this method throws is not told.</param>
    public virtual void OnTrainingFailed(TrainingState state, Exception exception)
    {
    }

    /// <summary>What it does to the results of a training, with its settings; null for one that only looks on, and for the user's own.</summary>
    internal virtual string? Effect => null;

    /// <summary>Throws where a setting is out of its range, or does not fit the network.</summary>
    /// <param name="options">How the network is trained.</param>
    /// <param name="network">The network.</param>
    /// <param name="isValidated">Whether there is a validation set.</param>
    internal virtual void Check(TrainingOptions options, Networks.Network network, bool isValidated)
    {
    }
}
