namespace Microsoft.ML.ConvNet.Scoring;

/// <summary>A data view with the scores and the predicted label added; each is computed when a cursor is asked for it.</summary>
internal sealed class ScoredDataView(IDataView source, ScoringBinding binding) : IDataView
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
        return new ScoringCursor(source.GetRowCursor(binding.CursorInputsOf(active), rand), binding, active);
    }

    /// <inheritdoc/>
    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        bool[] active = binding.Mark(columnsNeeded);
        DataViewRowCursor[] cursors = source.GetRowCursorSet(binding.CursorInputsOf(active), n, rand);
        return [.. cursors.Select(cursor => new ScoringCursor(cursor, binding, active))];
    }
}
