using System.Globalization;

namespace Microsoft.ML.ConvNet.Onnx;

/// <summary>How things of a model are written in messages.</summary>
internal static class OnnxText
{
    private const int MostShown = 80;

    /// <summary>Dimensions in brackets.</summary>
    public static string Dimensions(IEnumerable<int> dimensions) =>
        $"[{string.Join(", ", dimensions.Select(dimension => dimension.ToString(CultureInfo.InvariantCulture)))}]";

    /// <summary>Dimensions of which some may not be known.</summary>
    public static string Dimensions(IEnumerable<int?> dimensions) =>
        $"[{string.Join(", ", dimensions.Select(dimension => dimension?.ToString(CultureInfo.InvariantCulture) ?? "?"))}]";

    /// <summary>A text of a file, in quotation marks, without control characters and not too long.</summary>
    public static string Quoted(string text)
    {
        string shown = text.Length > MostShown ? text[..MostShown] + "..." : text;
        return $"\"{string.Concat(shown.Select(character => char.IsControl(character) ? '?' : character))}\"";
    }
}
