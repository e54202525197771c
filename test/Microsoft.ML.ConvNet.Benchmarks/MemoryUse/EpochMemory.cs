using Microsoft.ML.ConvNet.Training;
using Microsoft.ML.ConvNet.Training.Callbacks;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Benchmarks.MemoryUse;

/// <summary>Prints at the end of each epoch what memory is in use, when the garbage has been collected.</summary>
internal sealed class EpochMemory : TrainingCallback
{
    /// <inheritdoc/>
    public override void OnTrainingBegin(TrainingState state) => Console.WriteLine($"{"epoch",6}{"resident MB",14}{"managed MB",14}");

    /// <inheritdoc/>
    public override void OnEpochEnd(TrainingState state, EpochMetrics epoch)
    {
        ArgumentNullException.ThrowIfNull(epoch);
        double managed = GC.GetTotalMemory(forceFullCollection: true) / 1e6;
        Console.WriteLine(Invariant($"{epoch.Epoch,6}{ResidentMemory.Now(),14:F1}{managed,14:F2}"));
    }
}
