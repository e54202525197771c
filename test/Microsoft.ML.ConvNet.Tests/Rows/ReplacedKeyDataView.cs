namespace Microsoft.ML.ConvNet.Tests.Rows;

/// <summary>A data view with another key of type UInt32 in one of its rows, whether the column's type allows it or not.</summary>
internal sealed class ReplacedKeyDataView(IDataView source, string replaced, long at, uint key) : IDataView
{
    public bool CanShuffle => false;

    public DataViewSchema Schema => source.Schema;

    public long? GetRowCount() => source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        new Cursor(source.GetRowCursor(columnsNeeded), replaced, at, key);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded)];

    private sealed class Cursor(DataViewRowCursor input, string replaced, long at, uint key) : ForwardingCursor(input)
    {
        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            ValueGetter<TValue> getter = Input.GetGetter<TValue>(column);
            return column.Name != replaced
                ? getter
                : (ref TValue value) =>
                {
                    getter(ref value);
                    value = Input.Position == at ? (TValue)(object)key : value;
                };
        }
    }
}
