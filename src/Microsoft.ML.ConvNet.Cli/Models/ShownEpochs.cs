using Microsoft.ML.ConvNet.Cli.Display;
using Microsoft.ML.ConvNet.Training;
using Microsoft.ML.ConvNet.Training.Callbacks;

namespace Microsoft.ML.ConvNet.Cli.Models;

/// <summary>The epochs of a training, which are shown as they end.</summary>
/// <param name="display">Shows them.</param>
internal sealed class ShownEpochs(TrainingDisplay display)
{
    private readonly List<EpochMetrics> _epochs = [];

    /// <summary>The epochs that were completed.</summary>
    public IReadOnlyList<EpochMetrics> Completed => _epochs;

    /// <summary>Takes over, and shows, the epochs of a training that is gone on with.</summary>
    public TrainingCallback Earlier => new EarlierEpochs(this);

    /// <summary>Shows where a training is.</summary>
    public void Show(TrainingProgress progress)
    {
        if (progress.CompletedEpoch is { } epoch)
        {
            Add(epoch, progress.Epochs);
        }
        else
        {
            display.ShowBatch(progress);
        }
    }

    private void Add(EpochMetrics epoch, int epochs)
    {
        _epochs.Add(epoch);
        display.ShowEpoch(epoch, epochs);
    }

    private sealed class EarlierEpochs(ShownEpochs shown) : TrainingCallback
    {
        public override void OnTrainingBegin(TrainingState state)
        {
            foreach (EpochMetrics epoch in state.History)
            {
                shown.Add(epoch, state.Epochs);
            }
        }
    }
}
