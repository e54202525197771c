using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.ML.ConvNet.Kernels.Simd;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Storage;

namespace Microsoft.ML.ConvNet.Training.Checkpoints;

/// <summary>
/// A training's state as a file: a zip archive of safetensors files (the weights, what the optimizer remembers of each, their average, the best
/// of them) and <c>state.json</c>, which says how far the training is, what it is a function of, and the SHA-256 hash of every other entry and of
/// itself. It is there as a whole or not at all.
/// </summary>
internal static class CheckpointFile
{
    private const string Format = "Microsoft.ML.ConvNet.Checkpoint";
    private const int Version = 1;
    private const string StateName = "state.json";
    private const string WeightsName = "weights.safetensors";
    private const string AverageName = "average.safetensors";
    private const string BestName = "best.safetensors";
    private const int MostStateBytes = 256 * 1024 * 1024;

    /// <summary>Writes a state.</summary>
    /// <param name="path">The file, in whose place nothing is changed where this fails.</param>
    /// <param name="state">The training.</param>
    /// <param name="fingerprint">What it is a function of.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, TrainingState state, TrainingFingerprint fingerprint) => AtomicFile.Write(path, stream =>
    {
        using ZipArchive archive = new(stream, ZipArchiveMode.Create, leaveOpen: true);
        Dictionary<string, string> hashes = [];
        foreach ((string name, Weights weights) in PartsOf(state))
        {
            hashes.Add(name, WriteEntry(archive, name, entry => SafeTensors.Write(weights, entry)));
        }

        _ = WriteEntry(archive, StateName, entry => entry.Write(StateOf(state, fingerprint, hashes)));
    });

    /// <summary>Reads a state.</summary>
    /// <param name="path">The file.</param>
    /// <param name="network">The network.</param>
    /// <param name="options">How it is trained.</param>
    /// <param name="fingerprint">What the training is a function of.</param>
    /// <exception cref="ModelFormatException">The file is no checkpoint, or is damaged.</exception>
    /// <exception cref="ArgumentException">It is one of another training.</exception>
    /// <exception cref="NotSupportedException">It is of a newer version.</exception>
    public static TrainingState Read(string path, Network network, TrainingOptions options, TrainingFingerprint fingerprint)
    {
        ModelFormatException.RequireRegularFile(path, "A checkpoint");
        try
        {
            using ZipArchive archive = ZipFile.OpenRead(path);
            byte[] json = ReadState(archive);
            using JsonDocument document = JsonDocument.Parse(json);
            JsonFields fields = JsonFields.Of(document.RootElement, StateName);
            RequireFormat(fields);
            fingerprint.RequireSame(Texts(fields, "fingerprint"), path);
            string tier = fields.Take("simdTier", JsonValueKind.String, "a text").GetString()!;
            TrainingState state = ReadParts(archive, fields, network, options, fingerprint);
            if (tier != SimdTier.Name)
            {
                options.Warned?.Invoke(
                    $"The training began with {tier} and goes on with {SimdTier.Name}: the last bits of its results are others than on one machine.");
            }

            return state;
        }
        catch (Exception exception) when (exception is InvalidDataException or JsonException or FormatException or EndOfStreamException
            or InvalidOperationException)
        {
            throw new ModelFormatException($"The checkpoint \"{path}\" is damaged: {exception.Message}", exception);
        }
    }

    private static IEnumerable<(string Name, Weights Weights)> PartsOf(TrainingState state)
    {
        yield return (WeightsName, state.Weights);
        for (int i = 0; i < state.OptimizerState.Slots.Count; i++)
        {
            yield return (SlotName(i), state.OptimizerState.Slots[i]);
        }

        if (state.AverageWeights is { } average)
        {
            yield return (AverageName, average);
        }

        if (state.BestWeights is { } best)
        {
            yield return (BestName, best);
        }
    }

    private static string SlotName(int slot) => FormattableString.Invariant($"optimizer-{slot}.safetensors");

    private static string WriteEntry(ZipArchive archive, string name, Action<Stream> write)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using Stream entry = archive.CreateEntry(name, CompressionLevel.NoCompression).Open();
        using WatchedStream watched = new(entry, hash.AppendData);
        write(watched);
        return Convert.ToHexString(hash.GetHashAndReset());
    }

    private static byte[] StateOf(TrainingState state, TrainingFingerprint fingerprint, Dictionary<string, string> hashes)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream, new JsonWriterOptions { Indented = true }))
        {
            writer.WriteStartObject();
            writer.WriteString("format", Format);
            writer.WriteNumber("version", Version);
            writer.WriteString("simdTier", SimdTier.Name);
            writer.WriteStartObject("fingerprint");
            foreach ((string name, string value) in fingerprint.Parts)
            {
                writer.WriteString(name, value);
            }

            writer.WriteEndObject();
            writer.WriteStartObject("sha256");
            foreach ((string name, string hash) in hashes)
            {
                writer.WriteString(name, hash);
            }

            writer.WriteEndObject();
            writer.WritePropertyName("progress");
            TrainingProgressJson.Write(writer, state);
            writer.WriteEndObject();
        }

        // Its own hash stands behind the object, on a line of its own.
        byte[] json = stream.ToArray();
        return [.. json, (byte)'\n', .. System.Text.Encoding.ASCII.GetBytes(Convert.ToHexString(SHA256.HashData(json)))];
    }

    private static byte[] ReadState(ZipArchive archive)
    {
        byte[] content = [];
        using (Stream stream = Entry(archive, StateName).Open())
        using (MemoryStream memory = BoundedReading.ReadToEnd(stream, MostStateBytes, $"{StateName} has"))
        {
            content = memory.ToArray();
        }

        int end = content.AsSpan().LastIndexOf((byte)'\n');
        ModelFormatException.Require(end > 0, $"{StateName} ends with its hash. Received: one line.");
        RequireHash(StateName, System.Text.Encoding.ASCII.GetString(content.AsSpan(end + 1)), SHA256.HashData(content.AsSpan(0, end)));
        return content[..end];
    }

    private static void RequireFormat(JsonFields fields)
    {
        string format = fields.Take("format", JsonValueKind.String, "a text").GetString()!;
        ModelFormatException.Require(format == Format, $"the format is \"{Format}\". Received: {QuotedText.Of(format)}.");
        JsonElement version = fields.Take("version", JsonValueKind.Number, "a number");
        if (!version.TryGetInt32(out int number) || number != Version)
        {
            throw new NotSupportedException(
                FormattableString.Invariant($"Checkpoints of version {Version} can be read. Received: version {JsonFields.Received(version)}; use a newer ")
                + "Microsoft.ML.ConvNet.");
        }
    }

    private static TrainingState ReadParts(
        ZipArchive archive, JsonFields fields, Network network, TrainingOptions options, TrainingFingerprint fingerprint)
    {
        Dictionary<string, string> hashes = Texts(fields, "sha256");
        Weights weights = ReadWeights(archive, WeightsName, hashes, network);
        TrainingState state;
        try
        {
            state = new(weights, options);
        }
        catch
        {
            weights.Dispose();
            throw;
        }

        try
        {
            for (int i = 0; i < state.OptimizerState.Slots.Count; i++)
            {
                using Weights slot = ReadWeights(archive, SlotName(i), hashes, network);
                state.OptimizerState.Slots[i].CopyFrom(slot);
            }

            state.AverageWeights = hashes.ContainsKey(AverageName) ? ReadWeights(archive, AverageName, hashes, network) : null;
            state.BestWeights = hashes.ContainsKey(BestName) ? ReadWeights(archive, BestName, hashes, network) : null;
            int epochs = TrainingProgressJson.Read(fields.Take("progress", JsonValueKind.Object, "an object"), state);
            ModelFormatException.Require(
                (state.BestEpoch is null) == (state.BestWeights is null), $"{BestName} comes with the epoch that it is of. Received: one of them.");
            fields.RequireEmpty();
            fingerprint.RequireEpochs(epochs, state, options);
            return state;
        }
        catch
        {
            ((IDisposable)state).Dispose();
            throw;
        }
    }

    private static Weights ReadWeights(ZipArchive archive, string name, Dictionary<string, string> hashes, Network network)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using Stream stream = Entry(archive, name).Open();
        using WatchedStream watched = new(stream, hash.AppendData);
        Weights weights = SafeTensors.Read(watched, network);
        try
        {
            watched.ReadToEnd();
            RequireHash(name, hashes.GetValueOrDefault(name, "none"), hash.GetHashAndReset());
            return weights;
        }
        catch
        {
            weights.Dispose();
            throw;
        }
    }

    private static ZipArchiveEntry Entry(ZipArchive archive, string name) => archive.GetEntry(name)
        ?? throw new ModelFormatException($"a checkpoint has {name}. Received: no such entry.");

    private static Dictionary<string, string> Texts(JsonFields fields, string name)
    {
        Dictionary<string, string> texts = new(StringComparer.Ordinal);
        foreach (JsonProperty property in fields.Take(name, JsonValueKind.Object, "an object").EnumerateObject())
        {
            texts[property.Name] = property.Value.ValueKind == JsonValueKind.String ? property.Value.GetString()! : string.Empty;
        }

        return texts;
    }

    private static void RequireHash(string name, string written, byte[] received)
    {
        string text = Convert.ToHexString(received);
        ModelFormatException.Require(
            written == text, $"the SHA-256 hash of {name} is {QuotedText.Plain(written)}. Received: {text}.");
    }
}
