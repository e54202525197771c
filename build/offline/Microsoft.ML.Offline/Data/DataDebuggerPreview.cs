#nullable disable
using System.Collections.Immutable;

namespace Microsoft.ML.Data;

/// <summary>The first rows of a view, by rows and by columns.</summary>
public sealed class DataDebuggerPreview
{
    internal DataDebuggerPreview(IDataView data, int maxRows)
    {
        Schema = data.Schema;
        List<object>[] columns = [.. Schema.Select(_ => new List<object>())];
        using (DataViewRowCursor cursor = data.GetRowCursor(Schema))
        {
            Func<object>[] readers = [.. Schema.Select(column => GenericCall.Invoke<Func<object>>(
                (Func<DataViewRow, DataViewSchema.Column, Func<object>>)Reader<int>, column.Type.RawType, cursor, column))];
            for (int count = 0; count < maxRows && cursor.MoveNext(); count++)
            {
                for (int i = 0; i < readers.Length; i++)
                {
                    columns[i].Add(readers[i]());
                }
            }
        }

        int rows = columns.Length == 0 ? 0 : columns[0].Count;
        RowView = [.. Enumerable.Range(0, rows).Select(row => new RowInfo(
            [.. Schema.Select(column => KeyValuePair.Create(column.Name, columns[column.Index][row]))]))];
        ColumnView = [.. Schema.Select(column => new ColumnInfo(column, [.. columns[column.Index]]))];
    }

    public DataViewSchema Schema { get; }

    public ImmutableArray<ColumnInfo> ColumnView { get; }

    public ImmutableArray<RowInfo> RowView { get; }

    public override string ToString() => $"{Schema.Count} columns, {RowView.Length} rows";

    private static Func<object> Reader<T>(DataViewRow row, DataViewSchema.Column column)
    {
        ValueGetter<T> get = row.GetGetter<T>(column);
        return () =>
        {
            T value = default;
            get(ref value);
            return value;
        };
    }

    /// <summary>A row's values by column name.</summary>
    public sealed class RowInfo
    {
        internal RowInfo(KeyValuePair<string, object>[] values) => Values = values;

        public KeyValuePair<string, object>[] Values { get; }

        public override string ToString() => $"{Values.Length} columns";
    }

    /// <summary>A column's values.</summary>
    public sealed class ColumnInfo
    {
        internal ColumnInfo(DataViewSchema.Column column, object[] values)
        {
            Column = column;
            Values = values;
        }

        public DataViewSchema.Column Column { get; }

        public object[] Values { get; }

        public override string ToString() => $"{Column.Name}: {Column.Type}";
    }
}
