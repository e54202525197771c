namespace Microsoft.ML.ConvNet.Tests.Rows;

/// <summary>A data view that counts what is asked of it.</summary>
internal sealed class WatchedDataView(IDataView source, string watched) : IDataView
{
    private int _values;

    /// <summary>How many cursors were made.</summary>
    public int Cursors { get; private set; }

    /// <summary>How often a value of the watched column was fetched.</summary>
    public int Values => _values;

    /// <summary>The columns that the last cursor was asked for.</summary>
    public string[] LastColumns { get; private set; } = [];

    public bool CanShuffle => source.CanShuffle;

    public DataViewSchema Schema => source.Schema;

    public long? GetRowCount() => source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        DataViewSchema.Column[] columns = [.. columnsNeeded];
        Cursors++;
        LastColumns = [.. columns.Select(column => column.Name)];
        return new Cursor(this, source.GetRowCursor(columns, rand), watched);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor(WatchedDataView view, DataViewRowCursor input, string watched) : ForwardingCursor(input)
    {
        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            ValueGetter<TValue> getter = Input.GetGetter<TValue>(column);
            return column.Name != watched
                ? getter
                : (ref TValue value) =>
                {
                    Interlocked.Increment(ref view._values);
                    getter(ref value);
                };
        }
    }
}
