#nullable disable
using System.Text;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>How lines are split into fields.</summary>
internal sealed class TextFormat
{
    public TextFormat(IHost host, TextLoader.Options options)
    {
        host.CheckNonEmpty(options.Separators, nameof(options.Separators));
        foreach (char separator in options.Separators)
        {
            bool illegal = (separator < ' ' && separator != '\t') || char.IsAsciiDigit(separator) || separator == '"';
            host.CheckParam(!illegal, nameof(options.Separators), $"Illegal separator: '{separator}'");
            host.CheckParam(
                separator != ':' || !options.AllowSparse,
                nameof(options.Separators),
                "When the separator is colon, turn off allowSparse");
        }

        host.CheckParam(
            options.DecimalMarker is '.' or ',',
            nameof(options.DecimalMarker),
            $"Decimal marker cannot be the '{options.DecimalMarker}' character. It must be '.' or ','.");
        host.CheckParam(
            options.AllowQuoting || options.DecimalMarker != ',' || !options.Separators.Contains(','),
            nameof(options.AllowQuoting),
            "Quoting must be allowed if decimal marker and separator are the ',' character.");
        host.CheckParam(
            !options.Separators.Contains(options.EscapeChar),
            nameof(options.EscapeChar),
            $"EscapeChar '{options.EscapeChar}' can't be used both as EscapeChar and separator");
        Separators = [.. options.Separators.Distinct()];
        AllowQuoting = options.AllowQuoting;
        AllowSparse = options.AllowSparse;
        TrimWhitespace = options.TrimWhitespace;
        HasHeader = options.HasHeader;
        ReadMultilines = options.ReadMultilines;
        MissingRealsAsNaNs = options.MissingRealsAsNaNs;
        DecimalMarker = options.DecimalMarker;
        EscapeChar = options.EscapeChar;
        InputSize = options.InputSize ?? 0;
        MaxRows = options.MaxRows ?? long.MaxValue;
    }

    public TextFormat(ModelLoadContext ctx)
    {
        Separators = ctx.LoadNonEmptyString().ToCharArray();
        AllowQuoting = ctx.Reader.ReadBoolean();
        AllowSparse = ctx.Reader.ReadBoolean();
        TrimWhitespace = ctx.Reader.ReadBoolean();
        HasHeader = ctx.Reader.ReadBoolean();
        ReadMultilines = ctx.Reader.ReadBoolean();
        MissingRealsAsNaNs = ctx.Reader.ReadBoolean();
        DecimalMarker = ctx.Reader.ReadChar();
        EscapeChar = ctx.Reader.ReadChar();
        InputSize = ctx.Reader.ReadInt32();
        MaxRows = ctx.Reader.ReadInt64();
    }

    public char[] Separators { get; }

    public bool AllowQuoting { get; }

    public bool AllowSparse { get; }

    public bool TrimWhitespace { get; }

    public bool HasHeader { get; }

    public bool ReadMultilines { get; }

    public bool MissingRealsAsNaNs { get; }

    public char DecimalMarker { get; }

    public char EscapeChar { get; }

    public int InputSize { get; }

    public long MaxRows { get; }

    public void Save(ModelSaveContext ctx)
    {
        ctx.SaveNonEmptyString(new string(Separators));
        ctx.Writer.Write(AllowQuoting);
        ctx.Writer.Write(AllowSparse);
        ctx.Writer.Write(TrimWhitespace);
        ctx.Writer.Write(HasHeader);
        ctx.Writer.Write(ReadMultilines);
        ctx.Writer.Write(MissingRealsAsNaNs);
        ctx.Writer.Write(DecimalMarker);
        ctx.Writer.Write(EscapeChar);
        ctx.Writer.Write(InputSize);
        ctx.Writer.Write(MaxRows);
    }

    /// <summary>The lines that hold rows, with their numbers: no blank ones, no comments, and no header unless asked for.</summary>
    public IEnumerable<(long Number, string Text)> ReadLines(IMultiStreamSource source, bool withHeader)
    {
        for (int file = 0; file < source.Count; file++)
        {
            using TextReader reader = source.OpenTextReader(file);
            bool atStart = true;
            long number = 0;
            for (string line = ReadLine(reader); line is not null; line = ReadLine(reader))
            {
                number++;
                bool skipped = line.Length == 0
                    || line.StartsWith("//", StringComparison.Ordinal)
                    || (atStart && line[0] == '#');
                if (skipped)
                {
                    continue;
                }

                bool isHeader = atStart && HasHeader;
                atStart = false;
                if (!isHeader || withHeader)
                {
                    yield return (number, line);
                }
            }
        }
    }

    /// <summary>A line, with those that follow where a quoted field goes on into them.</summary>
    private string ReadLine(TextReader reader)
    {
        string line = reader.ReadLine();
        if (!ReadMultilines || !AllowQuoting || line is null)
        {
            return line;
        }

        var text = new StringBuilder(line);
        while (new FieldReader(this, text.ToString()).EndsInsideQuotes())
        {
            string next = reader.ReadLine() ?? throw new EndOfStreamException(
                "A quoted field was never closed, and the last line of the file has been read without finding the closing quote");
            text.Append('\n').Append(next);
        }

        return text.ToString();
    }
}
