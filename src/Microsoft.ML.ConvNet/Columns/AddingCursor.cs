using Microsoft.ML.Data;

namespace Microsoft.ML.ConvNet.Columns;

/// <summary>A cursor with the columns that a binding adds to its rows, in memory of its own.</summary>
internal sealed class AddingCursor : DataViewRowCursor
{
    private readonly DataViewRowCursor _input;
    private readonly RowBinding _binding;
    private readonly bool[] _active;
    private readonly Delegate?[] _getters;

    /// <param name="input">The cursor over the rows.</param>
    /// <param name="binding">What is added to them.</param>
    /// <param name="active">The columns that are asked for.</param>
    public AddingCursor(DataViewRowCursor input, RowBinding binding, bool[] active)
    {
        _input = input;
        _binding = binding;
        _active = active;
        _getters = binding.CreateGetters(input, active);
    }

    /// <inheritdoc/>
    public override long Position => _input.Position;

    /// <inheritdoc/>
    public override long Batch => _input.Batch;

    /// <inheritdoc/>
    public override DataViewSchema Schema => _binding.OutputSchema;

    /// <inheritdoc/>
    public override bool MoveNext() => _input.MoveNext();

    /// <inheritdoc/>
    public override ValueGetter<DataViewRowId> GetIdGetter() => _input.GetIdGetter();

    /// <inheritdoc/>
    public override bool IsColumnActive(DataViewSchema.Column column)
    {
        _binding.RequireColumn(column);
        return _active[column.Index];
    }

    /// <inheritdoc/>
    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) =>
        IsColumnActive(column)
            ? _binding.GetGetter<TValue>(_input, _getters, column)
            : throw new InvalidOperationException($"The column \"{column.Name}\" is not active in this cursor.");

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _input.Dispose();
        }

        base.Dispose(disposing);
    }
}
