using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.ML.ConvNet.Layers;

namespace Microsoft.ML.ConvNet.Storage;

/// <summary>Padding of a sequence as <c>"same"</c>, as one number where both ends are alike, else as <c>[before, after]</c>.</summary>
internal sealed class Padding1DConverter : JsonConverter<Padding1D>
{
    private const string Same = "same";

    /// <inheritdoc/>
    public override Padding1D Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            return reader.GetString() == Same ? Padding1D.Same : throw new JsonException();
        }

        int[] numbers = WholeNumbers.Read(ref reader, 2);
        return numbers.Length == 1 ? numbers[0] : new Padding1D(numbers[0], numbers[1]);
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Padding1D value, JsonSerializerOptions options)
    {
        if (value.IsSame)
        {
            writer.WriteStringValue(Same);
        }
        else if (value.Before == value.After)
        {
            writer.WriteNumberValue(value.Before);
        }
        else
        {
            WholeNumbers.Write(writer, [value.Before, value.After]);
        }
    }
}
