namespace Microsoft.ML.ConvNet.Tests.Rows;

/// <summary>A schema whose rows must not be read.</summary>
internal sealed class UnreadableDataView(DataViewSchema schema) : IDataView
{
    public bool CanShuffle => false;

    public DataViewSchema Schema => schema;

    public long? GetRowCount() => null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        throw new AssertFailedException("A row was asked for.");

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        throw new AssertFailedException("A row was asked for.");
}
