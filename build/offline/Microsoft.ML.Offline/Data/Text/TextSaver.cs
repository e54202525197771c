#nullable disable
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Writes rows as lines of fields; lines that are mostly default values end in index:value pairs.</summary>
internal sealed class TextSaver
{
    private const double PairCost = 2.5;
    private const int SmallestSparsePart = 5;

    private readonly IHost _host;
    private readonly DataViewSchema.Column[] _columns;
    private readonly char _separator;
    private readonly bool _forceDense;

    public TextSaver(IHostEnvironment env, DataViewSchema.Column[] columns, char separator, bool forceDense)
    {
        _host = env.Register(nameof(TextSaver));
        _host.CheckParam(
            " \t,;|".Contains(separator, StringComparison.Ordinal),
            nameof(separator),
            "Invalid separator - must be: space, tab, comma, semicolon, or bar");
        _columns = columns;
        _separator = separator;
        _forceDense = forceDense;
    }

    public void Save(IDataView data, Stream stream, bool headerRow, bool schema)
    {
        using IChannel channel = _host.Start("Saving");
        using var writer = new StreamWriter(stream, leaveOpen: true);
        bool hasHeader = headerRow && Array.Exists(_columns, column => column.Type is not VectorDataViewType || column.HasSlotNames());
        if (schema)
        {
            EmbeddedOptions.Write(writer, _columns, _separator, hasHeader);
        }

        if (hasHeader)
        {
            WriteLine(writer, [.. _columns.Select(HeaderOf)]);
        }

        using DataViewRowCursor cursor = data.GetRowCursor(_columns);
        Func<Part>[] parts = [.. _columns.Select(column => MakePart(cursor, column))];
        while (cursor.MoveNext())
        {
            WriteLine(writer, [.. parts.Select(part => part())]);
        }
    }

    private Part HeaderOf(DataViewSchema.Column column)
    {
        if (column.Type is not VectorDataViewType vector)
        {
            return new Part(1, "\"\"", [KeyValuePair.Create(0, Quote(column.Name))]);
        }

        VBuffer<ReadOnlyMemory<char>> names = default;
        if (column.HasSlotNames())
        {
            column.GetSlotNames(ref names);
        }

        return new Part(vector.Size, "\"\"", [.. names.Items()
            .Where(name => !name.Value.IsEmpty)
            .Select(name => KeyValuePair.Create(name.Key, Quote(name.Value.ToString())))]);
    }

    private Func<Part> MakePart(DataViewRow row, DataViewSchema.Column column)
    {
        Func<DataViewRow, DataViewSchema.Column, Func<Part>> example =
            column.Type is VectorDataViewType ? MakeVectorPart<int> : MakeScalarPart<int>;
        return GenericCall.Invoke<Func<Part>>(example, column.Type.GetItemType().RawType, row, column);
    }

    private Func<Part> MakeScalarPart<T>(DataViewRow row, DataViewSchema.Column column)
    {
        ValueGetter<T> get = row.GetGetter<T>(column);
        Func<T, string> format = Format<T>(column.Type);
        string defaultText = format(default);
        T value = default;
        return () =>
        {
            get(ref value);
            string text = format(value);
            return new Part(1, defaultText, text == defaultText ? [] : [KeyValuePair.Create(0, text)]);
        };
    }

    private Func<Part> MakeVectorPart<T>(DataViewRow row, DataViewSchema.Column column)
    {
        ValueGetter<VBuffer<T>> get = row.GetGetter<VBuffer<T>>(column);
        Func<T, string> format = Format<T>(column.Type.GetItemType());
        string defaultText = format(default);
        VBuffer<T> value = default;
        return () =>
        {
            get(ref value);
            return new Part(value.Length, defaultText, [.. value.Items()
                .Select(item => KeyValuePair.Create(item.Key, format(item.Value)))
                .Where(item => item.Value != defaultText)]);
        };
    }

    /// <summary>Keys are written from 0, missing ones as nothing; times and text are quoted where they must be.</summary>
    private Func<T, string> Format<T>(DataViewType type)
    {
        if (type is KeyDataViewType)
        {
            return value => Convert.ToUInt64(value, null) is ulong key and > 0 ? (key - 1).ToText() : "";
        }

        return type switch
        {
            TextDataViewType => value => Quote(value.ToText()),
            TimeSpanDataViewType or DateTimeDataViewType or DateTimeOffsetDataViewType => value => $"\"{value.ToText()}\"",
            _ => value => value.ToText(),
        };
    }

    private string Quote(string text)
    {
        bool needed = text.Length == 0 || text[0] == ' ' || text.AsSpan().IndexOfAny(['"', _separator, ':', '\n']) >= 0;
        return needed ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
    }

    private void WriteLine(StreamWriter writer, Part[] parts)
    {
        int dense = _forceDense ? parts.Length : CountDenseParts(parts);
        var fields = new List<string>();
        foreach (Part part in parts.AsSpan(0, dense))
        {
            fields.AddRange(part.DenseFields());
        }

        if (dense < parts.Length)
        {
            AddSparse(fields, parts.AsSpan(dense));
        }

        writer.WriteLine(string.Join(_separator, fields));
    }

    private static void AddSparse(List<string> fields, ReadOnlySpan<Part> parts)
    {
        int offset = 0;
        int start = fields.Count;
        foreach (Part part in parts)
        {
            foreach (KeyValuePair<int, string> item in part.Items)
            {
                fields.Add($"{offset + item.Key}:{item.Value}");
            }

            offset += part.Length;
        }

        if (fields.Count == start)
        {
            fields.Add($"0:{parts[0].DefaultText}");
        }

        fields.Insert(start, offset.ToText());
    }

    /// <summary>How many columns are best written in full, the others as pairs.</summary>
    private static int CountDenseParts(Part[] parts)
    {
        int best = 0;
        int length = 0;
        int remaining = parts.Sum(part => part.Items.Length);
        double lowest = PairCost * remaining;
        int denseLength = 0;
        for (int i = 0; i < parts.Length; i++)
        {
            length += parts[i].Length;
            remaining -= parts[i].Items.Length;
            double cost = length + (PairCost * remaining);
            if (cost < lowest)
            {
                (lowest, best, denseLength) = (cost, i + 1, length);
            }
        }

        int sparseLength = length - denseLength;
        return sparseLength < SmallestSparsePart || sparseLength < denseLength / 5 ? parts.Length : best;
    }

    /// <summary>The fields of one column in one line: those that are not the default.</summary>
    private readonly record struct Part(int Length, string DefaultText, KeyValuePair<int, string>[] Items)
    {
        public IEnumerable<string> DenseFields()
        {
            int at = 0;
            for (int i = 0; i < Length; i++)
            {
                yield return at < Items.Length && Items[at].Key == i ? Items[at++].Value : DefaultText;
            }
        }
    }
}
