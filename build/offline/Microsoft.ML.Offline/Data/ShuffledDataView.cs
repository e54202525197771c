#nullable disable
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>The rows of a view in random order, drawn from a pool of rows read ahead.</summary>
internal sealed class ShuffledDataView : IDataView
{
    private readonly IHost _host;
    private readonly IDataView _source;
    private readonly int _poolSize;
    private readonly bool _shuffleSource;
    private readonly uint _seed;

    public ShuffledDataView(IHostEnvironment env, IDataView source, int poolSize, bool shuffleSource, int? seed)
    {
        _host = env.Register("Shuffle");
        _source = CacheableColumns.Select(env, source);
        _poolSize = poolSize;
        _shuffleSource = shuffleSource;
        _seed = (uint)(seed ?? _host.Rand.Next());
    }

    public bool CanShuffle => true;

    public DataViewSchema Schema => _source.Schema;

    public long? GetRowCount() => _source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
    {
        Random random = rand ?? new HybridTausworthe(_seed);
        Random sourceRandom = _shuffleSource ? new HybridTausworthe(random) : null;
        DataViewRowCursor input = _source.GetRowCursor(columnsNeeded, sourceRandom);
        return _poolSize == 1 ? input : new Cursor(_host, input, Schema.Activate(columnsNeeded), _poolSize, random);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    /// <summary>Holds a pool of rows; gives out a random one and reads the next into its place.</summary>
    private sealed class Cursor : RootCursor
    {
        private readonly DataViewRowCursor _input;
        private readonly Random _random;
        private readonly int[] _slots;
        private readonly Dictionary<int, (ValueBlock Block, Delegate Source)> _columns = [];
        private readonly PlainBlock<DataViewRowId> _ids;
        private readonly ValueGetter<DataViewRowId> _sourceId;
        private int _filled;
        private int _current = -1;

        public Cursor(IHost host, DataViewRowCursor input, bool[] active, int poolSize, Random random)
            : base(host, input.Schema, active)
        {
            _input = input;
            _random = random;
            _slots = [.. Enumerable.Range(0, poolSize)];
            _ids = new PlainBlock<DataViewRowId>(poolSize);
            _sourceId = input.GetIdGetter();
            foreach (DataViewSchema.Column column in input.Schema.Where(column => active[column.Index]))
            {
                _columns[column.Index] = (ValueBlock.Create(column.Type.RawType, poolSize), input.Untyped(column));
            }
        }

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ValueGetter<DataViewRowId>)_ids.GetterAt(Current);

        protected override bool MoveNextCore()
        {
            if (_current < 0)
            {
                while (_filled < _slots.Length && Read(_slots[_filled]))
                {
                    _filled++;
                }
            }
            else if (!Read(_slots[_current]))
            {
                _filled--;
                (_slots[_current], _slots[_filled]) = (_slots[_filled], _slots[_current]);
            }

            _current = _filled > 0 ? _random.Next(_filled) : -1;
            return _filled > 0;
        }

        protected override ValueGetter<TValue> GetterOf<TValue>(DataViewSchema.Column column) =>
            Getters.Cast<TValue>(_columns[column.Index].Block.GetterAt(Current));

        protected override void OnDispose() => _input.Dispose();

        private int Current()
        {
            CheckGood();
            return _slots[_current];
        }

        private bool Read(int slot)
        {
            if (!_input.MoveNext())
            {
                return false;
            }

            _ids.Fill(_sourceId, slot);
            foreach ((ValueBlock block, Delegate source) in _columns.Values)
            {
                block.Fill(source, slot);
            }

            return true;
        }
    }
}
