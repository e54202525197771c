#nullable disable
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>The distinct values of a column, numbered from 1. What is missing has no number: NaN, the empty text, key 0.</summary>
internal abstract class TermMap
{
    public abstract PrimitiveDataViewType ItemType { get; }

    public abstract int Count { get; }

    public KeyDataViewType KeyType => new(typeof(uint), Math.Max(Count, 1));

    /// <summary>Reads the values of several columns in one pass.</summary>
    public static TermMap[] Learn(IHost host, IDataView data, DataViewSchema.Column[] columns, KeyRules rules)
    {
        host.CheckParam(rules.MaximumNumberOfKeys > 0, nameof(KeyRules.MaximumNumberOfKeys), "Must be positive");
        using IChannel channel = host.Start("Training");
        using DataViewRowCursor cursor = data.GetRowCursor(columns);
        TermMap[] maps = [.. columns.Select(column => Create(host, column))];
        Func<int, bool>[] readers = [.. columns.Select((column, i) => maps[i].Reader(cursor, column))];
        while (cursor.MoveNext())
        {
            bool any = false;
            foreach (Func<int, bool> read in readers)
            {
                any |= read(rules.MaximumNumberOfKeys);
            }

            if (!any)
            {
                break;
            }
        }

        for (int i = 0; i < maps.Length; i++)
        {
            if (maps[i].Count == 0)
            {
                channel.Warning(MessageSensitivity.Schema, "Term map for column '{0}' contains no entries.", columns[i].Name);
            }

            if (rules.Ordinality == ValueToKeyMappingEstimator.KeyOrdinality.ByValue)
            {
                maps[i].Sort();
            }
        }

        return maps;
    }

    public static TermMap Load(BinaryReader reader)
    {
        var item = (PrimitiveDataViewType)ValueCodec.ReadType(reader);
        var map = (TermMap)Activator.CreateInstance(typeof(TermMap<>).MakeGenericType(item.RawType), item);
        map.LoadTerms(reader);
        return map;
    }

    public void Save(BinaryWriter writer)
    {
        ValueCodec.WriteType(writer, ItemType);
        SaveTerms(writer);
    }

    /// <summary>The annotation KeyValues for keys made of <paramref name="source"/>.</summary>
    public abstract void AddKeyValues(DataViewSchema.Annotations.Builder annotations, DataViewSchema.Column source, bool asText);

    public abstract Delegate MakeGetter(DataViewRow row, DataViewSchema.Column source);

    /// <summary>What takes the row's values in, and says whether there is room for more.</summary>
    protected abstract Func<int, bool> Reader(DataViewRow row, DataViewSchema.Column column);

    protected abstract void Sort();

    protected abstract void SaveTerms(BinaryWriter writer);

    protected abstract void LoadTerms(BinaryReader reader);

    private static TermMap Create(IHost host, DataViewSchema.Column column)
    {
        if (column.Type.GetItemType() is not PrimitiveDataViewType item)
        {
            throw host.ExceptSchemaMismatch(
                "inputSchema", "input", column.Name, "standard type or a vector of standard type", column.Type.ToString());
        }

        return (TermMap)Activator.CreateInstance(typeof(TermMap<>).MakeGenericType(item.RawType), item);
    }
}

/// <inheritdoc/>
internal sealed class TermMap<T>(PrimitiveDataViewType itemType) : TermMap
{
    private readonly List<T> _terms = [];
    private readonly Dictionary<T, uint> _keys = new(TermComparer<T>.Equality);

    public override PrimitiveDataViewType ItemType { get; } = itemType;

    public override int Count => _terms.Count;

    public override Delegate MakeGetter(DataViewRow row, DataViewSchema.Column source)
    {
        if (source.Type is not VectorDataViewType)
        {
            ValueGetter<T> one = row.GetGetter<T>(source);
            T value = default;
            return (ValueGetter<uint>)((ref uint key) =>
            {
                one(ref value);
                key = _keys.GetValueOrDefault(value);
            });
        }

        ValueGetter<VBuffer<T>> get = row.GetGetter<VBuffer<T>>(source);
        VBuffer<T> values = default;
        return (ValueGetter<VBuffer<uint>>)((ref VBuffer<uint> keys) =>
        {
            get(ref values);
            VBufferEditor<uint> editor = VBufferEditor.Create(ref keys, values.Length);
            foreach (KeyValuePair<int, T> item in values.Items(all: true))
            {
                editor.Values[item.Key] = _keys.GetValueOrDefault(item.Value);
            }

            keys = editor.Commit();
        });
    }

    public override void AddKeyValues(DataViewSchema.Annotations.Builder annotations, DataViewSchema.Column source, bool asText)
    {
        if (Count == 0)
        {
            return;
        }

        DataViewType names = ItemType is KeyDataViewType key
            && source.Annotations.Schema.GetColumnOrNull(AnnotationUtils.Kinds.KeyValues)?.Type is VectorDataViewType type
            && (ulong)type.Size == key.Count
            ? type.ItemType
            : null;
        if (names is not null)
        {
            GenericCall.Invoke<bool>(
                (Func<DataViewSchema.Annotations.Builder, DataViewSchema.Column, bool, bool>)AddKeyNames<int>,
                names.RawType,
                annotations,
                source,
                asText);
        }
        else
        {
            Add(annotations, ItemType, [.. _terms], asText);
        }
    }

    protected override Func<int, bool> Reader(DataViewRow row, DataViewSchema.Column column)
    {
        if (column.Type is not VectorDataViewType)
        {
            ValueGetter<T> one = row.GetGetter<T>(column);
            T value = default;
            return limit =>
            {
                one(ref value);
                TryAdd(value, limit);
                return Count < limit;
            };
        }

        ValueGetter<VBuffer<T>> get = row.GetGetter<VBuffer<T>>(column);
        VBuffer<T> values = default;
        return limit =>
        {
            get(ref values);
            foreach (T value in values.DenseValues())
            {
                TryAdd(value, limit);
            }

            return Count < limit;
        };
    }

    protected override void Sort()
    {
        _terms.Sort(TermComparer<T>.Order);
        for (int i = 0; i < _terms.Count; i++)
        {
            _keys[_terms[i]] = (uint)i + 1;
        }
    }

    protected override void SaveTerms(BinaryWriter writer) =>
        ValueCodec.WriteVector(writer, new VBuffer<T>(_terms.Count, [.. _terms]));

    protected override void LoadTerms(BinaryReader reader)
    {
        foreach (T term in ValueCodec.ReadVector<T>(reader).DenseValues())
        {
            TryAdd(term, int.MaxValue);
        }
    }

    private static void Add<TName>(
        DataViewSchema.Annotations.Builder annotations, PrimitiveDataViewType type, TName[] names, bool asText)
    {
        if (asText && type is not TextDataViewType)
        {
            Add(annotations, TextDataViewType.Instance, [.. names.Select(name => name.ToText().AsMemory())], asText: false);
            return;
        }

        var values = new VBuffer<TName>(names.Length, names);
        annotations.Add(
            AnnotationUtils.Kinds.KeyValues,
            new VectorDataViewType(type, names.Length),
            (ref VBuffer<TName> target) => values.CopyTo(ref target));
    }

    private bool AddKeyNames<TName>(DataViewSchema.Annotations.Builder annotations, DataViewSchema.Column source, bool asText)
    {
        VBuffer<TName> names = default;
        source.GetKeyValues(ref names);
        var type = (PrimitiveDataViewType)source.Annotations.Schema[AnnotationUtils.Kinds.KeyValues].Type.GetItemType();
        Add(
            annotations,
            type,
            [.. _terms.Select(term => names.GetItemOrDefault((int)(Convert.ToUInt64(term, null) - 1)))],
            asText);
        return true;
    }

    private void TryAdd(T value, int limit)
    {
        bool missing = MissingValue.Is(value)
            || (ItemType is KeyDataViewType && EqualityComparer<T>.Default.Equals(value, default));
        if (!missing && Count < limit && _keys.TryAdd(value, (uint)Count + 1))
        {
            _terms.Add(value);
        }
    }
}

/// <summary>When two values are the same, and which comes first: text by its characters' codes.</summary>
internal static class TermComparer<T>
{
    public static IEqualityComparer<T> Equality { get; } = typeof(T) == typeof(ReadOnlyMemory<char>)
        ? (IEqualityComparer<T>)(object)new TextEquality()
        : EqualityComparer<T>.Default;

    public static IComparer<T> Order { get; } = typeof(T) == typeof(ReadOnlyMemory<char>)
        ? (IComparer<T>)(object)Comparer<ReadOnlyMemory<char>>.Create((x, y) => x.Span.SequenceCompareTo(y.Span))
        : Comparer<T>.Default;

    private sealed class TextEquality : IEqualityComparer<ReadOnlyMemory<char>>
    {
        public bool Equals(ReadOnlyMemory<char> x, ReadOnlyMemory<char> y) => x.Span.SequenceEqual(y.Span);

        public int GetHashCode(ReadOnlyMemory<char> obj) => string.GetHashCode(obj.Span, StringComparison.Ordinal);
    }
}
