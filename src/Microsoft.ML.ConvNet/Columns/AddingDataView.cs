namespace Microsoft.ML.ConvNet.Columns;

/// <summary>A data view with the columns of a binding added; each value is computed when a cursor is asked for it.</summary>
internal sealed class AddingDataView(IDataView source, RowBinding binding) : IDataView
{
    /// <inheritdoc/>
    public bool CanShuffle => source.CanShuffle;

    /// <inheritdoc/>
    public DataViewSchema Schema => binding.OutputSchema;

    /// <inheritdoc/>
    public long? GetRowCount() => source.GetRowCount();

    /// <inheritdoc/>
    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        bool[] active = binding.Mark(columnsNeeded);
        return binding.CreateCursor(source.GetRowCursor(binding.CursorInputsOf(active), rand), active);
    }

    /// <inheritdoc/>
    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        bool[] active = binding.Mark(columnsNeeded);
        DataViewRowCursor[] cursors = source.GetRowCursorSet(binding.CursorInputsOf(active), n, rand);
        return [.. cursors.Select(cursor => binding.CreateCursor(cursor, active))];
    }
}
