using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Networks;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Storage;

/// <summary>
/// A trained network as a file has it: the network, its weights, what is done to pixels before it, and the names of the classes. Such files
/// are written with ML.NET, by SaveNetwork of a transformer or as a whole model; to load one takes nothing but this library.
/// </summary>
/// <remarks>
/// A file is a zip archive, or a folder of one, with <c>network.json</c>, <c>weights.safetensors</c> and <c>settings.json</c>. The settings end
/// with SHA-256 hashes of the other two and of themselves, by which a damaged file is known; of files from before there were hashes the
/// archive's own checksums are compared.
/// </remarks>
/// <example>
/// <code>
/// using NetworkFile file = NetworkFile.Load("model.zip");
/// using InferenceModel model = new(file.Network, file.Weights);
/// file.Normalization.Apply(pixels);
/// model.Predict(pixels, 1, probabilities);
/// string name = file.ClassNames[ArgMax.Of(probabilities)];
/// </code>
/// </example>
public sealed class NetworkFile : IDisposable
{
    /// <summary>The name of the part with the network's definition.</summary>
    public const string NetworkName = "network.json";

    /// <summary>The name of the part with the weights.</summary>
    public const string WeightsName = "weights.safetensors";

    /// <summary>The name of the part with the settings.</summary>
    public const string SettingsName = "settings.json";

    private readonly NetworkFileSettings _settings;

    private NetworkFile(Network network, Weights weights, NetworkFileSettings settings)
    {
        Network = network;
        Weights = weights;
        _settings = settings;

        // Now that there are weights for so many classes, and not only a definition that says so.
        ClassNames = settings.ClassNames
            ?? [.. Enumerable.Range(0, network.OutputShape.ElementCount).Select(number => number.ToString(CultureInfo.InvariantCulture))];
    }

    /// <summary>The network, from pixels <c>[H, W, C]</c> to a number for each class.</summary>
    public Network Network { get; }

    /// <summary>The weights; they are disposed of with this.</summary>
    public Weights Weights { get; }

    /// <summary>What is done to pixel values, 0 to 255 of images, before the network.</summary>
    public PixelNormalization Normalization => _settings.Normalization;

    /// <summary>
    /// The names of the classes, in the order of the network's outputs; the numbers from 0 where they have none. Empty where the outputs are features
    /// for another trainer, as of a featurizer, and no classes.
    /// </summary>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>Whether the network takes the colours of an image as blue, green, red, and not as red, green, blue.</summary>
    public bool IsBlueFirst => _settings.IsBlueFirst;

    /// <summary>
    /// Whether transparent pixels of images lay on white in training, and are to be put on white before the normalisation; else their colours were
    /// taken as they are.
    /// </summary>
    public bool IsBackgroundWhite => _settings.IsBackgroundWhite;

    /// <summary>How images of another size are brought to the network's (<see cref="ImageResizer"/>).</summary>
    public ImageResizing Resizing => _settings.Resizing;

    /// <summary>The settings as they were written, JSON in UTF-8.</summary>
    public ReadOnlyMemory<byte> Settings => _settings.Json;

    /// <summary>Loads a network from a file that SaveNetwork wrote, or from an ML.NET model with one convolutional network in it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="limits">What the network may take; <see cref="NetworkLimits.Default"/> where not given.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="ModelFormatException">
    /// The file holds no such network, or more than one, or is damaged, or its network takes more than the limits allow.
    /// </exception>
    public static NetworkFile Load(string path, NetworkLimits? limits = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"There is no model file \"{path}\".", path);
        }

        ModelFormatException.RequireRegularFile(path, "A model file");
        try
        {
            using ZipArchive archive = ZipFile.OpenRead(path);
            string folder = FolderOf(path, archive);
            return Read(
                (name, read) =>
                {
                    if (archive.Entries.FirstOrDefault(entry => ArchivePath.Of(entry) == folder + name) is not { } entry)
                    {
                        return false;
                    }

                    using Stream stream = entry.Open();
                    ZipChecksum.Read(entry, stream, read);
                    return true;
                },
                limits);
        }
        catch (InvalidDataException exception)
        {
            string advice = path.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase)
                ? "; ONNX models are read by Microsoft.ML.ConvNet.Onnx (OnnxModel.Load, or Transforms.ConvNetFromOnnx in a pipeline), and convnet "
                    + "import makes a model file of one"
                : string.Empty;
            throw new ModelFormatException($"A model file is a zip archive. Received: \"{path}\": {exception.Message}{advice}", exception);
        }
    }

    /// <summary>Reads a network from its three parts, wherever they are.</summary>
    /// <param name="read">Lets the part of a name be read, from its beginning; gives false where there is none.</param>
    /// <param name="limits">What the network may take; <see cref="NetworkLimits.Default"/> where not given.</param>
    /// <exception cref="ModelFormatException">
    /// A part is missing or damaged, and the message names it, or the network takes more than the limits allow.
    /// </exception>
    public static NetworkFile Read(Func<string, Action<Stream>, bool> read, NetworkLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(read);
        Network? network = null;
        Weights? weights = null;
        NetworkFileSettings? settings = null;
        try
        {
            byte[] networkHash = ReadPart(read, NetworkName, stream => network = NetworkJson.Read(stream, NetworkLimits.None));

            // What takes too much is not damaged.
            (limits ?? NetworkLimits.Default).Require(network!);
            _ = ReadPart(read, SettingsName, stream => settings = NetworkFileSettings.Read(stream, network!));
            byte[] weightsHash = ReadPart(read, WeightsName, stream => weights = SafeTensors.Read(stream, network!));
            Within(NetworkName, () => RequireHash(settings!.NetworkHash, networkHash));
            Within(WeightsName, () => RequireHash(settings!.WeightsHash, weightsHash));
            return new NetworkFile(network!, weights!, settings!);
        }
        catch
        {
            // Also where what lies behind the weights is damaged.
            weights?.Dispose();
            throw;
        }
    }

    /// <summary>Writes a network in its three parts.</summary>
    /// <param name="network">The network.</param>
    /// <param name="weights">Its weights.</param>
    /// <param name="settings">The settings, a JSON object in UTF-8 of at least one field; the hashes are added to it.</param>
    /// <param name="write">Makes a part of a name and lets it be written.</param>
    /// <param name="storage">As what the weights are written.</param>
    /// <exception cref="ArgumentException">The settings are no JSON object.</exception>
    public static void Write(
        Network network, Weights weights, ReadOnlySpan<byte> settings, Action<string, Action<Stream>> write, WeightStorage storage = WeightStorage.Full)
    {
        ArgumentNullException.ThrowIfNull(write);
        settings = settings.Trim(" \t\r\n"u8);
        if (!HasFields(settings))
        {
            throw new ArgumentException("Settings are a JSON object of at least one field.", nameof(settings));
        }

        byte[] networkHash = WritePart(write, NetworkName, stream => NetworkJson.Write(network, stream));
        byte[] weightsHash = WritePart(write, WeightsName, stream => SafeTensors.Write(weights, stream, storage: storage));
        byte[] sealedSettings = NetworkFileSettings.Seal(settings, networkHash, weightsHash);
        write(SettingsName, stream => stream.Write(sealedSettings));
    }

    /// <summary>Frees the weights.</summary>
    public void Dispose() => Weights.Dispose();

    private static bool HasFields(ReadOnlySpan<byte> json)
    {
        try
        {
            Utf8JsonReader reader = new(json);
            using JsonDocument document = JsonDocument.ParseValue(ref reader);
            return document.RootElement is { ValueKind: JsonValueKind.Object } root && root.EnumerateObject().Any()
                && reader.BytesConsumed == json.Length;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static byte[] WritePart(Action<string, Action<Stream>> write, string name, Action<Stream> action)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        write(name, stream =>
        {
            using WatchedStream watched = new(stream, hash.AppendData);
            action(watched);
        });
        return hash.GetHashAndReset();
    }

    /// <summary>Reads a part to its end, and gives its hash.</summary>
    private static byte[] ReadPart(Func<string, Action<Stream>, bool> read, string name, Action<Stream> action)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        bool isThere = false;
        Within(name, () => isThere = read(name, stream =>
        {
            using WatchedStream watched = new(stream, hash.AppendData);
            action(watched);
            watched.ReadToEnd();
        }));
        return isThere
            ? hash.GetHashAndReset()
            : throw new ModelFormatException(
                $"A model file has {NetworkName}, {WeightsName} and {SettingsName} for each convolutional network. Received: no {name}.");
    }

    private static void RequireHash(string? written, byte[] received)
    {
        string text = Convert.ToHexString(received);
        ModelFormatException.Require(
            written is null || written.Equals(text, StringComparison.OrdinalIgnoreCase),
            $"its SHA-256 hash is that of the settings, {QuotedText.Plain(written ?? string.Empty)}. Received: {text}.");
    }

    private static void Within(string name, Action action)
    {
        try
        {
            action();
        }
        catch (Exception exception) when (exception is FormatException or EndOfStreamException or InvalidDataException or ArgumentException)
        {
            throw new ModelFormatException($"The model file is damaged: {name}: {exception.Message}", exception);
        }
    }

    private static string FolderOf(string path, ZipArchive archive)
    {
        string[] folders =
        [
            .. archive.Entries
                .Select(ArchivePath.Of)
                .Where(name => name == NetworkName || name.EndsWith('/' + NetworkName, StringComparison.Ordinal))
                .Select(name => name[..^NetworkName.Length]),
        ];
        return folders.Length switch
        {
            1 => folders[0],
            0 => throw new ModelFormatException(
                $"The model file \"{path}\" holds a convolutional network. "
                + Invariant($"Received: {archive.Entries.Count} entries, none named {NetworkName}.")),
            _ => throw new ModelFormatException(
                $"The model file \"{path}\" holds one convolutional network. "
                + Invariant($"Received: {folders.Length}; load it with mlContext.Model.Load.")),
        };
    }
}
