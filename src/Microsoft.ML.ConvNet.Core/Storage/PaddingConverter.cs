using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.ML.ConvNet.Layers;

namespace Microsoft.ML.ConvNet.Storage;

/// <summary>Padding as <c>"same"</c>, as one number where all sides are alike, else as <c>[top, bottom, left, right]</c>.</summary>
internal sealed class PaddingConverter : JsonConverter<Padding>
{
    private const string Same = "same";

    /// <inheritdoc/>
    public override Padding Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            return reader.GetString() == Same ? Padding.Same : throw new JsonException();
        }

        int[] numbers = WholeNumbers.Read(ref reader, 4);
        return numbers.Length == 1 ? numbers[0] : new Padding(numbers[0], numbers[1], numbers[2], numbers[3]);
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Padding value, JsonSerializerOptions options)
    {
        if (value.IsSame)
        {
            writer.WriteStringValue(Same);
        }
        else if (value == value.Top)
        {
            writer.WriteNumberValue(value.Top);
        }
        else
        {
            WholeNumbers.Write(writer, [value.Top, value.Bottom, value.Left, value.Right]);
        }
    }
}
