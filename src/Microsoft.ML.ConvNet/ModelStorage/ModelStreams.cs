using Microsoft.ML.ConvNet.Schema;
using Microsoft.ML.ConvNet.Storage;
using Microsoft.ML.Data;

namespace Microsoft.ML.ConvNet.ModelStorage;

/// <summary>
/// What a model file holds of a transformer, in three streams: the network's definition, its weights in the safetensors format, and the
/// settings: columns, classes and the normalisation of pixels.
/// </summary>
internal sealed record ModelStreams(
    ConvNetModelParameters Parameters, ScoringColumns Columns, string? LabelColumn, DataViewType FeatureType)
{
    /// <summary>As what the weights are written.</summary>
    public WeightStorage Storage { get; init; }

    /// <summary>Writes the streams.</summary>
    /// <param name="write">Makes a stream of a name and lets it be written.</param>
    public void Write(Action<string, Action<Stream>> write) =>
        NetworkFile.Write(Parameters.Network, Parameters.Weights, ModelSettings.Of(this).ToJson(), write, Storage);

    /// <summary>What a file says; its weights belong to what is made of this.</summary>
    /// <exception cref="ModelFormatException">The settings are damaged; the message names them.</exception>
    public static ModelStreams Of(NetworkFile file)
    {
        try
        {
            return ModelSettings.Read(file.Settings.Span).ToStreams(file);
        }
        catch (ModelFormatException exception)
        {
            file.Dispose();
            throw new ModelFormatException($"The model file is damaged: {NetworkFile.SettingsName}: {exception.Message}", exception);
        }
    }
}
