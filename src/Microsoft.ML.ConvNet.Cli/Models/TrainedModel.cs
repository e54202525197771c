using Microsoft.ML.ConvNet.Storage;
using Microsoft.ML.ConvNet.Training;

namespace Microsoft.ML.ConvNet.Cli.Models;

/// <summary>A trained pipeline.</summary>
/// <param name="Transformer">The whole pipeline, from labels and images to predictions.</param>
/// <param name="InputSchema">The columns that it reads.</param>
/// <param name="Epochs">The epochs that were completed.</param>
/// <param name="WasInterrupted">Whether the training was stopped before its end.</param>
internal sealed record TrainedModel(
    ITransformer Transformer, DataViewSchema InputSchema, IReadOnlyList<EpochMetrics> Epochs, bool WasInterrupted) : IDisposable
{
    /// <summary>How many images were learnt from a second, over all epochs; 0 where none was completed.</summary>
    public double ImagesPerSecond => Epochs.Count == 0 ? 0 : Epochs.Count / Epochs.Sum(epoch => 1 / epoch.ImagesPerSecond);

    /// <summary>Writes the model with ML.NET's <c>Model.Save</c>, as a whole or not at all.</summary>
    public void Save(MLContext context, string path) =>
        AtomicFile.WriteTo(path, temporary => context.Model.Save(Transformer, InputSchema, temporary));

    public void Dispose() => (Transformer as IDisposable)?.Dispose();
}
