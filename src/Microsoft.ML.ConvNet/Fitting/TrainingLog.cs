using Microsoft.ML.ConvNet.Training;
using Microsoft.ML.Runtime;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Fitting;

/// <summary>Tells how a training goes: to the log of the environment once an epoch, to the callback also once a batch.</summary>
internal sealed class TrainingLog(IChannel channel, Action<ConvNetMetrics>? callback)
{
    private ConvNetMetrics? _last;

    /// <summary>Whether a batch was finished.</summary>
    public bool HasBegun => _last is not null;

    /// <summary>Adds the reports to a training's options.</summary>
    public TrainingOptions AddTo(TrainingOptions options) => options with { BatchCompleted = TellBatch, EpochCompleted = TellEpoch };

    private void TellBatch(TrainingProgress progress)
    {
        _last = ConvNetMetrics.Of(progress);
        callback?.Invoke(_last);
    }

    private void TellEpoch(EpochMetrics epoch)
    {
        ConvNetMetrics metrics = _last!.AtEndOf(epoch);
        string validation = metrics.ValidationLoss is null
            ? string.Empty
            : Invariant($", validation loss {metrics.ValidationLoss:F4}, accuracy {metrics.ValidationAccuracy:P2}");
        channel.Info(
            MessageSensitivity.None,
            Invariant($"Epoch {metrics.Epoch} of {metrics.Epochs}: loss {metrics.Loss:F4}, accuracy {metrics.Accuracy:P2}{validation}, ")
            + Invariant($"{metrics.ImagesPerSecond:F0} images/s"));
        callback?.Invoke(metrics);
    }
}
