using System.Buffers.Binary;
using System.Globalization;
using Microsoft.ML.ConvNet.Storage;

namespace Microsoft.ML.ConvNet.Onnx.Format;

/// <summary>
/// Reads the elements of a tensor, which stand either as bytes, little-endian, or in a list of the message by type. The amount is
/// compared with the dimensions before memory is taken.
/// </summary>
internal static class TensorReader
{
    /// <summary>The most dimensions.</summary>
    public const int MaximumRank = 32;

    /// <summary>Reads a tensor.</summary>
    /// <param name="proto">The message.</param>
    /// <param name="place">Where it stands, for errors.</param>
    /// <exception cref="ModelFormatException">Its data are elsewhere, are of a type that is not read, or do not fit its
    /// dimensions.</exception>
    public static OnnxTensor Read(TensorProto proto, string place)
    {
        string name = proto.Name.Length > 0 ? OnnxText.Quoted(proto.Name) : $"of {OnnxText.Quoted(place)}";
        if (proto.DataLocation != TensorProto.Types.DataLocation.Default)
        {
            throw new ModelFormatException(
                $"The tensor {name}: its data stand in the file itself. "
                + "Received: data in another file; load the model by its path, or save it with its weights inside.");
        }

        if (proto.Segment is not null)
        {
            throw new ModelFormatException($"The tensor {name}: is stored whole. Received: a segment of one.");
        }

        OnnxElementType type = (OnnxElementType)proto.DataType;
        int[] dimensions = Dimensions(proto, name);
        int count = (int)dimensions.Aggregate(1L, (product, dimension) => product * dimension);
        if (type == OnnxElementType.Float && IsRaw(proto, proto.FloatData.Count) && BitConverter.IsLittleEndian)
        {
            RequireAmount(proto, name, (long)count * sizeof(float), proto.RawData.Length, "bytes");
            return new OnnxTensor(proto.Name, dimensions, proto.RawData.Memory);
        }

        float[] Floats<T>(int size, IReadOnlyList<T> listed, Decoder<float> decode, Func<T, float> convert) =>
            Elements(proto, name, count, size, listed, decode, convert);
        long[] Integers<T>(int size, IReadOnlyList<T> listed, Decoder<long> decode, Func<T, long> convert) =>
            Elements(proto, name, count, size, listed, decode, convert);
        float[]? floats = type switch
        {
            OnnxElementType.Float => Floats(4, proto.FloatData, bytes => BinaryPrimitives.ReadSingleLittleEndian(bytes), value => value),
            OnnxElementType.Float16 => Floats(2, proto.Int32Data, bytes => HalfOf(BinaryPrimitives.ReadUInt16LittleEndian(bytes)), HalfOf),
            OnnxElementType.BFloat16 => Floats(
                2, proto.Int32Data, bytes => Widened(BinaryPrimitives.ReadUInt16LittleEndian(bytes)), Widened),
            OnnxElementType.Double => Floats(
                8, proto.DoubleData, bytes => (float)BinaryPrimitives.ReadDoubleLittleEndian(bytes), value => (float)value),
            _ => null,
        };
        if (floats is not null)
        {
            return new OnnxTensor(proto.Name, type, dimensions, floats);
        }

        long[] integers = type switch
        {
            OnnxElementType.Bool => Integers(1, proto.Int32Data, bytes => bytes[0] == 0 ? 0 : 1, value => value == 0 ? 0 : 1),
            OnnxElementType.Int8 => Integers(1, proto.Int32Data, bytes => (sbyte)bytes[0], value => value),
            OnnxElementType.UInt8 => Integers(1, proto.Int32Data, bytes => bytes[0], value => value),
            OnnxElementType.Int16 => Integers(2, proto.Int32Data, bytes => BinaryPrimitives.ReadInt16LittleEndian(bytes), value => value),
            OnnxElementType.UInt16 => Integers(2, proto.Int32Data, bytes => BinaryPrimitives.ReadUInt16LittleEndian(bytes), value => value),
            OnnxElementType.Int32 => Integers(4, proto.Int32Data, bytes => BinaryPrimitives.ReadInt32LittleEndian(bytes), value => value),
            OnnxElementType.UInt32 => Integers(
                4, proto.Uint64Data, bytes => BinaryPrimitives.ReadUInt32LittleEndian(bytes), value => (long)value),
            OnnxElementType.Int64 => Integers(8, proto.Int64Data, bytes => BinaryPrimitives.ReadInt64LittleEndian(bytes), value => value),
            OnnxElementType.UInt64 => Integers(
                8, proto.Uint64Data, bytes => (long)BinaryPrimitives.ReadUInt64LittleEndian(bytes), value => (long)value),
            _ => throw new ModelFormatException(
                $"The tensor {name}: holds floating-point numbers, whole numbers or truth values. Received: elements of type {type}."),
        };
        return new OnnxTensor(proto.Name, type, dimensions, integers);
    }

    private delegate T Decoder<T>(ReadOnlySpan<byte> bytes);

    private static float Widened(int bits) => BitConverter.Int32BitsToSingle(bits << 16);

    private static float HalfOf(int bits) => (float)BitConverter.UInt16BitsToHalf((ushort)bits);

    private static int[] Dimensions(TensorProto proto, string name)
    {
        if (proto.Dims.Count > MaximumRank)
        {
            throw new ModelFormatException($"The tensor {name}: has at most {MaximumRank} dimensions. Received: {proto.Dims.Count}.");
        }

        int[] dimensions = new int[proto.Dims.Count];
        long product = 1;
        for (int i = 0; i < dimensions.Length; i++)
        {
            long dimension = proto.Dims[i];
            if (dimension is < 0 or > int.MaxValue || (product *= dimension) > int.MaxValue)
            {
                throw new ModelFormatException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"The tensor {name}: its dimensions are 0 or more, and their product at most {int.MaxValue:N0}. "
                    + $"Received: [{string.Join(", ", proto.Dims)}]."));
            }

            dimensions[i] = (int)dimension;
        }

        return dimensions;
    }

    private static T[] Elements<T, TListed>(
        TensorProto proto, string name, int count, int size, IReadOnlyList<TListed> listed, Decoder<T> decode, Func<TListed, T> convert)
    {
        bool isRaw = IsRaw(proto, listed.Count);
        RequireAmount(
            proto, name, isRaw ? (long)count * size : count, isRaw ? proto.RawData.Length : listed.Count, isRaw ? "bytes" : "elements");
        T[] elements = new T[count];
        if (!isRaw)
        {
            for (int i = 0; i < count; i++)
            {
                elements[i] = convert(listed[i]);
            }
        }
        else
        {
            ReadOnlySpan<byte> bytes = proto.RawData.Span;
            for (int i = 0; i < count; i++)
            {
                elements[i] = decode(bytes.Slice(i * size, size));
            }
        }

        return elements;
    }

    /// <summary>Whether the elements stand as bytes: a list beside them is for writers that set both.</summary>
    private static bool IsRaw(TensorProto proto, int listed) => proto.HasRawData && (proto.RawData.Length > 0 || listed == 0);

    private static void RequireAmount(TensorProto proto, string name, long wanted, long received, string unit)
    {
        if (wanted != received)
        {
            throw new ModelFormatException(string.Create(
                CultureInfo.InvariantCulture,
                $"The tensor {name}: the dimensions [{string.Join(", ", proto.Dims)}] take {wanted:N0} {unit}. Received: {received:N0}."));
        }
    }
}
