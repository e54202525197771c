#nullable disable
using System.Globalization;
using System.Text;

namespace Microsoft.ML.Data;

/// <summary>Splits one line into fields.</summary>
internal sealed class FieldReader
{
    private readonly TextFormat _format;
    private readonly string _line;
    private readonly bool _spaceSeparates;
    private int _at;
    private bool _insideQuotes;

    public FieldReader(TextFormat format, string line)
    {
        _format = format;
        _line = format.TrimWhitespace ? line.TrimEnd() : line;
        _spaceSeparates = format.Separators.Contains(' ');
    }

    /// <summary>
    /// Reads all fields; empty ones are left out. Where the format allows it, what follows a number of fields may be written as
    /// index:value; the field before the first of these says how many there are, unless the input size is known.
    /// </summary>
    /// <param name="fields">Takes index and text of each field.</param>
    /// <returns>How many fields the line has.</returns>
    public int Read(List<KeyValuePair<int, ReadOnlyMemory<char>>> fields)
    {
        fields.Clear();
        int index = 0;
        int sparseBase = -1;
        int size = _format.InputSize;
        bool more = true;
        while (more)
        {
            more = Next(out ReadOnlyMemory<char> text, out int sparseIndex);
            if (sparseIndex < 0)
            {
                if (sparseBase >= 0)
                {
                    break;
                }

                Add(fields, index++, text);
                continue;
            }

            if (sparseBase < 0)
            {
                sparseBase = BeginSparse(fields, index, ref size);
            }

            if (sparseBase < 0 || sparseBase + sparseIndex >= size)
            {
                break;
            }

            Add(fields, sparseBase + sparseIndex, text);
        }

        return sparseBase >= 0 ? size : Math.Max(index, _format.AllowSparse ? size : 0);
    }

    public bool EndsInsideQuotes()
    {
        bool more = true;
        while (more)
        {
            more = Next(out _, out _);
        }

        return _insideQuotes;
    }

    private static void Add(List<KeyValuePair<int, ReadOnlyMemory<char>>> fields, int index, ReadOnlyMemory<char> text)
    {
        if (!text.IsEmpty)
        {
            fields.Add(KeyValuePair.Create(index, text));
        }
    }

    private int BeginSparse(List<KeyValuePair<int, ReadOnlyMemory<char>>> fields, int index, ref int size)
    {
        if (size > 0)
        {
            return index;
        }

        bool counted = fields.Count > 0
            && fields[^1].Key == index - 1
            && int.TryParse(fields[^1].Value.Span, NumberStyles.None, CultureInfo.InvariantCulture, out size)
            && size > 0;
        if (!counted)
        {
            return -1;
        }

        fields.RemoveAt(fields.Count - 1);
        size += index - 1;
        return index - 1;
    }

    /// <summary>Reads one field; false where it is the last.</summary>
    private bool Next(out ReadOnlyMemory<char> text, out int sparseIndex)
    {
        SkipSpaces();
        sparseIndex = _format.AllowSparse ? ReadSparseIndex() : -1;
        text = _at < _line.Length && _line[_at] == '"' && _format.AllowQuoting ? ReadQuoted() : ReadPlain();
        return _at++ < _line.Length;
    }

    private void SkipSpaces()
    {
        while (!_spaceSeparates && _at < _line.Length && _line[_at] == ' ')
        {
            _at++;
        }
    }

    private int ReadSparseIndex()
    {
        int end = _at;
        while (end < _line.Length && end - _at < 9 && char.IsAsciiDigit(_line[end]))
        {
            end++;
        }

        if (end == _at || end >= _line.Length || _line[end] != ':')
        {
            return -1;
        }

        int index = int.Parse(_line.AsSpan(_at, end - _at), NumberStyles.None, CultureInfo.InvariantCulture);
        _at = end + 1;
        SkipSpaces();
        return index;
    }

    private ReadOnlyMemory<char> ReadPlain()
    {
        int start = _at;
        int length = _line.AsSpan(start).IndexOfAny(_format.Separators);
        _at = length < 0 ? _line.Length : start + length;
        return _line.AsMemory(start, _at - start);
    }

    /// <summary>Reads what stands between quotes; what follows the closing one up to a separator makes the field invalid.</summary>
    private ReadOnlyMemory<char> ReadQuoted()
    {
        var text = new StringBuilder();
        _insideQuotes = true;
        for (_at++; _at < _line.Length && _insideQuotes; _at++)
        {
            char letter = _line[_at];
            bool quoteFollows = _at + 1 < _line.Length && _line[_at + 1] == '"';
            if (letter == _format.EscapeChar && quoteFollows)
            {
                text.Append('"');
                _at++;
            }
            else if (letter == '"')
            {
                _insideQuotes = false;
            }
            else
            {
                text.Append(letter);
            }
        }

        ReadOnlyMemory<char> rest = ReadPlain();
        return _insideQuotes || !rest.Span.Trim(' ').IsEmpty ? default : text.ToString().AsMemory();
    }
}
