namespace Microsoft.ML.ConvNet.Tests.Rows;

/// <summary>
/// A data view that divides its rows among several cursors, a batch of so many each in turn, as sources of ML.NET do that read in parallel. Each
/// cursor counts its own rows.
/// </summary>
internal sealed class DividedDataView(IDataView source, int batchLength) : IDataView
{
    /// <summary>How many cursors were asked for at once.</summary>
    public int Asked { get; private set; }

    public bool CanShuffle => source.CanShuffle;

    public DataViewSchema Schema => source.Schema;

    public long? GetRowCount() => source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) => source.GetRowCursor(columnsNeeded, rand);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        Asked = n;
        DataViewSchema.Column[] columns = [.. columnsNeeded];
        return [.. Enumerable.Range(0, n).Select(part => new Cursor(source.GetRowCursor(columns, rand), part, n, batchLength))];
    }

    private sealed class Cursor(DataViewRowCursor input, int part, int parts, int batchLength) : ForwardingCursor(input)
    {
        private long _position = -1;

        public override long Position => _position;

        // Numbers with gaps, as filters leave them.
        public override long Batch => 10 * (Input.Position / batchLength);

        public override bool MoveNext()
        {
            while (Input.MoveNext())
            {
                if (Input.Position / batchLength % parts == part)
                {
                    _position++;
                    return true;
                }
            }

            return false;
        }
    }
}
