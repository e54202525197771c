#nullable disable
namespace Microsoft.ML.Data;

/// <summary>Reads one column of a view.</summary>
public static class ColumnCursorExtensions
{
    public static IEnumerable<T> GetColumn<T>(this IDataView data, string columnName) => data.GetColumn<T>(data.Schema[columnName]);

    public static IEnumerable<T> GetColumn<T>(this IDataView data, DataViewSchema.Column column)
    {
        DataViewSchema.Column own = data.Schema[column.Index];
        if (own.Name != column.Name || !own.Type.Equals(column.Type))
        {
            throw new ArgumentOutOfRangeException(
                nameof(column),
                $"column with name {column.Name}, type {column.Type}, and index {column.Index} cannot be found in {nameof(data)}");
        }

        Type item = typeof(T).IsArray ? typeof(T).GetElementType() : null;
        DataViewType columnItem = column.Type.GetItemType();
        if (column.Type.RawType == typeof(T))
        {
            return Read<T, T>(data, column, value => value);
        }

        if (column.Type is TextDataViewType && typeof(T) == typeof(string))
        {
            return (IEnumerable<T>)Read<ReadOnlyMemory<char>, string>(data, column, text => text.ToString());
        }

        if (column.Type is VectorDataViewType && item == columnItem.RawType)
        {
            return GenericCall.Invoke<IEnumerable<T>>(
                (Func<IDataView, DataViewSchema.Column, IEnumerable<int[]>>)ReadArrays<int>, item, data, column);
        }

        if (column.Type is VectorDataViewType && item == typeof(string) && columnItem is TextDataViewType)
        {
            return (IEnumerable<T>)Read<VBuffer<ReadOnlyMemory<char>>, string[]>(
                data, column, texts => [.. texts.DenseValues().Select(text => text.ToString())]);
        }

        throw new ArgumentOutOfRangeException(
            nameof(column),
            $"Cannot map column (name: {column.Name}, type: {column.Type}) in {nameof(data)} to the user-defined type, {typeof(T)}.");
    }

    private static IEnumerable<T[]> ReadArrays<T>(IDataView data, DataViewSchema.Column column) =>
        Read<VBuffer<T>, T[]>(data, column, vector =>
        {
            var items = new T[vector.Length];
            vector.CopyTo(items);
            return items;
        });

    private static IEnumerable<TOut> Read<TIn, TOut>(IDataView data, DataViewSchema.Column column, Func<TIn, TOut> convert)
    {
        using DataViewRowCursor cursor = data.GetRowCursor([column]);
        ValueGetter<TIn> get = cursor.GetGetter<TIn>(column);
        TIn value = default;
        while (cursor.MoveNext())
        {
            get(ref value);
            yield return convert(value);
        }
    }
}
