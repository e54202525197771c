using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Microsoft.ML.ConvNet.Storage;

/// <summary>Brings numbers from the little-endian bytes of a safetensors file into floats, and back.</summary>
internal static class SafeTensorsElements
{
    private const int ChunkLength = 64 * 1024;

    /// <summary>Reads one number from the first of the given bytes.</summary>
    private delegate float Reader(ReadOnlySpan<byte> bytes);

    /// <summary>The bytes of one number.</summary>
    public static int SizeOf(SafeTensorsElementType type) => type switch
    {
        SafeTensorsElementType.F64 or SafeTensorsElementType.I64 or SafeTensorsElementType.U64 => 8,
        SafeTensorsElementType.F32 or SafeTensorsElementType.I32 or SafeTensorsElementType.U32 => 4,
        SafeTensorsElementType.F16 or SafeTensorsElementType.BF16 or SafeTensorsElementType.I16 or SafeTensorsElementType.U16 => 2,
        _ => 1,
    };

    /// <summary>The type of a name in a file; null for one that cannot be read as floats.</summary>
    public static SafeTensorsElementType? Parse(string name)
    {
        foreach (SafeTensorsElementType known in Enum.GetValues<SafeTensorsElementType>())
        {
            if (name == known.ToString())
            {
                return known;
            }
        }

        return null;
    }

    /// <summary>Reads as many numbers as the span holds.</summary>
    /// <exception cref="EndOfStreamException">The stream ends before.</exception>
    public static void Read(Stream stream, SafeTensorsElementType type, Span<float> values)
    {
        byte[] chunk = ArrayPool<byte>.Shared.Rent(ChunkLength);
        try
        {
            int size = SizeOf(type);
            int perChunk = ChunkLength / size;
            while (values.Length > 0)
            {
                Span<float> part = values[..Math.Min(perChunk, values.Length)];
                Span<byte> bytes = chunk.AsSpan(0, part.Length * size);
                stream.ReadExactly(bytes);
                Convert(type, bytes, part);
                values = values[part.Length..];
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }
    }

    /// <summary>Passes over some bytes.</summary>
    /// <exception cref="EndOfStreamException">The stream, which cannot seek, ends before.</exception>
    public static void Skip(Stream stream, long count)
    {
        if (stream.CanSeek)
        {
            stream.Seek(count, SeekOrigin.Current);
            return;
        }

        byte[] chunk = ArrayPool<byte>.Shared.Rent(ChunkLength);
        try
        {
            for (long left = count; left > 0; left -= Math.Min(left, ChunkLength))
            {
                stream.ReadExactly(chunk.AsSpan(0, (int)Math.Min(left, ChunkLength)));
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }
    }

    /// <summary>Writes numbers as F32 or F16.</summary>
    public static void Write(Stream stream, ReadOnlySpan<float> values, SafeTensorsElementType type)
    {
        if (type == SafeTensorsElementType.F16)
        {
            WriteHalves(stream, values);
        }
        else
        {
            Write(stream, values);
        }
    }

    private static void WriteHalves(Stream stream, ReadOnlySpan<float> values)
    {
        byte[] chunk = ArrayPool<byte>.Shared.Rent(ChunkLength);
        try
        {
            while (values.Length > 0)
            {
                ReadOnlySpan<float> part = values[..Math.Min(ChunkLength / 2, values.Length)];
                for (int i = 0; i < part.Length; i++)
                {
                    BinaryPrimitives.WriteHalfLittleEndian(chunk.AsSpan(2 * i), (Half)part[i]);
                }

                stream.Write(chunk.AsSpan(0, 2 * part.Length));
                values = values[part.Length..];
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }
    }

    /// <summary>Writes numbers as F32.</summary>
    public static void Write(Stream stream, ReadOnlySpan<float> values)
    {
        byte[] chunk = ArrayPool<byte>.Shared.Rent(ChunkLength);
        try
        {
            const int PerChunk = ChunkLength / sizeof(float);
            while (values.Length > 0)
            {
                ReadOnlySpan<float> part = values[..Math.Min(PerChunk, values.Length)];
                Span<byte> bytes = chunk.AsSpan(0, part.Length * sizeof(float));
                if (BitConverter.IsLittleEndian)
                {
                    MemoryMarshal.AsBytes(part).CopyTo(bytes);
                }
                else
                {
                    for (int i = 0; i < part.Length; i++)
                    {
                        BinaryPrimitives.WriteSingleLittleEndian(bytes[(4 * i)..], part[i]);
                    }
                }

                stream.Write(bytes);
                values = values[part.Length..];
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }
    }

    private static void Convert(SafeTensorsElementType type, ReadOnlySpan<byte> bytes, Span<float> values)
    {
        if (type == SafeTensorsElementType.F32 && BitConverter.IsLittleEndian)
        {
            bytes.CopyTo(MemoryMarshal.AsBytes(values));
            return;
        }

        Reader read = ReaderOf(type);
        int size = SizeOf(type);
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = read(bytes[(size * i)..]);
        }
    }

    private static Reader ReaderOf(SafeTensorsElementType type) => type switch
    {
        SafeTensorsElementType.F32 => BinaryPrimitives.ReadSingleLittleEndian,
        SafeTensorsElementType.F16 => static bytes => (float)BinaryPrimitives.ReadHalfLittleEndian(bytes),
        SafeTensorsElementType.BF16 =>
            static bytes => BitConverter.Int32BitsToSingle(BinaryPrimitives.ReadUInt16LittleEndian(bytes) << 16),
        SafeTensorsElementType.F64 => static bytes => (float)BinaryPrimitives.ReadDoubleLittleEndian(bytes),
        SafeTensorsElementType.F8_E4M3 => static bytes => OfE4M3(bytes[0]),
        SafeTensorsElementType.F8_E5M2 => static bytes => (float)BitConverter.UInt16BitsToHalf((ushort)(bytes[0] << 8)),
        SafeTensorsElementType.I64 => static bytes => BinaryPrimitives.ReadInt64LittleEndian(bytes),
        SafeTensorsElementType.I32 => static bytes => BinaryPrimitives.ReadInt32LittleEndian(bytes),
        SafeTensorsElementType.I16 => static bytes => BinaryPrimitives.ReadInt16LittleEndian(bytes),
        SafeTensorsElementType.I8 => static bytes => (sbyte)bytes[0],
        SafeTensorsElementType.U64 => static bytes => BinaryPrimitives.ReadUInt64LittleEndian(bytes),
        SafeTensorsElementType.U32 => static bytes => BinaryPrimitives.ReadUInt32LittleEndian(bytes),
        SafeTensorsElementType.U16 => static bytes => BinaryPrimitives.ReadUInt16LittleEndian(bytes),
        SafeTensorsElementType.U8 => static bytes => bytes[0],
        _ => static bytes => bytes[0] == 0 ? 0 : 1,
    };

    // One bit of sign, four of the exponent and three of the significand; all ones is the only NaN, and there are no infinities.
    private static float OfE4M3(byte bits)
    {
        int exponent = (bits >> 3) & 15;
        int significand = bits & 7;
        float magnitude = (exponent, significand) switch
        {
            (15, 7) => float.NaN,
            (0, _) => significand * (1f / 512),
            _ => MathF.ScaleB(8 + significand, exponent - 10),
        };
        return bits < 128 ? magnitude : -magnitude;
    }
}
