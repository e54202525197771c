#nullable disable
using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>Column types and values as bytes.</summary>
internal static class ValueCodec
{
    private const byte RowIdKind = 16;

    private enum Shape : byte
    {
        Plain = 0,
        Key = 1,
        Vector = 2,
    }

    public static bool CanWrite(DataViewType type) => type is PrimitiveDataViewType or VectorDataViewType;

    public static void WriteType(BinaryWriter writer, DataViewType type)
    {
        switch (type)
        {
            case VectorDataViewType vector:
                writer.Write((byte)Shape.Vector);
                WriteType(writer, vector.ItemType);
                writer.Write(vector.Dimensions.Length);
                foreach (int dimension in vector.Dimensions)
                {
                    writer.Write(dimension);
                }

                break;
            case KeyDataViewType key:
                writer.Write((byte)Shape.Key);
                writer.Write((byte)ColumnTypeExtensions.KindOf(key));
                writer.Write(key.Count);
                break;
            default:
                writer.Write((byte)Shape.Plain);
                writer.Write(type is RowIdDataViewType ? RowIdKind : (byte)ColumnTypeExtensions.KindOf((PrimitiveDataViewType)type));
                break;
        }
    }

    public static DataViewType ReadType(BinaryReader reader)
    {
        var shape = (Shape)reader.ReadByte();
        if (shape == Shape.Vector)
        {
            var item = (PrimitiveDataViewType)ReadType(reader);
            int[] dimensions = [.. Enumerable.Range(0, reader.ReadInt32()).Select(_ => reader.ReadInt32())];
            return new VectorDataViewType(item, dimensions);
        }

        byte kind = reader.ReadByte();
        if (shape == Shape.Key)
        {
            Type raw = ColumnTypeExtensions.PrimitiveTypeFromKind((DataKind)kind).RawType;
            return new KeyDataViewType(raw, reader.ReadUInt64());
        }

        return kind == RowIdKind ? RowIdDataViewType.Instance : ColumnTypeExtensions.PrimitiveTypeFromKind((DataKind)kind);
    }

    public static void WriteVector<T>(BinaryWriter writer, VBuffer<T> vector)
    {
        writer.Write(vector.Length);
        writer.Write(vector.GetValues().Length);
        foreach (KeyValuePair<int, T> item in vector.Items())
        {
            if (!vector.IsDense)
            {
                writer.Write(item.Key);
            }

            WriteValue(writer, item.Value);
        }
    }

    public static VBuffer<T> ReadVector<T>(BinaryReader reader)
    {
        int length = reader.ReadInt32();
        int count = reader.ReadInt32();
        if (length < 0 || count < 0 || count > length)
        {
            throw new FormatException($"A vector of {count} values and length {length} cannot be.");
        }

        var values = new T[count];
        int[] indices = count == length ? null : new int[count];
        for (int i = 0; i < count; i++)
        {
            if (indices is not null)
            {
                indices[i] = reader.ReadInt32();
            }

            values[i] = ReadValue<T>(reader);
        }

        return new VBuffer<T>(length, count, values, indices);
    }

    public static void WriteValue<T>(BinaryWriter writer, T value)
    {
        switch (value)
        {
            case sbyte x: writer.Write(x); break;
            case byte x: writer.Write(x); break;
            case short x: writer.Write(x); break;
            case ushort x: writer.Write(x); break;
            case int x: writer.Write(x); break;
            case uint x: writer.Write(x); break;
            case long x: writer.Write(x); break;
            case ulong x: writer.Write(x); break;
            case float x: writer.Write(x); break;
            case double x: writer.Write(x); break;
            case bool x: writer.Write(x); break;
            case ReadOnlyMemory<char> x: writer.Write(x.ToString()); break;
            case TimeSpan x: writer.Write(x.Ticks); break;
            case DateTime x: writer.Write(x.Ticks); break;
            case DateTimeOffset x:
                writer.Write(x.Ticks);
                writer.Write(x.Offset.Ticks);
                break;
            case DataViewRowId x:
                writer.Write(x.Low);
                writer.Write(x.High);
                break;
            default: throw new NotSupportedException($"Values of type {typeof(T)} cannot be written.");
        }
    }

    public static T ReadValue<T>(BinaryReader reader)
    {
        object value = Type.GetTypeCode(typeof(T)) switch
        {
            TypeCode.SByte => (object)reader.ReadSByte(),
            TypeCode.Byte => reader.ReadByte(),
            TypeCode.Int16 => reader.ReadInt16(),
            TypeCode.UInt16 => reader.ReadUInt16(),
            TypeCode.Int32 => reader.ReadInt32(),
            TypeCode.UInt32 => reader.ReadUInt32(),
            TypeCode.Int64 => reader.ReadInt64(),
            TypeCode.UInt64 => reader.ReadUInt64(),
            TypeCode.Single => reader.ReadSingle(),
            TypeCode.Double => reader.ReadDouble(),
            TypeCode.Boolean => reader.ReadBoolean(),
            TypeCode.DateTime => new DateTime(reader.ReadInt64()),
            _ => ReadStructure(reader, typeof(T)),
        };
        return (T)value;
    }

    private static object ReadStructure(BinaryReader reader, Type type)
    {
        if (type == typeof(ReadOnlyMemory<char>))
        {
            return reader.ReadString().AsMemory();
        }

        if (type == typeof(TimeSpan))
        {
            return new TimeSpan(reader.ReadInt64());
        }

        if (type == typeof(DateTimeOffset))
        {
            return new DateTimeOffset(reader.ReadInt64(), new TimeSpan(reader.ReadInt64()));
        }

        return type == typeof(DataViewRowId)
            ? new DataViewRowId(reader.ReadUInt64(), reader.ReadUInt64())
            : throw new NotSupportedException($"Values of type {type} cannot be read.");
    }
}
