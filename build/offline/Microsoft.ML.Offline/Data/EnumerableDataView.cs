#nullable disable
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A view of objects, read anew by each cursor.</summary>
internal sealed class EnumerableDataView<TRow> : IDataView
    where TRow : class
{
    private readonly IHost _host;
    private readonly IEnumerable<TRow> _data;
    private readonly RowBinding[] _bindings;

    public EnumerableDataView(IHostEnvironment env, IEnumerable<TRow> data, SchemaDefinition definition)
    {
        _host = env.Register("StreamingDataView");
        _data = data;
        _bindings = RowBinding.Bind(typeof(TRow), definition, SchemaDefinition.Direction.Read);
        Schema = RowBinding.SchemaOf(_bindings);
    }

    public bool CanShuffle => false;

    public DataViewSchema Schema { get; }

    public long? GetRowCount() => (_data as ICollection<TRow>)?.Count;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null) =>
        new Cursor(this, Schema.Activate(columnsNeeded));

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor : RootCursor
    {
        private readonly EnumerableDataView<TRow> _view;
        private readonly IEnumerator<TRow> _rows;
        private readonly Delegate[] _getters;
        private TRow _current;

        public Cursor(EnumerableDataView<TRow> view, bool[] active)
            : base(view._host, view.Schema, active)
        {
            _view = view;
            _rows = view._data.GetEnumerator();
            _getters = [.. view._bindings.Select((binding, i) => active[i] ? MemberGetters.Create(binding, Current) : null)];
        }

        protected override bool MoveNextCore()
        {
            bool moved = _rows.MoveNext();
            _current = moved ? _rows.Current : null;
            _view._host.Check(
                !moved || _current is not null, "Encountered null when iterating over data, this is not supported.");
            return moved;
        }

        protected override ValueGetter<TValue> GetterOf<TValue>(DataViewSchema.Column column) =>
            Getters.Cast<TValue>(_getters[column.Index]);

        protected override Exception NotActive(DataViewSchema.Column column) =>
            _view._host.ExceptParam(nameof(column), "requested column not active");

        protected override void OnDispose()
        {
            _current = null;
            _rows.Dispose();
        }

        private TRow Current() => _current ?? throw new InvalidOperationException(Getters.NotAtRow);
    }
}
