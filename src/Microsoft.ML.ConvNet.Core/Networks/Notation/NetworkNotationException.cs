using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Networks.Notation;

/// <summary>Thrown for a text that is no network in the notation of <see cref="NetworkNotation"/>; it says where.</summary>
public sealed class NetworkNotationException : FormatException
{
    private const int MostContext = 60;

    /// <summary>Makes an exception without details.</summary>
    public NetworkNotationException()
        : this("A text is no network in notation.")
    {
    }

    /// <summary>Makes an exception with a message.</summary>
    public NetworkNotationException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an exception with a message and its cause.</summary>
    public NetworkNotationException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Makes an exception that points at a part of the notation.</summary>
    internal NetworkNotationException(string problem, string notation, int position, int length, Exception? cause = null)
        : base(Invariant($"{problem} At character {position + 1} of the notation: {Marked(notation, position, length)}"), cause)
    {
        Position = position;
        Length = length;
    }

    /// <summary>Where the part that is wrong begins, counted in characters from 0.</summary>
    public int Position { get; }

    /// <summary>How many characters the part that is wrong has.</summary>
    public int Length { get; }

    /// <summary>The text around the part, which stands between arrows.</summary>
    private static string Marked(string notation, int position, int length)
    {
        int end = position + length;
        string before = position > MostContext ? $"...{notation[(position - MostContext)..position]}" : notation[..position];
        string after = notation.Length - end > MostContext ? $"{notation[end..(end + MostContext)]}..." : notation[end..];
        return $"{before}>>>{notation[position..end]}<<<{after}";
    }
}
