using System.Globalization;
using Microsoft.ML.ConvNet.Layers;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Networks.Notation;

/// <summary>What stands behind a layer's name in a network's notation: <c>3x5-32s2p1</c> of <c>conv3x5-32s2p1</c>.</summary>
internal sealed class NotationArguments
{
    private const int LargestNumber = 1_000_000;

    private readonly Dictionary<char, int> _options = [];
    private bool _hasWidth;

    private NotationArguments(NotationToken token, string name)
    {
        Token = token;
        Name = name;
    }

    /// <summary>The whole word.</summary>
    public NotationToken Token { get; }

    /// <summary>The layer's name: the letters that the word begins with, in lower case.</summary>
    public string Name { get; }

    /// <summary>The number behind the name, if there is one.</summary>
    public double? Number { get; private set; }

    /// <summary>The height and width behind the name, if they are there; a whole number is a square.</summary>
    public Size2D? Size { get; private set; }

    /// <summary>The number behind the hyphen, if there is one.</summary>
    public int? Count { get; private set; }

    /// <summary>Reads a word.</summary>
    /// <exception cref="NetworkNotationException">It is not written as layers are.</exception>
    public static NotationArguments Read(NotationToken token)
    {
        string text = token.Text;
        int at = 0;
        while (at < text.Length && char.IsAsciiLetter(text[at]))
        {
            at++;
        }

        NotationArguments read = new(token, text[..at].ToLowerInvariant());
        read.ReadNumbers(text, ref at);
        while (at < text.Length && char.IsAsciiLetter(text[at]))
        {
            char option = char.ToLowerInvariant(text[at++]);
            if (!read._options.TryAdd(option, read.WholeNumber(text, ref at)))
            {
                throw token.Error($"\"{option}\" is given once. Received: \"{text}\".");
            }
        }

        return at == text.Length
            ? read
            : throw token.Error($"A layer is a name, numbers and options, such as conv3-32s2. Received: \"{text}\".");
    }

    /// <summary>The number of an option, if it is given.</summary>
    public int? Option(char option) => _options.TryGetValue(option, out int value) ? value : null;

    /// <summary>Throws where there is an option or a number that the layer does not take.</summary>
    public void Allow(string form, bool size, bool count, bool number, string options)
    {
        bool isWrong = (Count != null && !count)
            || (Number != null && !number && !size)
            || (_hasWidth && !size)
            || _options.Keys.Any(option => !options.Contains(option, StringComparison.Ordinal));
        if (isWrong)
        {
            throw Token.Error($"{Name} is written {form}. Received: \"{Token.Text}\".");
        }
    }

    private void ReadNumbers(string text, ref int at)
    {
        int start = at;
        while (at < text.Length && (char.IsAsciiDigit(text[at]) || text[at] == '.'))
        {
            at++;
        }

        if (at > start)
        {
            Number = double.TryParse(text[start..at], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number)
                ? number
                : throw Token.Error($"A number is written as 3 or 0.5. Received: \"{text[start..at]}\".");
            if (Number == Math.Floor(number) && number <= LargestNumber)
            {
                int height = (int)number;
                _hasWidth = at + 1 < text.Length && text[at] is 'x' or 'X' && char.IsAsciiDigit(text[at + 1]);
                at += _hasWidth ? 1 : 0;
                Size = (height, _hasWidth ? WholeNumber(text, ref at) : height);
                Number = _hasWidth ? null : Number;
            }
        }

        if (at < text.Length && text[at] == '-')
        {
            at++;
            Count = WholeNumber(text, ref at);
        }
    }

    private int WholeNumber(string text, ref int at)
    {
        int start = at;
        while (at < text.Length && char.IsAsciiDigit(text[at]))
        {
            at++;
        }

        return int.TryParse(text.AsSpan(start, at - start), NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            && number <= LargestNumber
            ? number
            : throw Token.Error(Invariant($"A whole number up to {LargestNumber:N0} stands behind \"{text[..start]}\". Received: \"{text}\"."));
    }
}
