using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Training;
using Microsoft.ML.ConvNet.Training.Callbacks;

namespace Microsoft.ML.ConvNet.Core.Tests.Training.Callbacks;

/// <summary>Trainings as a callback sees them, without one: epochs that went as it is said here.</summary>
internal static class Histories
{
    /// <summary>Tells a callback of epochs until it stops the training.</summary>
    /// <param name="callback">The callback.</param>
    /// <param name="epochs">The number of epochs of the training.</param>
    /// <param name="losses">The validation loss of each.</param>
    /// <param name="accuracies">The validation accuracy of each; the same for all where not given.</param>
    public static TrainingState Tell(TrainingCallback callback, int epochs, double[] losses, double[]? accuracies = null)
    {
        TrainingState state = new(Weights.Initialize(SmallImages.Network, seed: 1), new TrainingOptions { Epochs = epochs });
        callback.OnTrainingBegin(state);
        for (int i = 0; i < losses.Length && state.StopReason is null; i++)
        {
            // So that each epoch leaves other weights: the first is the number of the epoch.
            state.Weights[state.Weights.Names.First()].Span[0] = i + 1;
            EpochMetrics epoch = new(i + 1, 10 + i, 0.5, losses[i], accuracies?[i] ?? 0.5, 0.1f, TimeSpan.FromSeconds(1), 100);
            state.Complete(epoch);
            callback.OnEpochEnd(state, epoch);
        }

        return state;
    }
}
