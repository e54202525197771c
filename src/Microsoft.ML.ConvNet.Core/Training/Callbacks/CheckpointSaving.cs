using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Training.Checkpoints;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Training.Callbacks;

/// <summary>
/// Saves the state of a training from time to time, and where it is cancelled, so that it can be gone on with after whatever ended it, to the
/// very bits of a training that was never stopped.
/// </summary>
/// <remarks>
/// A file holds all of the state: the weights, what the optimizer remembers of them, their average, the best of them, how far the training is
/// and how it went. It is written beside and renamed, so that a file is whole or not there, and the one before it is kept. What a training is a function
/// of stands in it, too: another network, other samples or other options are refused; another SIMD tier, with which the bits are others, is warned of. More
/// epochs may be asked for where the schedule has the same rates for the steps before. Callbacks of your own are not part of it.
/// </remarks>
/// <param name="folder">Where the files are; it is made where it is not there. One folder is for one training.</param>
public sealed class CheckpointSaving(string folder) : TrainingCallback
{
    private readonly CheckpointFolder _folder = new(folder);
    private TrainingFingerprint? _fingerprint;
    private long _saved = -1;

    /// <summary>The folder.</summary>
    public string Folder => _folder.Path;

    /// <summary>After how many epochs a state is saved; 1 where not given, 0 for never.</summary>
    public int EveryEpochs { get; init; } = 1;

    /// <summary>After how many steps a state is saved, also in the midst of an epoch; 0, for never, where not given.</summary>
    public long EverySteps { get; init; }

    /// <summary>How many files are kept, at least 2, so that there is another where one is damaged; 2 where not given.</summary>
    public int Keep { get; init; } = 2;

    /// <summary>
    /// Whether the training goes on from the newest state in the folder, where there is one. Where not, a folder that has states already is
    /// refused, so that none is lost.
    /// </summary>
    public bool Resume { get; init; }

    /// <inheritdoc/>
    public override void OnStepEnd(TrainingState state, in TrainingProgress progress)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (EverySteps > 0 && state.Step % EverySteps == 0)
        {
            Save(state);
        }
    }

    /// <inheritdoc/>
    public override void OnEpochEnd(TrainingState state, EpochMetrics epoch)
    {
        ArgumentNullException.ThrowIfNull(state);
        bool isLast = state.Epoch == state.Epochs || state.StopReason is not null;
        if (isLast || (EveryEpochs > 0 && state.Epoch % EveryEpochs == 0))
        {
            // Also where the step was saved: the epoch is complete now.
            _saved = -1;
            Save(state);
        }
    }

    /// <inheritdoc/>
    public override void OnTrainingEnd(TrainingState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        Save(state);
    }

    /// <inheritdoc/>
    public override void OnTrainingFailed(TrainingState state, Exception exception)
    {
        ArgumentNullException.ThrowIfNull(state);

        // What diverged is no state to go on from.
        if (exception is not TrainingDivergedException && !state.IsTaken)
        {
            Save(state);
        }
    }

    internal override void Check(TrainingOptions options, Network network, bool isValidated)
    {
        Setting.Require(!string.IsNullOrEmpty(folder), "Checkpoints have a folder. Received: none.");
        Setting.RequireRange(EveryEpochs >= 0, "Checkpoints: the number of epochs between two", "at least 0", EveryEpochs);
        Setting.RequireRange(EverySteps >= 0, "Checkpoints: the number of steps between two", "at least 0", EverySteps);
        Setting.RequireRange(Keep >= 2, "Checkpoints: the number of files that are kept", "at least 2", Keep);
        if (!Resume && _folder.Newest() is [var newest, ..])
        {
            throw new ArgumentException(
                $"Checkpoints of a training that begins go into a folder without any. Received: \"{Folder}\", which has "
                + Invariant($"\"{Path.GetFileName(newest)}\"; set {nameof(Resume)} to go on with that training, or take another folder."));
        }
    }

    /// <summary>Keeps the folder for this training until what it gives is disposed of.</summary>
    internal IDisposable Lock() => _folder.Lock();

    /// <summary>Prepares to save the states of a training, and reads the newest where it is to go on from it.</summary>
    /// <returns>The state to go on from; null where the training begins.</returns>
    internal TrainingState? Begin(Network network, TrainingOptions options, TrainingFingerprint fingerprint)
    {
        _fingerprint = fingerprint;
        TrainingState? state = Resume ? _folder.ReadNewest(network, options, fingerprint) : null;
        _saved = state?.Step ?? -1;
        return state;
    }

    private void Save(TrainingState state)
    {
        if (state.Step == _saved || state.Step == 0)
        {
            return;
        }

        TerminateOnNaN.RequireFinite(state);
        _folder.Write(state, _fingerprint!, Keep);
        _saved = state.Step;
    }
}
