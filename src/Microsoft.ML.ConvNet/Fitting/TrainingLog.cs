using Microsoft.ML.ConvNet.Training;
using Microsoft.ML.ConvNet.Training.Callbacks;
using Microsoft.ML.Runtime;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Fitting;

/// <summary>Tells how a training goes: to the log of the environment once an epoch, to the callback also once a batch.</summary>
internal sealed class TrainingLog(IChannel channel, Action<TrainingProgress>? callback) : TrainingCallback
{
    private TrainingProgress _last;

    /// <summary>Whether a batch was finished, now or before the training was gone on with.</summary>
    public bool HasBegun { get; private set; }

    /// <inheritdoc/>
    public override void OnTrainingBegin(TrainingState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        _last = _last with { Epochs = state.Epochs };
        HasBegun = state.Step > 0;
        if (HasBegun)
        {
            channel.Info(
                MessageSensitivity.None,
                Invariant($"The training goes on in epoch {state.Epoch + 1}, behind batch {state.Batch} of it and {state.Step} steps in all."));
        }
    }

    /// <summary>Adds the reports to a training's options.</summary>
    public TrainingOptions AddTo(TrainingOptions options) => options with
    {
        Callbacks = [.. options.Callbacks, this],
        BatchCompleted = TellBatch,
        EpochCompleted = TellEpoch,
        Warned = warning => channel.Warning(MessageSensitivity.None, warning),
    };

    private void TellBatch(TrainingProgress progress)
    {
        _last = progress;
        HasBegun = true;
        callback?.Invoke(progress);
    }

    private void TellEpoch(EpochMetrics epoch)
    {
        string validation = epoch.ValidationLoss is null
            ? string.Empty
            : Invariant($", validation loss {epoch.ValidationLoss:F4}{AccuracyText(epoch.ValidationAccuracy)}");
        channel.Info(
            MessageSensitivity.None,
            Invariant($"Epoch {epoch.Epoch} of {_last.Epochs}: loss {epoch.Loss:F4}{AccuracyText(epoch.Accuracy)}{validation}, ")
            + Invariant($"{epoch.ImagesPerSecond:F0} images/s"));
        callback?.Invoke(_last with { Epoch = epoch.Epoch, CompletedEpoch = epoch, ImagesPerSecond = epoch.ImagesPerSecond });
    }

    private static string AccuracyText(double? accuracy) => accuracy is null ? string.Empty : Invariant($", accuracy {accuracy:P2}");
}
