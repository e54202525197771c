#nullable disable
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>The rows of a view without the first, or no more than the first.</summary>
internal sealed class SkipTakeDataView : IDataView
{
    private readonly IHost _host;
    private readonly IDataView _source;
    private readonly long _skip;
    private readonly long _take;

    public SkipTakeDataView(IHostEnvironment env, IDataView source, long skip, long take)
    {
        _host = env.Register("SkipTakeFilter");
        _source = source;
        _skip = skip;
        _take = take;
    }

    public bool CanShuffle => false;

    public DataViewSchema Schema => _source.Schema;

    public long? GetRowCount() => _source.GetRowCount() is long count ? Math.Min(Math.Max(0, count - _skip), _take) : null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null) =>
        new Cursor(this, _source.GetRowCursor(columnsNeeded), Schema.Activate(columnsNeeded));

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null) =>
        [GetRowCursor(columnsNeeded)];

    private sealed class Cursor : LinkedCursor
    {
        private readonly SkipTakeDataView _view;
        private long _position = -1;
        private long _taken;

        public Cursor(SkipTakeDataView view, DataViewRowCursor input, bool[] active)
            : base(view._host, input, view.Schema, active) => _view = view;

        public override long Position => _position;

        public override long Batch => 0;

        public override bool MoveNext()
        {
            bool moved = _taken < _view._take && (_taken > 0 || Skip()) && Input.MoveNext();
            _taken = moved ? _taken + 1 : _view._take;
            _position = moved ? _position + 1 : -1;
            return moved;
        }

        private bool Skip()
        {
            for (long i = 0; i < _view._skip; i++)
            {
                if (!Input.MoveNext())
                {
                    return false;
                }
            }

            return true;
        }
    }
}
