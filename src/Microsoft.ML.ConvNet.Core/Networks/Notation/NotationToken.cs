namespace Microsoft.ML.ConvNet.Networks.Notation;

/// <summary>A word of a network's notation, or one of its brackets.</summary>
/// <param name="Notation">The whole text.</param>
/// <param name="Position">Where it begins.</param>
/// <param name="Length">Its characters.</param>
internal readonly record struct NotationToken(string Notation, int Position, int Length)
{
    /// <summary>The characters.</summary>
    public string Text => Notation.Substring(Position, Length);

    /// <summary>The words and brackets of a text; blanks, commas and arrows separate them.</summary>
    public static List<NotationToken> Split(string notation)
    {
        List<NotationToken> tokens = [];
        int at = 0;
        while (at < notation.Length)
        {
            int length = LengthAt(notation, at);
            if (length > 0)
            {
                tokens.Add(new NotationToken(notation, at, length));
            }

            at += length > 0 ? length : SeparatorAt(notation, at);
        }

        return tokens;
    }

    /// <summary>An error that points here.</summary>
    public NetworkNotationException Error(string problem, Exception? cause = null) => new(problem, Notation, Position, Length, cause);

    /// <summary>The length of the token that begins at a place; 0 where a separator does.</summary>
    private static int LengthAt(string notation, int at)
    {
        if (notation[at] == '[')
        {
            return 1;
        }

        // What follows a closing bracket belongs to it: the number of repetitions.
        int end = notation[at] == ']' ? at + 1 : at;
        while (end < notation.Length && notation[end] is not ('[' or ']') && SeparatorAt(notation, end) == 0)
        {
            end++;
        }

        return end - at;
    }

    private static int SeparatorAt(string notation, int at) =>
        char.IsWhiteSpace(notation[at]) || notation[at] == ',' ? 1
        : notation.AsSpan(at).StartsWith("->", StringComparison.Ordinal) ? 2
        : 0;
}
