#nullable disable
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Some columns of a schema, in an order of their own.</summary>
internal sealed class SelectedColumns : IRowToRowMapper
{
    private readonly int[] _origins;

    public SelectedColumns(DataViewSchema input, int[] origins)
    {
        InputSchema = input;
        _origins = origins;
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(origins.Select(origin => input[origin]));
        Schema = builder.ToSchema();
    }

    public DataViewSchema InputSchema { get; }

    public DataViewSchema Schema { get; }

    DataViewSchema IRowToRowMapper.OutputSchema => Schema;

    public DataViewSchema.Column OriginOf(DataViewSchema.Column column) => InputSchema[_origins[column.Index]];

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns)
    {
        HashSet<int> needed = [.. dependingColumns.Select(column => _origins[column.Index])];
        return [.. InputSchema.Where(column => needed.Contains(column.Index))];
    }

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns) => new Row(this, input);

    private sealed class Row(SelectedColumns owner, DataViewRow input) : DataViewRow
    {
        public override long Position => input.Position;

        public override long Batch => input.Batch;

        public override DataViewSchema Schema => owner.Schema;

        public override bool IsColumnActive(DataViewSchema.Column column) => true;

        public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) =>
            input.GetGetter<TValue>(owner.OriginOf(column));

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                input.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}

/// <summary>Some columns of a view.</summary>
internal sealed class SelectedColumnsDataView : IDataView
{
    private readonly IHost _host;
    private readonly IDataView _source;
    private readonly SelectedColumns _columns;

    public SelectedColumnsDataView(IHost host, IDataView source, int[] origins)
    {
        _host = host;
        _source = source;
        _columns = new SelectedColumns(source.Schema, origins);
    }

    public bool CanShuffle => _source.CanShuffle;

    public DataViewSchema Schema => _columns.Schema;

    public long? GetRowCount() => _source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
    {
        DataViewSchema.Column[] needed = [.. columnsNeeded];
        return new Cursor(this, _source.GetRowCursor(_columns.GetDependencies(needed), rand), Schema.Activate(needed));
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null)
    {
        DataViewSchema.Column[] needed = [.. columnsNeeded];
        return [.. _source.GetRowCursorSet(_columns.GetDependencies(needed), n, rand)
            .Select(input => new Cursor(this, input, Schema.Activate(needed)))];
    }

    private sealed class Cursor(SelectedColumnsDataView view, DataViewRowCursor input, bool[] active)
        : LinkedCursor(view._host, input, view.Schema, active)
    {
        protected override ValueGetter<TValue> GetterOf<TValue>(DataViewSchema.Column column) =>
            Input.GetGetter<TValue>(view._columns.OriginOf(column));
    }
}
