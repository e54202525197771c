using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.ML.ConvNet.Layers;

namespace Microsoft.ML.ConvNet.Storage;

/// <summary>A size as one number where it is square, else as <c>[height, width]</c>.</summary>
internal sealed class Size2DConverter : JsonConverter<Size2D>
{
    /// <inheritdoc/>
    public override Size2D Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        int[] numbers = WholeNumbers.Read(ref reader, 2);
        return numbers.Length == 1 ? numbers[0] : new Size2D(numbers[0], numbers[1]);
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Size2D value, JsonSerializerOptions options)
    {
        if (value.Height == value.Width)
        {
            writer.WriteNumberValue(value.Height);
        }
        else
        {
            WholeNumbers.Write(writer, [value.Height, value.Width]);
        }
    }
}
