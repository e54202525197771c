using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Storage;

/// <summary>A shape as the list of its dimensions, outermost first.</summary>
internal sealed class ShapeConverter : JsonConverter<Shape>
{
    /// <inheritdoc/>
    public override Shape Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        int[] dimensions = WholeNumbers.ReadList(ref reader);
        try
        {
            return new Shape(dimensions);
        }
        catch (ArgumentException)
        {
            // Without its words: what reads the layer says which hyperparameter it was, and what it held.
            throw new JsonException();
        }
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Shape value, JsonSerializerOptions options) =>
        WholeNumbers.Write(writer, value.AsSpan());
}
