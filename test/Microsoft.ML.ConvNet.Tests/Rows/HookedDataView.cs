namespace Microsoft.ML.ConvNet.Tests.Rows;

/// <summary>A data view that tells where its cursors are, so that a test can make them wait or fail there.</summary>
internal sealed class HookedDataView(IDataView source) : IDataView
{
    /// <summary>Called with the position of a row that a cursor has come to.</summary>
    public Action<long>? Moved { get; init; }

    /// <summary>Called with the position of a row of which a value is fetched.</summary>
    public Action<long>? Fetching { get; init; }

    /// <summary>Called where a cursor is disposed of.</summary>
    public Action? Disposing { get; init; }

    public bool CanShuffle => false;

    public DataViewSchema Schema => source.Schema;

    public long? GetRowCount() => source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        new Cursor(source.GetRowCursor(columnsNeeded), this);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded)];

    private sealed class Cursor(DataViewRowCursor input, HookedDataView view) : ForwardingCursor(input)
    {
        public override bool MoveNext()
        {
            bool isThere = Input.MoveNext();
            view.Moved?.Invoke(Input.Position);
            return isThere;
        }

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            ValueGetter<TValue> getter = Input.GetGetter<TValue>(column);
            return (ref TValue value) =>
            {
                view.Fetching?.Invoke(Input.Position);
                getter(ref value);
            };
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                view.Disposing?.Invoke();
            }

            base.Dispose(disposing);
        }
    }
}
