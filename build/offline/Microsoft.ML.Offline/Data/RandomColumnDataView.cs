#nullable disable
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A view with a column of random numbers, the same for each cursor; therefore its rows are never shuffled.</summary>
internal sealed class RandomColumnDataView : IDataView
{
    public const uint DefaultSeed = 42;

    private readonly IHost _host;
    private readonly IDataView _source;
    private readonly ColumnBindings _bindings;
    private readonly uint _seed;

    public RandomColumnDataView(IHostEnvironment env, IDataView source, string name, uint seed)
    {
        _host = env.Register("GenerateNumber");
        _source = source;
        _seed = seed;
        _bindings = new ColumnBindings(source.Schema, [new DataViewSchema.DetachedColumn(name, NumberDataViewType.Single)]);
    }

    public bool CanShuffle => false;

    public DataViewSchema Schema => _bindings.Schema;

    public long? GetRowCount() => _source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
    {
        bool[] active = Schema.Activate(columnsNeeded);
        IEnumerable<DataViewSchema.Column> inputs = _source.Schema.Where(column =>
            Enumerable.Range(0, active.Length).Any(i => active[i] && _bindings.OriginOf(i) == (true, column.Index)));
        return new Cursor(this, _source.GetRowCursor(inputs), active);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null) =>
        [GetRowCursor(columnsNeeded)];

    private sealed class Cursor : LinkedCursor
    {
        private readonly RandomColumnDataView _view;
        private readonly HybridTausworthe _random;
        private long _drawn = -1;
        private float _value;

        public Cursor(RandomColumnDataView view, DataViewRowCursor input, bool[] active)
            : base(view._host, input, view.Schema, active)
        {
            _view = view;
            _random = new HybridTausworthe(view._seed);
        }

        protected override ValueGetter<TValue> GetterOf<TValue>(DataViewSchema.Column column)
        {
            (bool isInput, int index) = _view._bindings.OriginOf(column.Index);
            return isInput
                ? Input.GetGetter<TValue>(Input.Schema[index])
                : Getters.Cast<TValue>((ValueGetter<float>)Draw);
        }

        private void Draw(ref float value)
        {
            for (; _drawn < Input.Position; _drawn++)
            {
                _value = _random.NextSingle();
            }

            value = _value;
        }
    }
}
