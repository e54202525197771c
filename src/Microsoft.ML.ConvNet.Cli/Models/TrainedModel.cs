using Microsoft.ML.ConvNet.Cli.Data;
using Microsoft.ML.ConvNet.Training;

namespace Microsoft.ML.ConvNet.Cli.Models;

/// <summary>A trained pipeline.</summary>
/// <param name="Transformer">The whole pipeline, from the rows of this tool to predictions.</param>
/// <param name="TrainedOn">The images that it was trained on.</param>
/// <param name="Epochs">The epochs that were completed.</param>
/// <param name="Failure">What ended the training before its end, if it was an error.</param>
/// <param name="WasInterrupted">Whether the training was stopped before its end.</param>
internal sealed record TrainedModel(
    ITransformer Transformer, LabelledImages TrainedOn, IReadOnlyList<EpochMetrics> Epochs, Exception? Failure, bool WasInterrupted) : IDisposable
{
    /// <summary>How many images were learnt from a second, over all epochs; 0 where none was completed.</summary>
    public double ImagesPerSecond => Measured().ToArray() is { Length: > 0 } paces ? paces.Length / paces.Sum(pace => 1 / pace) : 0;

    // None where a training that was gone on with had only the validation of an epoch left.
    private IEnumerable<double> Measured() => Epochs.Select(epoch => epoch.ImagesPerSecond).Where(pace => pace > 0);

    /// <summary>Writes the model as ML.NET does, as a whole or not at all.</summary>
    public void Save(MLContext context, string path) =>
        context.Model.SaveAtomically(TrainedOn.ToSave(context, Transformer), TrainedOn.SavedSchema(context), path);

    public void Dispose() => (Transformer as IDisposable)?.Dispose();
}
