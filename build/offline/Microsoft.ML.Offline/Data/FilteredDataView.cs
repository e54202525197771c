#nullable disable
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>The rows of a view that pass a test of some of its columns.</summary>
internal abstract class FilteredDataView : IDataView
{
    private readonly int[] _tested;

    protected FilteredDataView(IHost host, IDataView source, params int[] tested)
    {
        Host = host;
        Source = source;
        _tested = tested;
    }

    public bool CanShuffle => Source.CanShuffle;

    public DataViewSchema Schema => Source.Schema;

    protected IHost Host { get; }

    protected IDataView Source { get; }

    public long? GetRowCount() => null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
    {
        bool[] active = Schema.Activate(columnsNeeded);
        return new Cursor(this, Source.GetRowCursor(InputsOf(active), rand), active);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null)
    {
        bool[] active = Schema.Activate(columnsNeeded);
        return [.. Source.GetRowCursorSet(InputsOf(active), n, rand).Select(input => new Cursor(this, input, active))];
    }

    /// <summary>A test of the row's current values.</summary>
    protected abstract Func<bool> MakeTest(DataViewRow row);

    private IEnumerable<DataViewSchema.Column> InputsOf(bool[] active) =>
        [.. Schema.Where(column => active[column.Index] || _tested.Contains(column.Index))];

    private sealed class Cursor : LinkedCursor
    {
        private readonly Func<bool> _accepts;
        private long _position = -1;

        public Cursor(FilteredDataView view, DataViewRowCursor input, bool[] active)
            : base(view.Host, input, view.Schema, active) => _accepts = view.MakeTest(input);

        public override long Position => _position;

        public override bool MoveNext()
        {
            while (Input.MoveNext())
            {
                if (_accepts())
                {
                    _position++;
                    return true;
                }
            }

            _position = -1;
            return false;
        }
    }
}
