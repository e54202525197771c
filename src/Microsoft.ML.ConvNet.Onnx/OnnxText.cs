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

    /// <summary>The first of some numbers in brackets, and how many there are.</summary>
    public static string Numbers(IReadOnlyCollection<long> numbers)
    {
        const int Most = 16;
        string further = numbers.Count > Most ? string.Create(CultureInfo.InvariantCulture, $", ... {numbers.Count:N0} in all") : string.Empty;
        return $"[{string.Join(", ", numbers.Take(Most).Select(number => number.ToString(CultureInfo.InvariantCulture)))}{further}]";
    }

    /// <summary>A text of a file, in quotation marks, its control characters written as \u001b is, and not too long.</summary>
    public static string Quoted(string text) => $"\"{Escaped(text)}\"";

    /// <summary>A text of a file, its control characters written as \u001b is, and not too long.</summary>
    public static string Escaped(string text)
    {
        string shown = text.Length > MostShown ? text[..MostShown] + "..." : text;
        return string.Concat(shown.Select(character => IsPlain(character)
            ? character.ToString()
            : string.Create(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}")));
    }

    /// <summary>Whether a character is shown as itself: it moves no cursor and turns no text around.</summary>
    private static bool IsPlain(char character) => CharUnicodeInfo.GetUnicodeCategory(character)
        is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
