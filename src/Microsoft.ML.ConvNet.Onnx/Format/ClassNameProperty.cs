using System.Text.Encodings.Web;
using System.Text.Json;

namespace Microsoft.ML.ConvNet.Onnx.Format;

/// <summary>
/// The names of a model's classes among its metadata, under the key <c>names</c>: written as a JSON list, which Ultralytics' programs read,
/// too; read as that, or as what they write, a dictionary of Python by number.
/// </summary>
internal static class ClassNameProperty
{
    /// <summary>The key.</summary>
    public const string Key = "names";

    // Letters of all scripts as they are: other readers take the text for a literal of Python, which has no pairs of \u.
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Gives a model the names.</summary>
    public static void Write(ModelProto model, IReadOnlyList<string> names) =>
        model.MetadataProps.Add(new StringStringEntryProto { Key = Key, Value = JsonSerializer.Serialize(names, Plain) });

    /// <summary>The names that a model has, as they are; null where there are none, or none that can be read.</summary>
    public static IReadOnlyList<string>? Read(ModelProto model) =>
        model.MetadataProps.FirstOrDefault(property => property.Key == Key) is { } property ? new NameLiteral(property.Value).Read() : null;
}
