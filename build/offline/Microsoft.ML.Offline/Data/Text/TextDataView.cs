#nullable disable
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

namespace Microsoft.ML.Data;

/// <summary>The rows of text files, read anew by each cursor.</summary>
internal sealed class TextDataView : IDataView
{
    private readonly IHost _host;
    private readonly TextFormat _format;
    private readonly TextColumn[] _columns;
    private readonly IMultiStreamSource _source;

    public TextDataView(IHost host, TextFormat format, TextColumn[] columns, DataViewSchema schema, IMultiStreamSource source)
    {
        _host = host;
        _format = format;
        _columns = columns;
        _source = source;
        Schema = schema;
    }

    public bool CanShuffle => false;

    public DataViewSchema Schema { get; }

    public long? GetRowCount() => null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null) =>
        new Cursor(this, Schema.Activate(columnsNeeded));

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null)
    {
        DataViewRowCursor cursor = GetRowCursor(columnsNeeded);
        return n > 1 ? SplitCursor.Split(cursor, n) : [cursor];
    }

    private sealed class Cursor : RootCursor
    {
        private readonly TextDataView _view;
        private readonly IEnumerator<(long Number, string Text)> _lines;
        private readonly List<KeyValuePair<int, ReadOnlyMemory<char>>> _fields = [];
        private int _count;

        public Cursor(TextDataView view, bool[] active)
            : base(view._host, view.Schema, active)
        {
            _view = view;
            _lines = view._format.ReadLines(view._source, withHeader: false).GetEnumerator();
        }

        protected override bool MoveNextCore()
        {
            if (Position + 1 >= _view._format.MaxRows || !_lines.MoveNext())
            {
                return false;
            }

            _count = new FieldReader(_view._format, _lines.Current.Text).Read(_fields);
            return true;
        }

        protected override ValueGetter<TValue> GetterOf<TValue>(DataViewSchema.Column column)
        {
            Func<TextColumn, Delegate> example = column.Type is VectorDataViewType ? VectorGetter<int> : ScalarGetter<int>;
            return Getters.Cast<TValue>(GenericCall.Invoke<Delegate>(
                example, column.Type.GetItemType().RawType, _view._columns[column.Index]));
        }

        protected override void OnDispose() => _lines.Dispose();

        private ValueGetter<T> ScalarGetter<T>(TextColumn column)
        {
            int field = column.Segments[0].Start;
            return (ref T value) =>
            {
                CheckGood();
                int at = Find(field);
                value = at < _fields.Count && _fields[at].Key == field ? Parse<T>(column, _fields[at].Value) : Absent<T>();
            };
        }

        private ValueGetter<VBuffer<T>> VectorGetter<T>(TextColumn column) => (ref VBuffer<T> value) =>
        {
            CheckGood();
            TextColumn.Segment last = column.Segments[^1];
            bool varies = !((VectorDataViewType)column.Type).IsKnownSize;
            int size = column.FixedSize + (varies ? Math.Max(0, _count - last.Start) : 0);
            VBufferEditor<T> editor = VBufferEditor.Create(ref value, size);
            editor.Values.Fill(Absent<T>());
            int offset = 0;
            foreach (TextColumn.Segment segment in column.Segments)
            {
                int end = Math.Min(segment.End, varies && segment == last ? _count : segment.End);
                for (int at = Find(segment.Start); at < _fields.Count && _fields[at].Key < end; at++)
                {
                    editor.Values[offset + _fields[at].Key - segment.Start] = Parse<T>(column, _fields[at].Value);
                }

                offset += Math.Max(0, end - segment.Start);
            }

            value = editor.Commit();
        };

        /// <summary>Where the first field of this index or a later one stands.</summary>
        private int Find(int field)
        {
            int low = 0;
            int high = _fields.Count;
            while (low < high)
            {
                int middle = (low + high) / 2;
                (low, high) = _fields[middle].Key < field ? (middle + 1, high) : (low, middle);
            }

            return low;
        }

        private T Absent<T>() => _view._format.MissingRealsAsNaNs ? MissingValue.Of<T>() : default;

        private T Parse<T>(TextColumn column, ReadOnlyMemory<char> text)
        {
            if (column.ItemType is KeyDataViewType key)
            {
                // A key out of range is missing.
                _ = TextParsing.TryParseKey(text, key.Count, out ulong number);
                return (T)Convert.ChangeType(number, typeof(T), null);
            }

            if (_view._format.DecimalMarker == ',' && column.ItemType.RawType is Type raw && (raw == typeof(float) || raw == typeof(double)))
            {
                text = text.ToString().Replace(',', '.').AsMemory();
            }

            bool good = TextParsing.TryParse(text, out T value);
            bool canMiss = typeof(T) == typeof(float) || typeof(T) == typeof(double);
            if (good || canMiss)
            {
                return value;
            }

            string problem = $"Could not parse value {text} in line {_lines.Current.Number}, column {column.Name}";
            throw _view._host.ExceptDecode($"Parsing failed with an exception: {problem}", new InvalidOperationException(problem));
        }
    }
}
