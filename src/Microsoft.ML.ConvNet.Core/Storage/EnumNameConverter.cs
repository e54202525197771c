using System.Text.Json;
using System.Text.Json.Serialization;

namespace Microsoft.ML.ConvNet.Storage;

/// <summary>A value of an enumeration by its name.</summary>
internal sealed class EnumNameConverter<TEnum> : JsonConverter<TEnum>
    where TEnum : struct, Enum
{
    /// <inheritdoc/>
    public override TEnum Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        string? name = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
        int at = Array.IndexOf(Enum.GetNames<TEnum>(), name);
        return at >= 0 ? Enum.GetValues<TEnum>()[at] : throw new JsonException();
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, TEnum value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}
