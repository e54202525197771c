#nullable disable
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>An object as a row; its position counts the objects that it has been.</summary>
internal sealed class ObjectRow<TRow> : DataViewRow
    where TRow : class
{
    private readonly IHost _host;
    private readonly Delegate[] _getters;
    private TRow _current;
    private long _position = -1;

    public ObjectRow(IHostEnvironment env, SchemaDefinition definition)
    {
        _host = env.Register("Row");
        RowBinding[] bindings = RowBinding.Bind(typeof(TRow), definition, SchemaDefinition.Direction.Read);
        Schema = RowBinding.SchemaOf(bindings);
        _getters = [.. bindings.Select(binding => MemberGetters.Create(binding, Current))];
    }

    public override long Position => _position;

    public override long Batch => 0;

    public override DataViewSchema Schema { get; }

    public void Take(TRow row)
    {
        _host.CheckValue(row, nameof(row));
        _current = row;
        _position++;
    }

    public override ValueGetter<DataViewRowId> GetIdGetter() =>
        (ref DataViewRowId value) => value = new DataViewRowId((ulong)_position, 0);

    public override bool IsColumnActive(DataViewSchema.Column column) => column.Index < _getters.Length;

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        _host.CheckParam(IsColumnActive(column), nameof(column), "requested column not active");
        return Getters.Cast<TValue>(_getters[column.Index]);
    }

    private TRow Current() => _current ?? throw new InvalidOperationException(Getters.NotAtRow);
}
