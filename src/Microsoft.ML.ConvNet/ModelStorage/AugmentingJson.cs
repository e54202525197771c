using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.ML.ConvNet.Augmenting;
using Microsoft.ML.ConvNet.Data.Augmentation;
using Microsoft.ML.ConvNet.Storage;

namespace Microsoft.ML.ConvNet.ModelStorage;

/// <summary>The settings of an augmenting transformer as they are written: JSON in UTF-8.</summary>
internal static class AugmentingJson
{
    /// <summary>The name of the part of a model file.</summary>
    public const string Name = "augmentation.json";

    /// <summary>The settings as text.</summary>
    public static byte[] Write(AugmentingSettings settings) =>
        JsonSerializer.SerializeToUtf8Bytes(settings, AugmentingJsonContext.Default.AugmentingSettings);

    /// <summary>Reads settings.</summary>
    /// <exception cref="ModelFormatException">They are damaged, or out of their range.</exception>
    public static AugmentingSettings Read(ReadOnlySpan<byte> json)
    {
        try
        {
            AugmentingSettings settings = JsonSerializer.Deserialize(json, AugmentingJsonContext.Default.AugmentingSettings)
                ?? throw new JsonException("There are no settings. Received: null.");
            Require(!string.IsNullOrEmpty(settings.InputColumn), "inputColumn");
            Require(!string.IsNullOrEmpty(settings.OutputColumn), "outputColumn");
            Require(settings.Augmentation is not null, "augmentation");
            Require(Enum.IsDefined(settings.Background), "background");
            settings.Augmentation!.Check();
            return settings;
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException)
        {
            throw new ModelFormatException($"The model file is damaged: {Name}: {exception.Message}", exception);
        }
    }

    private static void Require(bool condition, string name)
    {
        if (!condition)
        {
            throw new JsonException($"The field \"{name}\" is missing or empty.");
        }
    }
}

/// <summary>A policy with its kind: <c>{"randAugment":{...}}</c>.</summary>
internal sealed class AugmentationPolicyConverter : JsonConverter<AugmentationPolicy>
{
    private const string Rand = "randAugment";
    private const string Trivial = "trivialAugment";

    /// <inheritdoc/>
    public override AugmentationPolicy? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        _ = reader.TokenType == JsonTokenType.StartObject && reader.Read();
        string? kind = reader.TokenType == JsonTokenType.PropertyName ? reader.GetString() : null;
        _ = reader.Read();
        AugmentationPolicy? policy = kind switch
        {
            Rand => JsonSerializer.Deserialize(ref reader, AugmentingJsonContext.Default.RandAugment),
            Trivial => JsonSerializer.Deserialize(ref reader, AugmentingJsonContext.Default.TrivialAugment),
            _ => throw new JsonException($"A policy is {Rand} or {Trivial}. Received: {kind ?? "neither"}."),
        };
        return reader.Read() && reader.TokenType == JsonTokenType.EndObject ? policy : throw new JsonException("A policy is of one kind.");
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, AugmentationPolicy value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        if (value is RandAugment rand)
        {
            writer.WritePropertyName(Rand);
            JsonSerializer.Serialize(writer, rand, AugmentingJsonContext.Default.RandAugment);
        }
        else
        {
            writer.WritePropertyName(Trivial);
            JsonSerializer.Serialize(writer, (TrivialAugment)value, AugmentingJsonContext.Default.TrivialAugment);
        }

        writer.WriteEndObject();
    }
}

/// <summary>How the settings are written.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    UseStringEnumConverter = true,
    Converters = [typeof(AugmentationPolicyConverter)])]
[JsonSerializable(typeof(AugmentingSettings))]
[JsonSerializable(typeof(RandAugment))]
[JsonSerializable(typeof(TrivialAugment))]
internal sealed partial class AugmentingJsonContext : JsonSerializerContext;
