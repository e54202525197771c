using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Networks;

namespace Microsoft.ML.ConvNet.Storage;

/// <summary>What the settings of a network's file say to one who scores: JSON whose other fields belong to the pipeline around the network.</summary>
/// <param name="Json">The settings as they were written.</param>
/// <param name="Normalization">What is done to pixels before the network.</param>
/// <param name="ClassNames">The names of the classes; null where they have none.</param>
/// <param name="IsBlueFirst">Whether colours are taken as blue, green, red.</param>
/// <param name="IsBackgroundWhite">Whether transparent pixels lie on white.</param>
/// <param name="Resizing">How images of another size are brought to the network's.</param>
/// <param name="NetworkHash">The hash of the network's definition, in hexadecimal; null where the file is from before there was one.</param>
/// <param name="WeightsHash">The hash of the weights.</param>
internal sealed record NetworkFileSettings(
    byte[] Json,
    PixelNormalization Normalization,
    IReadOnlyList<string>? ClassNames,
    bool IsBlueFirst,
    bool IsBackgroundWhite,
    ImageResizing Resizing,
    string? NetworkHash,
    string? WeightsHash)
{
    private const string Format = "Microsoft.ML.ConvNet.Transformer";
    private const string FeaturizerFormat = "Microsoft.ML.ConvNet.Featurizer";
    private const int LatestVersion = 5;
    private const int MaximumLength = 256 * 1024 * 1024;
    private const string NetworkHashField = "networkSha256";
    private const string WeightsHashField = "weightsSha256";
    private const string OwnHashField = "settingsSha256";

    /// <summary>Adds the hashes to an object: of the other parts, and at the end of all before it.</summary>
    public static byte[] Seal(ReadOnlySpan<byte> settings, byte[] networkHash, byte[] weightsHash)
    {
        byte[] begin =
        [
            .. settings[..^1],
            .. Encoding.ASCII.GetBytes(
                $",\"{NetworkHashField}\":\"{Convert.ToHexString(networkHash)}\",\"{WeightsHashField}\":\"{Convert.ToHexString(weightsHash)}\""),
        ];
        return [.. begin, .. Encoding.ASCII.GetBytes($",\"{OwnHashField}\":\"{Convert.ToHexString(SHA256.HashData(begin))}\"}}")];
    }

    /// <summary>Reads settings to the end of a stream.</summary>
    /// <exception cref="ModelFormatException">
    /// The stream holds no settings, or those of a later version, or of another network, or damaged ones.
    /// </exception>
    public static NetworkFileSettings Read(Stream stream, Network network)
    {
        using MemoryStream memory = BoundedReading.ReadToEnd(stream, MaximumLength, "settings have");
        byte[] json = memory.ToArray();
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            return Read(json, document.RootElement, network);
        }
        catch (JsonException exception)
        {
            throw new ModelFormatException($"settings are JSON. Received: {exception.Message}", exception);
        }
        catch (InvalidOperationException exception)
        {
            throw new ModelFormatException("settings are text in UTF-8. Received: bytes or escapes that are no character.", exception);
        }
    }

    private static NetworkFileSettings Read(byte[] json, JsonElement root, Network network)
    {
        ModelFormatException.Require(root.ValueKind == JsonValueKind.Object, $"settings are a JSON object. Received: {Received(root)}.");
        string? format = Text(root, "format");
        ModelFormatException.Require(
            format is Format or FeaturizerFormat,
            $"settings have the format \"{Format}\" or \"{FeaturizerFormat}\". Received: {QuotedText.Of(format ?? string.Empty)}.");
        ModelFormatException.Require(
            root.TryGetProperty("version", out JsonElement version) && version.ValueKind == JsonValueKind.Number
                && version.TryGetInt32(out int number) && number is >= 1 and <= LatestVersion,
            FormattableString.Invariant($"settings of version 1 to {LatestVersion} can be read. ")
                + $"Received: version {Received(version)}; use a newer Microsoft.ML.ConvNet.");
        string order = Text(root, "channelOrder") ?? "Rgb";
        ModelFormatException.Require(
            order is "Rgb" or "Bgr", $"the order of the channels is one that is known. Received: {QuotedText.Of(order)}.");
        string background = Text(root, "imageBackground") ?? "Black";
        ModelFormatException.Require(
            background is "White" or "Black", $"the images' background is one that is known. Received: {QuotedText.Of(background)}.");
        string resizing = Text(root, "imageResizing") ?? nameof(ImageResizing.None);
        ModelFormatException.Require(
            Enum.GetNames<ImageResizing>().Contains(resizing), $"the images' resizing is one that is known. Received: {QuotedText.Of(resizing)}.");
        NetworkFileSettings settings = new(
            json,
            ReadNormalization(root, network),
            format == FeaturizerFormat ? [] : ReadClassNames(root, network),
            order == "Bgr",
            background == "White",
            Enum.Parse<ImageResizing>(resizing),
            Text(root, NetworkHashField),
            Text(root, WeightsHashField));
        RequireSeal(json, Text(root, OwnHashField));
        return settings;
    }

    private static void RequireSeal(byte[] json, string? hash)
    {
        if (hash is null)
        {
            return;
        }

        int end = json.AsSpan().LastIndexOf(Encoding.ASCII.GetBytes($",\"{OwnHashField}\""));
        string received = end < 0 ? "another place of it" : Convert.ToHexString(SHA256.HashData(json.AsSpan(0, end)));
        ModelFormatException.Require(
            received.Equals(hash, StringComparison.OrdinalIgnoreCase),
            $"the SHA-256 hash of what is before \"{OwnHashField}\" is {QuotedText.Plain(hash)}. Received: {received}; "
            + "one who changes the settings leaves out that field.");
    }

    private static PixelNormalization ReadNormalization(JsonElement root, Network network)
    {
        float[] offsets = Numbers(root, "pixelOffsets");
        float[] scales = Numbers(root, "pixelScales");
        PixelNormalization normalization;
        try
        {
            normalization = new PixelNormalization(offsets, scales);
        }
        catch (ArgumentException exception)
        {
            throw new ModelFormatException(
                "pixel offsets and scales are finite numbers, as many of one as of the other. "
                + FormattableString.Invariant($"Received: {offsets.Length} and {scales.Length}."),
                exception);
        }

        ModelFormatException.Require(
            normalization.Fits(network.InputShape),
            FormattableString.Invariant($"pixel offsets and scales are one number each, or {network.InputShape.Channels} each. ")
                + FormattableString.Invariant($"Received: {offsets.Length} each."));
        return normalization;
    }

    private static string[]? ReadClassNames(JsonElement root, Network network)
    {
        int outputs = network.OutputShape.Rank == 1 ? network.OutputShape.ElementCount : 0;
        ModelFormatException.Require(
            root.TryGetProperty("classCount", out JsonElement count) && count.ValueKind == JsonValueKind.Number
                && count.TryGetInt32(out int classes) && classes >= 1 && classes == outputs,
            $"the network has one output for each of the classes, {Received(count)} outputs. Received: {network.OutputShape}.");
        if (!root.TryGetProperty("labelValues", out JsonElement values) || values.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        ModelFormatException.Require(
            values.ValueKind == JsonValueKind.Array && values.GetArrayLength() == outputs,
            FormattableString.Invariant($"there are {outputs} label values, or none. ")
                + $"Received: {(values.ValueKind == JsonValueKind.Array ? values.GetArrayLength().ToString(CultureInfo.InvariantCulture) : Received(values))}.");
        string[] names = new string[outputs];
        int read = 0;
        foreach (JsonElement value in values.EnumerateArray())
        {
            ModelFormatException.Require(value.ValueKind == JsonValueKind.String, "label values are texts. Received: something else.");
            names[read++] = value.GetString()!;
        }

        return names;
    }

    private static string Received(JsonElement element) =>
        element.ValueKind == JsonValueKind.Undefined ? "none" : JsonFields.Received(element);

    private static string? Text(JsonElement root, string name)
    {
        if (!root.TryGetProperty(name, out JsonElement value) || value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        ModelFormatException.Require(value.ValueKind == JsonValueKind.String, $"\"{name}\" is a text. Received: {Received(value)}.");
        return value.GetString();
    }

    private static float[] Numbers(JsonElement root, string name)
    {
        if (!root.TryGetProperty(name, out JsonElement value))
        {
            return [];
        }

        bool isList = value.ValueKind == JsonValueKind.Array;
        float[] numbers = new float[isList ? value.GetArrayLength() : 0];
        int read = 0;
        foreach (JsonElement number in isList ? value.EnumerateArray() : default)
        {
            isList &= number.ValueKind == JsonValueKind.Number;
            numbers[read++] = isList && number.TryGetSingle(out float single) ? single : float.NaN;
        }

        ModelFormatException.Require(isList, $"\"{name}\" is a list of numbers. Received: {Received(value)}.");
        return numbers;
    }
}
