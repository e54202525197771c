using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.ML.ConvNet.Layers;

namespace Microsoft.ML.ConvNet.Storage;

/// <summary>An initialisation by its name.</summary>
internal sealed class InitializationConverter : JsonConverter<Initialization>
{
    /// <inheritdoc/>
    public override Initialization Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        string? name = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
        int at = Array.IndexOf(Enum.GetNames<Initialization>(), name);
        return at >= 0 ? Enum.GetValues<Initialization>()[at] : throw new JsonException();
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Initialization value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}
