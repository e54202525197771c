#nullable disable
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A column bound to fields: its type, and which fields fill it.</summary>
internal sealed class TextColumn
{
    private const int Endless = int.MaxValue;

    private readonly ReadOnlyMemory<char>[] _slotNames;

    private TextColumn(string name, PrimitiveDataViewType item, Segment[] segments, bool isVector, ReadOnlyMemory<char>[] slotNames)
    {
        Name = name;
        ItemType = item;
        Segments = segments;
        bool varies = segments[^1].End == Endless;
        FixedSize = segments.Where(segment => segment.End != Endless).Sum(segment => segment.End - segment.Start);
        Type = varies ? new VectorDataViewType(item) : isVector ? new VectorDataViewType(item, FixedSize) : item;
        _slotNames = slotNames;
    }

    public TextColumn(ModelLoadContext ctx)
        : this(
            ctx.LoadNonEmptyString(),
            (PrimitiveDataViewType)ValueCodec.ReadType(ctx.Reader),
            [.. Enumerable.Range(0, ctx.Reader.ReadInt32()).Select(_ => new Segment(ctx.Reader.ReadInt32(), ctx.Reader.ReadInt32()))],
            ctx.Reader.ReadBoolean(),
            [.. Enumerable.Range(0, ctx.Reader.ReadInt32()).Select(_ => ctx.LoadString().AsMemory())])
    {
    }

    public string Name { get; }

    public PrimitiveDataViewType ItemType { get; }

    public DataViewType Type { get; }

    public Segment[] Segments { get; }

    /// <summary>How many values come from segments with an end.</summary>
    public int FixedSize { get; }

    public static TextColumn[] Bind(
        IHost host, TextFormat format, TextLoader.Options options, IMultiStreamSource sample, IMultiStreamSource headerSource)
    {
        TextLoader.Column[] columns = options.Columns;
        foreach (TextLoader.Column column in columns)
        {
            host.CheckParam(!string.IsNullOrWhiteSpace(column.Name), nameof(column.Name), "Name cannot be null or white space");
            host.CheckParam(column.Source is { Length: > 0 }, nameof(column.Source), "Must specify some source column indices");
        }

        bool asksForSize = columns.Any(column => column.Source.Any(range => range.AutoEnd && range.Max is null));
        int size = !asksForSize ? 0 : format.InputSize > 0 ? format.InputSize : CountFields(host, format, sample);
        Dictionary<int, ReadOnlyMemory<char>> header = ReadHeader(format, options, headerSource);
        Segment[][] segments = [.. columns.Select(column => column.Source
            .Where(range => !range.AllOther)
            .Select(range => Segment.Of(host, range, size))
            .ToArray())];
        return [.. columns.Select((column, i) => Bind(host, column, segments, i, size, header))];
    }

    public DataViewSchema.Annotations MakeAnnotations()
    {
        var builder = new DataViewSchema.Annotations.Builder();
        if (_slotNames.Length > 0)
        {
            var names = new VBuffer<ReadOnlyMemory<char>>(_slotNames.Length, _slotNames);
            builder.Add(
                AnnotationUtils.Kinds.SlotNames,
                new VectorDataViewType(TextDataViewType.Instance, names.Length),
                (ref VBuffer<ReadOnlyMemory<char>> value) => names.CopyTo(ref value));
        }

        return builder.ToAnnotations();
    }

    public void Save(ModelSaveContext ctx)
    {
        ctx.SaveNonEmptyString(Name);
        ValueCodec.WriteType(ctx.Writer, ItemType);
        ctx.Writer.Write(Segments.Length);
        foreach (Segment segment in Segments)
        {
            ctx.Writer.Write(segment.Start);
            ctx.Writer.Write(segment.End);
        }

        ctx.Writer.Write(Type is VectorDataViewType);
        ctx.Writer.Write(_slotNames.Length);
        foreach (ReadOnlyMemory<char> name in _slotNames)
        {
            ctx.SaveString(name.ToString());
        }
    }

    private static TextColumn Bind(
        IHost host,
        TextLoader.Column column,
        Segment[][] segments,
        int index,
        int size,
        Dictionary<int, ReadOnlyMemory<char>> header)
    {
        PrimitiveDataViewType item = ColumnTypeExtensions.PrimitiveTypeFromKind(column.DataKind);
        if (column.KeyCount is not null)
        {
            item = new KeyDataViewType(item.RawType, column.KeyCount.Count ?? uint.MaxValue);
        }

        TextLoader.Range other = Array.Find(column.Source, range => range.AllOther);
        Segment[] own = other is null
            ? segments[index]
            : [.. segments[index], .. Segment.Of(host, other, size).Without(segments.SelectMany(all => all))];
        host.CheckParam(own.Length > 0, nameof(TextLoader.Range.AllOther), "No index is selected as all other indexes.");
        Segment[] sorted = [.. own.OrderBy(segment => segment.Start)];
        for (int i = 1; i < sorted.Length; i++)
        {
            host.CheckParam(
                sorted[i - 1].End <= sorted[i].Start,
                nameof(column.Source),
                $"Intervals specified for column '{column.Name}' overlap");
        }

        bool isVector = own.Sum(segment => (long)segment.End - segment.Start) > 1
            || Array.Exists(column.Source, range => range.ForceVector || range.AllOther || range.AutoEnd || range.VariableEnd);
        bool varies = own[^1].End == Endless;
        ReadOnlyMemory<char>[] names = !isVector || varies
            ? []
            : [.. own.SelectMany(segment => Enumerable.Range(segment.Start, segment.End - segment.Start))
                .Select(field => header.GetValueOrDefault(field))];
        return new TextColumn(
            column.Name.Trim(), item, own, isVector, Array.Exists(names, name => !name.IsEmpty) ? names : []);
    }

    private static int CountFields(IHost host, TextFormat format, IMultiStreamSource sample)
    {
        var fields = new List<KeyValuePair<int, ReadOnlyMemory<char>>>();
        int[] counts = sample is null
            ? []
            : [.. format.ReadLines(sample, withHeader: true).Take(100).Select(line => new FieldReader(format, line.Text).Read(fields))];
        host.CheckParam(
            counts.Length > 0 && counts.Max() > 0, "Source", "Can't determine the number of source columns without valid data");
        host.CheckParam(counts.Min() == counts.Max(), "Source", "The size of input lines is not consistent");
        return counts[0];
    }

    private static Dictionary<int, ReadOnlyMemory<char>> ReadHeader(
        TextFormat format, TextLoader.Options options, IMultiStreamSource source)
    {
        bool wanted = source is { Count: > 0 } && (format.HasHeader || !string.IsNullOrWhiteSpace(options.HeaderFile));
        string line = wanted ? format.ReadLines(source, withHeader: true).Select(x => x.Text).FirstOrDefault() : null;
        var fields = new List<KeyValuePair<int, ReadOnlyMemory<char>>>();
        if (line is not null)
        {
            new FieldReader(format, line).Read(fields);
        }

        return fields.ToDictionary(field => field.Key, field => field.Value.ToString().Trim().AsMemory());
    }

    /// <summary>Fields from <paramref name="Start"/> up to, but without, <paramref name="End"/>.</summary>
    internal readonly record struct Segment(int Start, int End)
    {
        public static Segment Of(IHost host, TextLoader.Range range, int size)
        {
            if (range.Max is int last)
            {
                host.CheckParam(range.Min >= 0 && range.Min <= last, nameof(range.Max), "Must be no less than Min");
                return new Segment(range.Min, last + 1);
            }

            if (range.AutoEnd)
            {
                host.CheckParam(
                    range.Min < size,
                    nameof(range.Min),
                    $"Column #{range.Min} not found in the dataset (it only has {size} columns)");
                return new Segment(range.Min, size);
            }

            return new Segment(range.Min, range.VariableEnd ? Endless : range.Min + 1);
        }

        /// <summary>What is left of the segment outside of others.</summary>
        public IEnumerable<Segment> Without(IEnumerable<Segment> others)
        {
            int start = Start;
            foreach (Segment other in others.OrderBy(segment => segment.Start))
            {
                if (start < Math.Min(other.Start, End))
                {
                    yield return new Segment(start, Math.Min(other.Start, End));
                }

                start = Math.Max(start, other.End);
            }

            if (start < End)
            {
                yield return this with { Start = start };
            }
        }
    }
}
