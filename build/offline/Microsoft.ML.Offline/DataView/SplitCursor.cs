#nullable disable
namespace Microsoft.ML.Data;

/// <summary>
/// One of several cursors that share the rows of another, a batch at a time, so that several threads can work on them. The
/// batch numbers give the order of the rows back.
/// </summary>
internal sealed class SplitCursor : DataViewRowCursor
{
    private const int BatchSize = 64;

    private readonly Feed _feed;
    private readonly Dictionary<int, (ValueBlock Block, Delegate Source)> _columns = [];
    private readonly DataViewRowId[] _ids = new DataViewRowId[BatchSize];
    private long _position = -1;
    private long _batch = -1;
    private int _row = -1;
    private int _count;
    private bool _disposed;

    private SplitCursor(Feed feed)
    {
        _feed = feed;
        foreach ((int column, Delegate getter) in feed.Getters)
        {
            _columns[column] = (ValueBlock.Create(feed.Input.Schema[column].Type.RawType, BatchSize), getter);
        }
    }

    public override long Position => _position;

    public override long Batch => _batch;

    public override DataViewSchema Schema => _feed.Input.Schema;

    public static DataViewRowCursor[] Split(DataViewRowCursor input, int n)
    {
        var feed = new Feed(input, n);
        return [.. Enumerable.Range(0, n).Select(_ => new SplitCursor(feed))];
    }

    public override bool IsColumnActive(DataViewSchema.Column column) => _columns.ContainsKey(column.Index);

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        if (!_columns.TryGetValue(column.Index, out (ValueBlock Block, Delegate Source) held))
        {
            throw new InvalidOperationException($"Column '{column.Name}' is not active in this cursor.");
        }

        return Getters.Cast<TValue>(held.Block.GetterAt(CurrentRow));
    }

    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId value) => value = _ids[CurrentRow()];

    public override bool MoveNext()
    {
        if (_disposed || (++_row >= _count && !NextBatch()))
        {
            Dispose();
            return false;
        }

        _position++;
        return true;
    }

    protected override void Dispose(bool disposing)
    {
        if (!_disposed && disposing)
        {
            _disposed = true;
            _position = -1;
            _feed.Leave();
        }

        base.Dispose(disposing);
    }

    private int CurrentRow() => _position >= 0 ? _row : throw new InvalidOperationException(Getters.NotAtRow);

    private bool NextBatch()
    {
        lock (_feed)
        {
            _row = 0;
            for (_count = 0; _count < BatchSize && _feed.MoveNext(); _count++)
            {
                _feed.GetId(ref _ids[_count]);
                foreach ((ValueBlock block, Delegate source) in _columns.Values)
                {
                    block.Fill(source, _count);
                }
            }

            _batch = _count > 0 ? _feed.NextBatchNumber++ : _batch;
            return _count > 0;
        }
    }

    /// <summary>The cursor that is shared, and how many still draw from it.</summary>
    private sealed class Feed
    {
        private int _users;
        private bool _ended;

        public Feed(DataViewRowCursor input, int users)
        {
            Input = input;
            _users = users;
            GetId = input.GetIdGetter();
            foreach (DataViewSchema.Column column in input.Schema)
            {
                if (input.IsColumnActive(column))
                {
                    Getters[column.Index] = input.Untyped(column);
                }
            }
        }

        public DataViewRowCursor Input { get; }

        public Dictionary<int, Delegate> Getters { get; } = [];

        public ValueGetter<DataViewRowId> GetId { get; }

        public long NextBatchNumber { get; set; }

        public bool MoveNext()
        {
            _ended = _ended || !Input.MoveNext();
            return !_ended;
        }

        public void Leave()
        {
            if (Interlocked.Decrement(ref _users) == 0)
            {
                Input.Dispose();
            }
        }
    }
}
