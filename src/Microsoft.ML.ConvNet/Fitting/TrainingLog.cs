using Microsoft.ML.ConvNet.Training;
using Microsoft.ML.Runtime;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Fitting;

/// <summary>Tells how a training goes: to the log of the environment once an epoch, to the callback also once a batch.</summary>
internal sealed class TrainingLog(IChannel channel, Action<TrainingProgress>? callback)
{
    private TrainingProgress _last;

    /// <summary>Whether a batch was finished.</summary>
    public bool HasBegun => _last.Batch > 0;

    /// <summary>Adds the reports to a training's options.</summary>
    public TrainingOptions AddTo(TrainingOptions options) => options with
    {
        BatchCompleted = TellBatch,
        EpochCompleted = TellEpoch,
        Warned = warning => channel.Warning(MessageSensitivity.None, warning),
    };

    private void TellBatch(TrainingProgress progress)
    {
        _last = progress;
        callback?.Invoke(progress);
    }

    private void TellEpoch(EpochMetrics epoch)
    {
        string validation = epoch.ValidationLoss is null
            ? string.Empty
            : Invariant($", validation loss {epoch.ValidationLoss:F4}, accuracy {epoch.ValidationAccuracy:P2}");
        channel.Info(
            MessageSensitivity.None,
            Invariant($"Epoch {epoch.Epoch} of {_last.Epochs}: loss {epoch.Loss:F4}, accuracy {epoch.Accuracy:P2}{validation}, ")
            + Invariant($"{epoch.ImagesPerSecond:F0} images/s"));
        callback?.Invoke(_last with { CompletedEpoch = epoch, ImagesPerSecond = epoch.ImagesPerSecond });
    }
}
