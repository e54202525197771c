#nullable disable
using System.Runtime.InteropServices;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>
/// Adds what a split by a sampling key goes by: keys as they are, numbers scaled to 0 to 1, anything else as a hash.
/// </summary>
internal sealed class SplitColumnMapper : RowMapper
{
    private const int HashBits = 30;

    private readonly DataViewSchema.Column _source;
    private readonly Func<DataViewRow, Delegate> _makeGetter;

    private SplitColumnMapper(
        DataViewSchema schema, DataViewSchema.Column source, string name, DataViewType type, Func<DataViewRow, Delegate> makeGetter)
        : base(schema)
    {
        _source = source;
        _makeGetter = makeGetter;
        OutputColumns = [new DataViewSchema.DetachedColumn(name, type)];
    }

    public override DataViewSchema.DetachedColumn[] OutputColumns { get; }

    public static SplitColumnMapper Create(IDataView data, DataViewSchema.Column source, string name, uint seed)
    {
        if (source.Type is KeyDataViewType)
        {
            return new SplitColumnMapper(data.Schema, source, name, source.Type, row => row.Untyped(source));
        }

        if (source.Type == NumberDataViewType.Single || source.Type == NumberDataViewType.Double)
        {
            return Scaled(data, source, name);
        }

        var keys = new KeyDataViewType(typeof(uint), 1 << HashBits);
        return new SplitColumnMapper(data.Schema, source, name, keys, row => GenericCall.Invoke<Delegate>(
            (Func<DataViewRow, DataViewSchema.Column, uint, Delegate>)Hashed<int>, source.Type.RawType, row, source, seed));
    }

    public override IEnumerable<int> SourcesOf(int output) => [_source.Index];

    public override Delegate MakeGetter(DataViewRow input, int output, out Action disposer)
    {
        disposer = null;
        return _makeGetter(input);
    }

    private static SplitColumnMapper Scaled(IDataView data, DataViewSchema.Column source, string name)
    {
        double lowest = double.PositiveInfinity;
        double highest = double.NegativeInfinity;
        using (DataViewRowCursor cursor = data.GetRowCursor([source]))
        {
            ValueGetter<double> get = NumberGetter(cursor, source);
            double value = 0;
            while (cursor.MoveNext())
            {
                get(ref value);
                lowest = value < lowest ? value : lowest;
                highest = value > highest ? value : highest;
            }
        }

        double scale = highest > lowest ? 1 / (highest - lowest) : 0;
        return new SplitColumnMapper(data.Schema, source, name, NumberDataViewType.Double, row =>
        {
            ValueGetter<double> get = NumberGetter(row, source);
            return (ValueGetter<double>)((ref double value) =>
            {
                get(ref value);
                value = (value - lowest) * scale;
            });
        });
    }

    private static ValueGetter<double> NumberGetter(DataViewRow row, DataViewSchema.Column column)
    {
        if (column.Type == NumberDataViewType.Double)
        {
            return row.GetGetter<double>(column);
        }

        ValueGetter<float> get = row.GetGetter<float>(column);
        float held = 0;
        return (ref double value) =>
        {
            get(ref held);
            value = held;
        };
    }

    private static Delegate Hashed<T>(DataViewRow row, DataViewSchema.Column column, uint seed)
    {
        ValueGetter<T> get = row.GetGetter<T>(column);
        T value = default;
        return (ValueGetter<uint>)((ref uint key) =>
        {
            get(ref value);
            key = (Hash(seed, value.ToText()) & ((1U << HashBits) - 1)) + 1;
        });
    }

    private static uint Hash(uint seed, string text)
    {
        uint hash = seed;
        foreach (ushort letter in MemoryMarshal.Cast<char, ushort>(text))
        {
            hash = HybridTausworthe.MurmurRound(hash, letter);
        }

        hash ^= (uint)text.Length;
        hash = (hash ^ (hash >> 16)) * 0x85ebca6b;
        hash = (hash ^ (hash >> 13)) * 0xc2b2ae35;
        return hash ^ (hash >> 16);
    }
}
