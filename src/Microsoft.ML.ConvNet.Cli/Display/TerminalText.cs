using System.Globalization;
using System.Text;

namespace Microsoft.ML.ConvNet.Cli.Display;

/// <summary>
/// Text for a terminal. Names of files, folders, classes and layers may hold any character, and some of them are commands to a terminal
/// or make one line look like two, or like another: they are written as <c>\u001B</c>.
/// </summary>
internal static class TerminalText
{
    /// <summary>A name, with what would not be shown as a character written as its number.</summary>
    public static string Of(string name) => IsPlain(name, keepsLines: false) ? name : Escaped(name, keepsLines: false);

    /// <summary>Text of any number of lines, likewise.</summary>
    public static string OfLines(string text) => IsPlain(text, keepsLines: true) ? text : Escaped(text, keepsLines: true);

    private static bool IsPlain(string text, bool keepsLines)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (IsCommand(text, i, keepsLines))
            {
                return false;
            }
        }

        return true;
    }

    private static string Escaped(string text, bool keepsLines)
    {
        StringBuilder escaped = new(text.Length + 16);
        for (int i = 0; i < text.Length; i++)
        {
            _ = IsCommand(text, i, keepsLines)
                ? escaped.Append(CultureInfo.InvariantCulture, $"\\u{(int)text[i]:X4}")
                : escaped.Append(text[i]);
        }

        return escaped.ToString();
    }

    // Control characters (of 8 bits, too), what turns the direction of writing, separators of lines, and halves of a character.
    private static bool IsCommand(string text, int at, bool keepsLines)
    {
        char character = text[at];
        if (character < ' ')
        {
            bool endsLine = character == '\n' || (character == '\r' && at + 1 < text.Length && text[at + 1] == '\n');
            return !(keepsLines && endsLine);
        }

        if (character < '\u007f')
        {
            return false;
        }

        return char.GetUnicodeCategory(character) switch
        {
            // A zero-width joiner is a part of names in some scripts, and of emoji.
            UnicodeCategory.Format => character is not ('\u200c' or '\u200d'),
            UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => true,
            UnicodeCategory.Surrogate => !IsHalfOfPair(text, at),
            _ => false,
        };
    }

    private static bool IsHalfOfPair(string text, int at) => char.IsHighSurrogate(text[at])
        ? at + 1 < text.Length && char.IsLowSurrogate(text[at + 1])
        : at > 0 && char.IsHighSurrogate(text[at - 1]);
}
