#nullable disable
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>
/// An approximate bootstrap sample: each row as often as a Poisson variable of mean 1 says; or, as its complement, the rows
/// that the sample leaves out (Poisson numbers: D. Knuth, The Art of Computer Programming 2, 1969, section 3.4.1).
/// </summary>
internal sealed class BootstrapDataView : IDataView
{
    private readonly IHost _host;
    private readonly IDataView _source;
    private readonly uint _seed;
    private readonly bool _complement;

    public BootstrapDataView(IHostEnvironment env, IDataView source, uint? seed, bool complement)
    {
        _host = env.Register("BootstrapSample");
        _source = source;
        _seed = seed ?? (uint)_host.Rand.Next();
        _complement = complement;
    }

    public bool CanShuffle => false;

    public DataViewSchema Schema => _source.Schema;

    public long? GetRowCount() => null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null) =>
        new Cursor(this, _source.GetRowCursor(columnsNeeded), Schema.Activate(columnsNeeded));

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null) =>
        [GetRowCursor(columnsNeeded)];

    private sealed class Cursor : LinkedCursor
    {
        private readonly bool _complement;
        private readonly HybridTausworthe _random;
        private long _position = -1;
        private int _remaining;

        public Cursor(BootstrapDataView view, DataViewRowCursor input, bool[] active)
            : base(view._host, input, view.Schema, active)
        {
            _complement = view._complement;
            _random = new HybridTausworthe(view._seed);
        }

        public override long Position => _position;

        public override long Batch => 0;

        public override ValueGetter<DataViewRowId> GetIdGetter()
        {
            ValueGetter<DataViewRowId> get = Input.GetIdGetter();
            return (ref DataViewRowId value) =>
            {
                get(ref value);
                value = value.Combine(new DataViewRowId((ulong)_remaining, 0));
            };
        }

        public override bool MoveNext()
        {
            while (_remaining == 0)
            {
                if (!Input.MoveNext())
                {
                    _position = -1;
                    return false;
                }

                int times = DrawPoisson();
                _remaining = !_complement ? times : times == 0 ? 1 : 0;
            }

            _remaining--;
            _position++;
            return true;
        }

        private int DrawPoisson()
        {
            int count = 0;
            double limit = Math.Exp(-1);
            for (double product = _random.NextDouble(); product > limit; product *= _random.NextDouble())
            {
                count++;
            }

            return count;
        }
    }
}
