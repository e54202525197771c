using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.ML.ConvNet.Layers;

namespace Microsoft.ML.ConvNet.Storage;

/// <summary>A list of whole numbers, always as a list.</summary>
internal sealed class IntegersConverter : JsonConverter<Integers>
{
    /// <inheritdoc/>
    public override Integers Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        new(WholeNumbers.ReadList(ref reader));

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Integers value, JsonSerializerOptions options) =>
        WholeNumbers.Write(writer, value.AsSpan());
}
