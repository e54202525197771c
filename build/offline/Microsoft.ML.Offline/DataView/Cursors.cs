#nullable disable
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A cursor that moves by itself: over a list, over a file.</summary>
internal abstract class RootCursor : DataViewRowCursor
{
    private readonly IChannel _channel;
    private readonly bool[] _active;
    private long _position = -1;
    private bool _disposed;

    protected RootCursor(IChannelProvider provider, DataViewSchema schema, bool[] active)
    {
        _channel = provider?.Start("Cursor");
        Schema = schema;
        _active = active;
    }

    public sealed override long Position => _position;

    public sealed override DataViewSchema Schema { get; }

    public override long Batch => 0;

    protected bool IsGood => _position >= 0;

    public sealed override bool MoveNext()
    {
        if (_disposed)
        {
            return false;
        }

        if (MoveNextCore())
        {
            _position++;
            return true;
        }

        Dispose();
        return false;
    }

    public sealed override bool IsColumnActive(DataViewSchema.Column column)
    {
        _channel.Check(column.Index < _active.Length, $"Column '{column.Name}' is not one of this cursor.");
        return _active[column.Index];
    }

    public sealed override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        return IsColumnActive(column) ? GetterOf<TValue>(column) : throw NotActive(column);
    }

    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId value) =>
    {
        CheckGood();
        value = new DataViewRowId((ulong)_position, 0);
    };

    protected void CheckGood() => _channel.Check(IsGood, Getters.NotAtRow);

    protected virtual Exception NotActive(DataViewSchema.Column column) =>
        _channel.Except($"Column '{column.Name}' is not active in this cursor.");

    protected abstract bool MoveNextCore();

    protected abstract ValueGetter<TValue> GetterOf<TValue>(DataViewSchema.Column column);

    protected virtual void OnDispose()
    {
    }

    protected sealed override void Dispose(bool disposing)
    {
        if (!_disposed && disposing)
        {
            _disposed = true;
            _position = -1;
            OnDispose();
            _channel?.Dispose();
        }

        base.Dispose(disposing);
    }
}

/// <summary>A cursor that moves with another, and by default has its values.</summary>
internal abstract class LinkedCursor : DataViewRowCursor
{
    private readonly IChannel _channel;
    private readonly bool[] _active;
    private bool _disposed;

    protected LinkedCursor(IChannelProvider provider, DataViewRowCursor input, DataViewSchema schema, bool[] active)
    {
        _channel = provider?.Start("Cursor");
        Input = input;
        Schema = schema;
        _active = active;
    }

    public override long Position => Input.Position;

    public override long Batch => Input.Batch;

    public sealed override DataViewSchema Schema { get; }

    protected DataViewRowCursor Input { get; }

    public override bool MoveNext() => Input.MoveNext();

    public sealed override bool IsColumnActive(DataViewSchema.Column column)
    {
        _channel.Check(column.Index < _active.Length, $"Column '{column.Name}' is not one of this cursor.");
        return _active[column.Index];
    }

    public sealed override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        _channel.Check(IsColumnActive(column), $"Column '{column.Name}' is not active in this cursor.");
        return GetterOf<TValue>(column);
    }

    public override ValueGetter<DataViewRowId> GetIdGetter() => Input.GetIdGetter();

    protected virtual ValueGetter<TValue> GetterOf<TValue>(DataViewSchema.Column column) =>
        Input.GetGetter<TValue>(Input.Schema[column.Index]);

    protected virtual void OnDispose()
    {
    }

    protected sealed override void Dispose(bool disposing)
    {
        if (!_disposed && disposing)
        {
            _disposed = true;
            OnDispose();
            Input.Dispose();
            _channel?.Dispose();
        }

        base.Dispose(disposing);
    }
}
