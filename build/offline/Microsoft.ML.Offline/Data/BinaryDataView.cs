#nullable disable
using System.Text;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A view written to a stream: its schema, then row by row its values.</summary>
internal sealed class BinaryDataView : IDataView
{
    private const uint Mark = 0x56444D4F;

    private readonly IHost _host;
    private readonly Func<Stream> _open;

    public BinaryDataView(IHostEnvironment env, Func<Stream> open)
    {
        _host = env.Register("BinaryLoader");
        _open = open;
        using BinaryReader reader = OpenAtSchema();
        Schema = SchemaCodec.Read(reader);
    }

    public bool CanShuffle => false;

    public DataViewSchema Schema { get; }

    public static void Write(BinaryWriter writer, IDataView data)
    {
        writer.Write(Mark);
        SchemaCodec.Write(writer, data.Schema);
        using DataViewRowCursor cursor = data.GetRowCursor(data.Schema);
        Func<BinaryWriter, DataViewRow, DataViewSchema.Column, Action> vector = VectorWriter<int>;
        Func<BinaryWriter, DataViewRow, DataViewSchema.Column, Action> plain = ValueWriter<int>;
        Action[] writers = [.. data.Schema.Select(column => GenericCall.Invoke<Action>(
            column.Type is VectorDataViewType ? vector : plain, column.Type.GetItemType().RawType, writer, cursor, column))];
        while (cursor.MoveNext())
        {
            writer.Write(true);
            foreach (Action write in writers)
            {
                write();
            }
        }

        writer.Write(false);
    }

    public long? GetRowCount() => null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null) =>
        new Cursor(this, Schema.Activate(columnsNeeded));

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null) =>
        [GetRowCursor(columnsNeeded)];

    private static Action ValueWriter<T>(BinaryWriter writer, DataViewRow row, DataViewSchema.Column column)
    {
        ValueGetter<T> get = row.GetGetter<T>(column);
        T value = default;
        return () =>
        {
            get(ref value);
            ValueCodec.WriteValue(writer, value);
        };
    }

    private static Action VectorWriter<T>(BinaryWriter writer, DataViewRow row, DataViewSchema.Column column)
    {
        ValueGetter<VBuffer<T>> get = row.GetGetter<VBuffer<T>>(column);
        VBuffer<T> value = default;
        return () =>
        {
            get(ref value);
            ValueCodec.WriteVector(writer, value);
        };
    }

    private BinaryReader OpenAtSchema()
    {
        var reader = new BinaryReader(_open(), Encoding.UTF8);
        try
        {
            _host.CheckDecode(reader.ReadUInt32() == Mark, "This does not appear to be a binary data view file");
            return reader;
        }
        catch
        {
            reader.Dispose();
            throw;
        }
    }

    private sealed class Cursor : RootCursor
    {
        private readonly BinaryReader _reader;
        private readonly Slot[] _slots;

        public Cursor(BinaryDataView view, bool[] active)
            : base(view._host, view.Schema, active)
        {
            _reader = view.OpenAtSchema();
            _ = SchemaCodec.Read(_reader);
            _slots = [.. view.Schema.Select(column => (Slot)Activator.CreateInstance(
                (column.Type is VectorDataViewType ? typeof(VectorSlot<>) : typeof(ValueSlot<>))
                    .MakeGenericType(column.Type.GetItemType().RawType)))];
        }

        protected override bool MoveNextCore()
        {
            if (!_reader.ReadBoolean())
            {
                return false;
            }

            foreach (Slot slot in _slots)
            {
                slot.Read(_reader);
            }

            return true;
        }

        protected override ValueGetter<TValue> GetterOf<TValue>(DataViewSchema.Column column) =>
            Getters.Cast<TValue>(_slots[column.Index].MakeGetter(CheckGood));

        protected override void OnDispose() => _reader.Dispose();
    }

    /// <summary>The current row's value of one column.</summary>
    private abstract class Slot
    {
        public abstract void Read(BinaryReader reader);

        public abstract Delegate MakeGetter(Action check);
    }

    private sealed class ValueSlot<T> : Slot
    {
        private T _value;

        public override void Read(BinaryReader reader) => _value = ValueCodec.ReadValue<T>(reader);

        public override Delegate MakeGetter(Action check) => (ValueGetter<T>)((ref T value) =>
        {
            check();
            value = _value;
        });
    }

    private sealed class VectorSlot<T> : Slot
    {
        private VBuffer<T> _value;

        public override void Read(BinaryReader reader) => _value = ValueCodec.ReadVector<T>(reader);

        public override Delegate MakeGetter(Action check) => (ValueGetter<VBuffer<T>>)((ref VBuffer<T> value) =>
        {
            check();
            _value.CopyTo(ref value);
        });
    }
}
