#nullable disable
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A view that keeps each column in memory from the first time that it is asked for.</summary>
internal sealed class CacheDataView : IDataView
{
    private const int BlockSize = 64;

    private readonly IHost _host;
    private readonly IDataView _source;
    private readonly ValueBlock[] _columns;
    private readonly object _gate = new();
    private long? _rowCount;

    public CacheDataView(IHostEnvironment env, IDataView source, IReadOnlyCollection<string> prefetch = null)
    {
        _host = env.Register("Cache");
        _source = CacheableColumns.Select(env, source);
        _columns = new ValueBlock[Schema.Count];
        _rowCount = _source.GetRowCount();
        foreach (string name in prefetch ?? [])
        {
            _host.Check(
                Schema.GetColumnOrNull(name) is not null,
                $"Asked to prefetch column '{name}' into cache, but it is of unhandled type '{source.Schema[name].Type}'");
        }

        if (prefetch is { Count: > 0 })
        {
            Fill([.. prefetch.Select(name => Schema[name])]);
        }
    }

    public bool CanShuffle => true;

    public DataViewSchema Schema => _source.Schema;

    public long? GetRowCount() => _rowCount;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null) =>
        new Cursor(this, Schema.Activate(columnsNeeded), rand, first: 0, step: 1);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null)
    {
        bool[] active = Schema.Activate(columnsNeeded);
        if (rand is not null || n <= 1)
        {
            return [new Cursor(this, active, rand, first: 0, step: 1)];
        }

        return [.. Enumerable.Range(0, n).Select(i => new Cursor(this, active, null, i, n))];
    }

    /// <summary>Reads what is not yet kept, in one pass; gives the number of rows.</summary>
    private long Fill(DataViewSchema.Column[] columns)
    {
        lock (_gate)
        {
            DataViewSchema.Column[] missing = [.. columns.Where(column => _columns[column.Index] is null)];
            if (missing.Length == 0 && _rowCount is long known)
            {
                return known;
            }

            using DataViewRowCursor cursor = _source.GetRowCursor(missing);
            ValueBlock[] blocks = [.. missing.Select(column => ValueBlock.Create(column.Type.RawType, BlockSize))];
            Delegate[] getters = [.. missing.Select(cursor.Untyped)];
            int count = 0;
            for (; cursor.MoveNext(); count++)
            {
                for (int i = 0; i < blocks.Length; i++)
                {
                    blocks[i].Fill(getters[i], count);
                }
            }

            for (int i = 0; i < blocks.Length; i++)
            {
                _columns[missing[i].Index] = blocks[i];
            }

            _rowCount = count;
            return count;
        }
    }

    /// <summary>Goes over every <c>step</c>-th block of rows; over all rows in random order where there is a generator.</summary>
    private sealed class Cursor : RootCursor
    {
        private readonly CacheDataView _view;
        private readonly DataViewSchema.Column[] _activeColumns;
        private readonly Random _random;
        private readonly int _step;
        private int[] _order;
        private long _count = -1;
        private long _block;
        private long _next;
        private int _row = -1;

        public Cursor(CacheDataView view, bool[] active, Random random, int first, int step)
            : base(view._host, view.Schema, active)
        {
            _view = view;
            _activeColumns = [.. view.Schema.Where(column => active[column.Index])];
            _random = random;
            _step = step;
            _block = first;
            _next = (long)first * BlockSize;
        }

        public override long Batch => _step == 1 ? 0 : _block;

        public override ValueGetter<DataViewRowId> GetIdGetter() =>
            (ref DataViewRowId value) => value = new DataViewRowId((ulong)CurrentRow(), 0);

        protected override bool MoveNextCore()
        {
            if (_count < 0)
            {
                _count = _view.Fill(_activeColumns);
                _order = _random is null ? null : Permute((int)_count);
            }

            if (_next == (_block + 1) * BlockSize)
            {
                _block += _step;
                _next = _block * BlockSize;
            }

            if (_next >= _count)
            {
                return false;
            }

            _row = _order is null ? (int)_next : _order[_next];
            _next++;
            return true;
        }

        protected override ValueGetter<TValue> GetterOf<TValue>(DataViewSchema.Column column)
        {
            Delegate getter = null;
            RequireType<TValue>(column);
            return (ref TValue value) =>
            {
                CheckGood();
                getter ??= _view._columns[column.Index].GetterAt(CurrentRow);
                ((ValueGetter<TValue>)getter)(ref value);
            };
        }

        private static void RequireType<TValue>(DataViewSchema.Column column)
        {
            if (column.Type.RawType != typeof(TValue))
            {
                throw new InvalidOperationException(
                    $"Invalid TValue in GetGetter: '{typeof(TValue)}', expected type: '{column.Type.RawType}'.");
            }
        }

        private int CurrentRow()
        {
            CheckGood();
            return _row;
        }

        private int[] Permute(int count)
        {
            int[] order = [.. Enumerable.Range(0, count)];
            for (int i = count - 1; i > 0; i--)
            {
                int j = _random.Next(i + 1);
                (order[i], order[j]) = (order[j], order[i]);
            }

            return order;
        }
    }
}
