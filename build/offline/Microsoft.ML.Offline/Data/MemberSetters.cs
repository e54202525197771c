#nullable disable
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Members of objects filled from the columns of a row.</summary>
internal sealed class MemberSetters<TRow>
    where TRow : class
{
    private readonly (RowBinding Binding, DataViewSchema.Column Column)[] _members;

    /// <summary>Binds a row class to a schema, or says what does not fit.</summary>
    public MemberSetters(IExceptionContext context, DataViewSchema schema, bool ignoreMissingColumns, SchemaDefinition definition)
    {
        var members = new List<(RowBinding, DataViewSchema.Column)>();
        foreach (RowBinding binding in RowBinding.Bind(typeof(TRow), definition, SchemaDefinition.Direction.Write))
        {
            DataViewSchema.Column? column = schema.GetColumnOrNull(binding.Name);
            if (column is null && !ignoreMissingColumns)
            {
                throw context.ExceptSchemaMismatch("Schema", "", binding.Name);
            }

            if (column is null)
            {
                continue;
            }

            DataViewType type = column.Value.Type;
            (bool isVector, Type itemType) = MemberTypes.ShapeOf(binding.Member);
            context.Check(
                isVector == type is VectorDataViewType && type.GetItemType().RawType == itemType,
                $"Can't bind the IDataView column '{binding.Name}' of type '{type}' to field or property '{binding.Member.Name}' of type '{binding.MemberType.FullName}'.");
            members.Add((binding, column.Value));
        }

        _members = [.. members];
    }

    public IEnumerable<DataViewSchema.Column> Columns => _members.Select(member => member.Column);

    /// <summary>What copies the row's values into an object.</summary>
    public Action<TRow> Bind(DataViewRow row)
    {
        Action<TRow>[] setters = [.. _members.Select(member => Create(member.Binding, row, member.Column))];
        return target =>
        {
            foreach (Action<TRow> set in setters)
            {
                set(target);
            }
        };
    }

    private static Action<TRow> Create(RowBinding binding, DataViewRow row, DataViewSchema.Column column)
    {
        Type member = binding.MemberType;
        if (member == typeof(string))
        {
            return Converted<ReadOnlyMemory<char>, string>(binding, row, column, text => text.ToString());
        }

        if (member == typeof(string[]))
        {
            return Converted<VBuffer<ReadOnlyMemory<char>>, string[]>(
                binding, row, column, texts => texts.Length == 0 ? null : [.. texts.DenseValues().Select(text => text.ToString())]);
        }

        if (member.IsArray)
        {
            return Call(Items<int>, member.GetElementType(), binding, row, column);
        }

        return binding.Type is VectorDataViewType vector
            ? Call(Buffer<int>, vector.ItemType.RawType, binding, row, column)
            : Call(Plain<int>, member, binding, row, column);
    }

    private static Action<TRow> Call(
        Func<RowBinding, DataViewRow, DataViewSchema.Column, Action<TRow>> example,
        Type type,
        RowBinding binding,
        DataViewRow row,
        DataViewSchema.Column column) => GenericCall.Invoke<Action<TRow>>(example, type, binding, row, column);

    private static Action<TRow> Converted<TFrom, TTo>(
        RowBinding binding, DataViewRow row, DataViewSchema.Column column, Func<TFrom, TTo> convert)
    {
        ValueGetter<TFrom> get = row.GetGetter<TFrom>(column);
        Action<TRow, TTo> write = binding.Writer<TRow, TTo>();
        TFrom value = default;
        return target =>
        {
            get(ref value);
            write(target, convert(value));
        };
    }

    private static Action<TRow> Plain<T>(RowBinding binding, DataViewRow row, DataViewSchema.Column column)
    {
        ValueGetter<T> get = row.GetGetter<T>(column);
        Action<TRow, T> write = binding.Writer<TRow, T>();
        T value = default;
        return target =>
        {
            get(ref value);
            write(target, value);
        };
    }

    /// <summary>Reuses the array that the object already has, where its length is right; null is as good as empty.</summary>
    private static Action<TRow> Items<T>(RowBinding binding, DataViewRow row, DataViewSchema.Column column)
    {
        ValueGetter<VBuffer<T>> get = row.GetGetter<VBuffer<T>>(column);
        Func<TRow, T[]> read = binding.Reader<TRow, T[]>();
        Action<TRow, T[]> write = binding.Writer<TRow, T[]>();
        VBuffer<T> value = default;
        return target =>
        {
            get(ref value);
            T[] items = read(target);
            items = (items?.Length ?? 0) == value.Length ? items : new T[value.Length];
            value.CopyTo(items);
            write(target, items);
        };
    }

    private static Action<TRow> Buffer<T>(RowBinding binding, DataViewRow row, DataViewSchema.Column column)
    {
        ValueGetter<VBuffer<T>> get = row.GetGetter<VBuffer<T>>(column);
        Func<TRow, VBuffer<T>> read = binding.Reader<TRow, VBuffer<T>>();
        Action<TRow, VBuffer<T>> write = binding.Writer<TRow, VBuffer<T>>();
        return target =>
        {
            VBuffer<T> value = read(target);
            get(ref value);
            write(target, value);
        };
    }
}
