#nullable disable
using System.Buffers;
using System.Globalization;
using System.Text;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>The options of a text loader written into the file itself, in lines that start with "#@".</summary>
internal static class EmbeddedOptions
{
    private static readonly (DataKind Kind, string Code)[] Codes =
    [
        (DataKind.SByte, "I1"), (DataKind.Byte, "U1"), (DataKind.Int16, "I2"), (DataKind.UInt16, "U2"),
        (DataKind.Int32, "I4"), (DataKind.UInt32, "U4"), (DataKind.Int64, "I8"), (DataKind.UInt64, "U8"),
        (DataKind.Single, "R4"), (DataKind.Double, "R8"), (DataKind.String, "TX"), (DataKind.Boolean, "BL"),
        (DataKind.TimeSpan, "TS"), (DataKind.DateTime, "DT"), (DataKind.DateTimeOffset, "DZ"),
    ];

    private static readonly SearchValues<char> NeedsBraces = SearchValues.Create(" :{}\"=");

    private static readonly (char Separator, string Name)[] Separators =
        [(' ', "space"), ('\t', "tab"), (',', "comma"), (';', "semicolon"), ('|', "bar"), (':', "colon")];

    public static void Write(TextWriter writer, DataViewSchema.Column[] columns, char separator, bool hasHeader)
    {
        writer.WriteLine("#@ TextLoader{");
        if (hasHeader)
        {
            writer.WriteLine("#@   header+");
        }

        writer.WriteLine($"#@   sep={Array.Find(Separators, x => x.Separator == separator).Name}");
        int start = 0;
        foreach (DataViewSchema.Column column in columns)
        {
            var item = (PrimitiveDataViewType)column.Type.GetItemType();
            string code = Array.Find(Codes, x => x.Kind == ColumnTypeExtensions.KindOf(item)).Code;
            string keys = item is KeyDataViewType key ? $"[{key.Count}]" : "";
            string range = column.Type is not VectorDataViewType vector ? $"{start}"
                : vector.IsKnownSize ? $"{start}-{start + vector.Size - 1}"
                : $"{start}-**";
            writer.WriteLine($"#@   col={QuoteName(column.Name)}:{code}{keys}:{range}");
            start += column.Type.GetValueCount();
        }

        writer.WriteLine("#@ }");
    }

    /// <summary>The options in the file, or else a label in field 0 and features in all others.</summary>
    public static TextLoader.Options ReadOrDefault(IHost host, IMultiStreamSource source, TextLoader.Options given)
    {
        string text = source is { Count: > 0 } ? ReadText(source) : "";
        if (text.Length > 0 && IsDefault(given))
        {
            return Parse(host, text, given);
        }

        if (text.Length > 0)
        {
            using IChannel channel = host.Start("Parsing options from file");
            channel.Warning(
                MessageSensitivity.None,
                "Arguments cannot be embedded in the file and in the command line. The embedded arguments will be ignored");
        }

        return With(given, given.HasHeader, given.Separators,
        [
            new TextLoader.Column("Label", DataKind.Single, 0),
            new TextLoader.Column("Features", DataKind.Single, [new TextLoader.Range(1, null)]),
        ]);
    }

    /// <summary>Whether nothing is asked for that the file itself could say.</summary>
    private static bool IsDefault(TextLoader.Options given) =>
        given is { AllowQuoting: false, AllowSparse: false, InputSize: null, TrimWhitespace: false, HasHeader: false }
        && given is { ReadMultilines: false, MissingRealsAsNaNs: false, DecimalMarker: '.', EscapeChar: '"', Separators: ['\t'] };

    private static string QuoteName(string name) =>
        name.AsSpan().ContainsAny(NeedsBraces) ? $"{{{name}}}" : name;

    private static string ReadText(IMultiStreamSource source)
    {
        var text = new StringBuilder();
        using TextReader reader = source.OpenTextReader(0);
        for (string line = reader.ReadLine(); line is not null; line = reader.ReadLine())
        {
            bool skipped = line.Length == 0 || line.StartsWith("//", StringComparison.Ordinal);
            if (!skipped && line[0] != '#')
            {
                break;
            }

            if (line.StartsWith("#@", StringComparison.Ordinal))
            {
                text.AppendLine(line[2..].Trim());
            }
        }

        return text.ToString();
    }

    private static TextLoader.Options Parse(IHost host, string text, TextLoader.Options given)
    {
        bool hasHeader = false;
        char[] separators = ['\t'];
        var columns = new List<TextLoader.Column>();
        foreach (string line in text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (line is "TextLoader{" or "}")
            {
                continue;
            }

            if (line == "header+")
            {
                hasHeader = true;
            }
            else if (line.StartsWith("sep=", StringComparison.Ordinal))
            {
                string name = line[4..];
                separators = [Array.Find(Separators, x => x.Name == name) is { Name: not null } known ? known.Separator : name[0]];
            }
            else if (line.StartsWith("col=", StringComparison.Ordinal) && ParseColumn(line[4..]) is TextLoader.Column column)
            {
                columns.Add(column);
            }
            else
            {
                throw host.Except("TextLoader options embedded in the file are invalid");
            }
        }

        return With(given, hasHeader, separators, [.. columns]);
    }

    private static TextLoader.Options With(
        TextLoader.Options given, bool hasHeader, char[] separators, TextLoader.Column[] columns) => new()
        {
            AllowQuoting = given.AllowQuoting,
            AllowSparse = given.AllowSparse,
            InputSize = given.InputSize,
            Separators = separators,
            DecimalMarker = given.DecimalMarker,
            Columns = columns,
            TrimWhitespace = given.TrimWhitespace,
            HasHeader = hasHeader,
            UseThreads = given.UseThreads,
            ReadMultilines = given.ReadMultilines,
            HeaderFile = given.HeaderFile,
            MaxRows = given.MaxRows,
            EscapeChar = given.EscapeChar,
            MissingRealsAsNaNs = given.MissingRealsAsNaNs,
        };

    private static TextLoader.Column ParseColumn(string text)
    {
        int nameEnd = text.StartsWith('{') ? text.IndexOf('}') + 1 : text.IndexOf(':');
        string[] rest = nameEnd <= 0 || nameEnd >= text.Length ? [] : text[(nameEnd + 1)..].Split(':');
        if (rest.Length != 2)
        {
            return null;
        }

        string[] kind = rest[0].TrimEnd(']').Split('[');
        string[] range = rest[1].Split('-');
        bool ok = Array.Exists(Codes, x => x.Code == kind[0]) & int.TryParse(range[0], out int first);
        if (!ok)
        {
            return null;
        }

        return new TextLoader.Column
        {
            Name = text[..nameEnd].Trim('{', '}'),
            DataKind = Array.Find(Codes, x => x.Code == kind[0]).Kind,
            KeyCount = kind.Length > 1 ? new KeyCount(ulong.Parse(kind[1], CultureInfo.InvariantCulture)) : null,
            Source = [range.Length == 1 ? new TextLoader.Range(first)
                : range[1] == "**" ? new TextLoader.Range { Min = first, VariableEnd = true }
                : range[1] == "*" ? new TextLoader.Range(first, null)
                : new TextLoader.Range(first, int.Parse(range[1], CultureInfo.InvariantCulture))],
        };
    }
}
