using System.Text;

namespace Microsoft.ML.ConvNet.Storage;

/// <summary>Text from a file as an error message may show it: on one line, and short.</summary>
internal static class QuotedText
{
    private const int MaximumLength = 80;

    /// <summary>The text in quotation marks; control characters are replaced, and what is too long is cut.</summary>
    public static string Of(string text) => $"\"{Plain(text)}\"";

    /// <summary>The text without quotation marks; control characters are replaced, and what is too long is cut.</summary>
    public static string Plain(string text)
    {
        StringBuilder plain = new(Math.Min(text.Length, MaximumLength) + 3);
        foreach (char character in text.AsSpan(0, Math.Min(text.Length, MaximumLength)))
        {
            bool isPrintable = !char.IsControl(character) && !char.IsSurrogate(character) && character is not ('\u2028' or '\u2029');
            plain.Append(isPrintable ? character : '\uFFFD');
        }

        return text.Length > MaximumLength ? plain.Append("...").ToString() : plain.ToString();
    }

    /// <summary>A message with every control character replaced by a space.</summary>
    public static string OneLine(string message) =>
        string.Create(message.Length, message, (characters, text) =>
        {
            for (int i = 0; i < text.Length; i++)
            {
                characters[i] = char.IsControl(text[i]) ? ' ' : text[i];
            }
        });

    /// <summary>The first few of many names, in quotation marks, joined by commas.</summary>
    public static string First(IReadOnlyCollection<string> names, int count) =>
        string.Join(", ", names.Take(count).Select(Of)) + (names.Count > count ? ", ..." : string.Empty);
}
