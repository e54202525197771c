#nullable disable
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A view with the columns of another and those that a row mapper adds.</summary>
internal sealed class MappedDataView : IDataView
{
    private readonly IHost _host;
    private readonly IDataView _source;
    private readonly RowMapper _mapper;
    private readonly ColumnBindings _bindings;

    public MappedDataView(IHost host, IDataView source, RowMapper mapper)
    {
        _host = host;
        _source = source;
        _mapper = mapper;
        _bindings = new ColumnBindings(source.Schema, mapper.OutputColumns);
    }

    public bool CanShuffle => _source.CanShuffle;

    public DataViewSchema Schema => _bindings.Schema;

    public long? GetRowCount() => _source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
    {
        bool[] active = Schema.Activate(columnsNeeded);
        return new Cursor(this, _source.GetRowCursor(_bindings.InputsOf(active, _mapper), rand), active);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null)
    {
        bool[] active = Schema.Activate(columnsNeeded);
        DataViewRowCursor[] inputs = _source.GetRowCursorSet(_bindings.InputsOf(active, _mapper), n, rand);
        if (inputs.Length == 1 && n > 1 && _bindings.AddedIndices.Any(index => active[index]))
        {
            inputs = SplitCursor.Split(inputs[0], n);
        }

        return [.. inputs.Select(input => new Cursor(this, input, active))];
    }

    private sealed class Cursor : LinkedCursor
    {
        private readonly MappedDataView _view;
        private readonly Delegate[] _getters;
        private readonly Action _disposer;

        public Cursor(MappedDataView view, DataViewRowCursor input, bool[] active)
            : base(view._host, input, view.Schema, active)
        {
            _view = view;
            _getters = view._mapper.MakeGetters(input, i => active[view._bindings.AddedIndices[i]], out _disposer);
        }

        protected override ValueGetter<TValue> GetterOf<TValue>(DataViewSchema.Column column)
        {
            (bool isInput, int index) = _view._bindings.OriginOf(column.Index);
            return isInput ? Input.GetGetter<TValue>(Input.Schema[index]) : Getters.Cast<TValue>(_getters[index]);
        }

        protected override void OnDispose() => _disposer?.Invoke();
    }
}

/// <summary>A row mapper applied to single rows.</summary>
internal sealed class RowToRowMapper : IRowToRowMapper
{
    private readonly IHost _host;
    private readonly RowMapper _mapper;
    private readonly ColumnBindings _bindings;

    public RowToRowMapper(IHost host, RowMapper mapper)
    {
        _host = host;
        _mapper = mapper;
        _bindings = new ColumnBindings(mapper.InputSchema, mapper.OutputColumns);
    }

    public DataViewSchema InputSchema => _bindings.Input;

    public DataViewSchema OutputSchema => _bindings.Schema;

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns) =>
        _bindings.InputsOf(OutputSchema.Activate(dependingColumns), _mapper);

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        _host.CheckValue(input, nameof(input));
        _host.CheckValue(activeColumns, nameof(activeColumns));
        _host.Check(
            ReferenceEquals(input.Schema, InputSchema), "Schema of input row must be the same as the schema the mapper is bound to");
        return new Row(this, input, OutputSchema.Activate(activeColumns));
    }

    private sealed class Row : DataViewRow
    {
        private readonly RowToRowMapper _owner;
        private readonly DataViewRow _input;
        private readonly Delegate[] _getters;
        private readonly Action _disposer;
        private bool _disposed;

        public Row(RowToRowMapper owner, DataViewRow input, bool[] active)
        {
            _owner = owner;
            _input = input;
            _getters = owner._mapper.MakeGetters(input, i => active[owner._bindings.AddedIndices[i]], out _disposer);
        }

        public override long Position => _input.Position;

        public override long Batch => _input.Batch;

        public override DataViewSchema Schema => _owner.OutputSchema;

        public override ValueGetter<DataViewRowId> GetIdGetter() => _input.GetIdGetter();

        public override bool IsColumnActive(DataViewSchema.Column column)
        {
            (bool isInput, int index) = _owner._bindings.OriginOf(column.Index);
            return isInput ? _input.IsColumnActive(_input.Schema[index]) : _getters[index] is not null;
        }

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            (bool isInput, int index) = _owner._bindings.OriginOf(column.Index);
            if (isInput)
            {
                return _input.GetGetter<TValue>(_input.Schema[index]);
            }

            _owner._host.Check(_getters[index] is not null, $"Column '{column.Name}' is not active in this row.");
            return Getters.Cast<TValue>(_getters[index]);
        }

        protected override void Dispose(bool disposing)
        {
            if (!_disposed && disposing)
            {
                _disposed = true;
                _disposer?.Invoke();
                _input.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
