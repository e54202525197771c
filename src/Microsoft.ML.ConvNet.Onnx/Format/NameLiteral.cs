using System.Globalization;
using System.Text;

namespace Microsoft.ML.ConvNet.Onnx.Format;

/// <summary>
/// Reads names written as a list, or as a dictionary by number, in JSON or in Python: <c>["cat", "dog"]</c>, <c>{0: 'cat', 1: 'dog'}</c>.
/// </summary>
/// <param name="text">The text.</param>
internal sealed class NameLiteral(string text)
{
    private int _at;

    /// <summary>The names in order; null where the text is something else.</summary>
    public IReadOnlyList<string>? Read()
    {
        IReadOnlyList<string>? names = Takes('[') ? List() : Takes('{') ? Dictionary() : null;
        Blanks();
        return names is { Count: > 0 } && _at == text.Length ? names : null;
    }

    private List<string>? List()
    {
        List<string> names = [];
        while (!Takes(']'))
        {
            if (Quoted() is not { } name)
            {
                return null;
            }

            names.Add(name);
            if (!Takes(',') && !IsNext(']'))
            {
                return null;
            }
        }

        return names;
    }

    private string[]? Dictionary()
    {
        Dictionary<int, string> names = [];
        while (!Takes('}'))
        {
            if (Number() is not { } number || !Takes(':') || Quoted() is not { } name || !names.TryAdd(number, name))
            {
                return null;
            }

            if (!Takes(',') && !IsNext('}'))
            {
                return null;
            }
        }

        // Each class from 0 on has one.
        return names.Keys.All(number => number < names.Count) ? [.. names.OrderBy(pair => pair.Key).Select(pair => pair.Value)] : null;
    }

    /// <summary>The number of a class, which JSON writes in quotation marks.</summary>
    private int? Number()
    {
        string? digits = IsNext('"') || IsNext('\'') ? Quoted() : null;
        if (digits is null)
        {
            int start = _at;
            while (_at < text.Length && char.IsAsciiDigit(text[_at]))
            {
                _at++;
            }

            digits = text[start.._at];
        }

        return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;
    }

    private string? Quoted()
    {
        char mark = IsNext('\'') ? '\'' : '"';
        if (!Takes(mark))
        {
            return null;
        }

        StringBuilder name = new();
        while (_at < text.Length && text[_at] != mark)
        {
            if (text[_at] != '\\')
            {
                name.Append(text[_at++]);
            }
            else if (!AppendEscaped(name))
            {
                return null;
            }
        }

        // Half of a pair, which an escape can be, is no character, and no file would take it.
        return _at++ < text.Length ? Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(name.ToString())) : null;
    }

    /// <summary>Reads a backslash and what follows it.</summary>
    private bool AppendEscaped(StringBuilder name)
    {
        _at++;
        char kind = _at < text.Length ? text[_at++] : '\0';
        switch (kind)
        {
            case '\\' or '\'' or '"' or '/':
                name.Append(kind);
                return true;
            case 'n' or 'r' or 't' or 'b' or 'f':
                name.Append(kind switch { 'n' => '\n', 'r' => '\r', 't' => '\t', 'b' => '\b', _ => '\f' });
                return true;
            case 'x' or 'u' or 'U':
                return AppendCharacter(name, kind switch { 'x' => 2, 'u' => 4, _ => 8 });
            default:
                return false;
        }
    }

    private bool AppendCharacter(StringBuilder name, int digits)
    {
        if (_at + digits > text.Length
            || !uint.TryParse(text.AsSpan(_at, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint code)
            || code > 0x10ffff)
        {
            return false;
        }

        _at += digits;
        _ = code > char.MaxValue ? name.Append(char.ConvertFromUtf32((int)code)) : name.Append((char)code);
        return true;
    }

    private bool Takes(char character)
    {
        bool isNext = IsNext(character);
        _at += isNext ? 1 : 0;
        return isNext;
    }

    private bool IsNext(char character)
    {
        Blanks();
        return _at < text.Length && text[_at] == character;
    }

    private void Blanks()
    {
        while (_at < text.Length && char.IsWhiteSpace(text[_at]))
        {
            _at++;
        }
    }
}
