using Microsoft.ML.ConvNet.Networks;
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
    /// <summary>The name of the stream of the network's definition.</summary>
    public const string NetworkName = "network.json";

    /// <summary>The name of the stream of the weights.</summary>
    public const string WeightsName = "weights.safetensors";

    /// <summary>The name of the stream of the settings.</summary>
    public const string SettingsName = "settings.json";

    /// <summary>Writes the streams.</summary>
    /// <param name="write">Makes a stream of a name and lets it be written.</param>
    public void Write(Action<string, Action<Stream>> write)
    {
        write(NetworkName, stream => NetworkJson.Write(Parameters.Network, stream));
        write(WeightsName, stream => SafeTensors.Write(Parameters.Weights, stream));
        write(SettingsName, stream => ModelSettings.Of(this).Write(stream));
    }

    /// <summary>Reads the streams.</summary>
    /// <param name="read">Lets a stream of a name be read; gives false where there is none.</param>
    /// <exception cref="ModelFormatException">A stream is missing or damaged; the message names it.</exception>
    public static ModelStreams Read(Func<string, Action<Stream>, bool> read)
    {
        Network? network = null;
        Weights? weights = null;
        ModelSettings? settings = null;
        ReadOne(read, NetworkName, stream => network = NetworkJson.Read(stream));
        ReadOne(read, SettingsName, stream => settings = ModelSettings.Read(stream));
        ReadOne(read, WeightsName, stream => weights = SafeTensors.Read(stream, network!));
        try
        {
            return settings!.ToStreams(network!, weights!);
        }
        catch (ModelFormatException exception)
        {
            weights!.Dispose();
            throw Damaged(SettingsName, exception);
        }
    }

    private static void ReadOne(Func<string, Action<Stream>, bool> read, string name, Action<Stream> action)
    {
        bool isThere;
        try
        {
            isThere = read(name, action);
        }
        catch (Exception exception) when (exception is FormatException or IOException or InvalidDataException or ArgumentException)
        {
            throw Damaged(name, exception);
        }

        if (!isThere)
        {
            throw new ModelFormatException(
                $"A model file has {NetworkName}, {WeightsName} and {SettingsName} for each convolutional network. Received: no {name}.");
        }
    }

    private static ModelFormatException Damaged(string name, Exception exception) =>
        new($"The model file is damaged: {name}: {exception.Message}", exception);
}
