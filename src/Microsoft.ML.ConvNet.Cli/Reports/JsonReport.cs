using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.ML.ConvNet.Storage;

namespace Microsoft.ML.ConvNet.Cli.Reports;

/// <summary>Writes reports as JSON: names in camel case, numbers that are not finite as null.</summary>
internal static class JsonReport
{
    private static readonly JsonSerializerOptions Format = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new FiniteNumberConverter() },
    };

    /// <summary>Writes a report.</summary>
    /// <param name="report">The report.</param>
    /// <param name="path">The file; where it is null, nothing is written.</param>
    public static void Write<T>(T report, string? path)
    {
        if (path != null)
        {
            AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(Text(report))));
        }
    }

    /// <summary>A report as text.</summary>
    public static string Text<T>(T report) => JsonSerializer.Serialize(report, Format) + "\n";

    /// <summary>Reads a report back.</summary>
    public static T Read<T>(string path) =>
        JsonSerializer.Deserialize<T>(File.ReadAllText(path), Format)
        ?? throw new InvalidDataException($"The file \"{path}\" holds a report. Received: null.");

    private sealed class FiniteNumberConverter : JsonConverter<double>
    {
        public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.Null ? double.NaN : reader.GetDouble();

        public override bool HandleNull => true;

        public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
        {
            if (double.IsFinite(value))
            {
                writer.WriteNumberValue(value);
            }
            else
            {
                writer.WriteNullValue();
            }
        }
    }
}
