using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Microsoft.ML.ConvNet.Storage;

/// <summary>Brings numbers from the little-endian bytes of a safetensors file into floats, and back.</summary>
internal static class SafeTensorsElements
{
    private const int ChunkLength = 64 * 1024;

    /// <summary>The bytes of one number.</summary>
    public static int SizeOf(SafeTensorsElementType type) => type switch
    {
        SafeTensorsElementType.F16 or SafeTensorsElementType.BF16 => 2,
        SafeTensorsElementType.F32 => 4,
        _ => 8,
    };

    /// <summary>The type of a name in a file.</summary>
    public static bool TryParse(string name, out SafeTensorsElementType type)
    {
        foreach (SafeTensorsElementType known in Enum.GetValues<SafeTensorsElementType>())
        {
            if (name == known.ToString())
            {
                type = known;
                return true;
            }
        }

        type = default;
        return false;
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
            for (int from = 0; from < values.Length; from += perChunk)
            {
                Span<float> part = values.Slice(from, Math.Min(perChunk, values.Length - from));
                Span<byte> bytes = chunk.AsSpan(0, part.Length * size);
                stream.ReadExactly(bytes);
                Convert(type, bytes, part);
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
            for (int from = 0; from < values.Length; from += PerChunk)
            {
                ReadOnlySpan<float> part = values.Slice(from, Math.Min(PerChunk, values.Length - from));
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
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }
    }

    private static void Convert(SafeTensorsElementType type, ReadOnlySpan<byte> bytes, Span<float> values)
    {
        switch (type)
        {
            case SafeTensorsElementType.F32 when BitConverter.IsLittleEndian:
                bytes.CopyTo(MemoryMarshal.AsBytes(values));
                break;
            case SafeTensorsElementType.F32:
                for (int i = 0; i < values.Length; i++)
                {
                    values[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes[(4 * i)..]);
                }

                break;
            case SafeTensorsElementType.F16:
                for (int i = 0; i < values.Length; i++)
                {
                    values[i] = (float)BinaryPrimitives.ReadHalfLittleEndian(bytes[(2 * i)..]);
                }

                break;
            case SafeTensorsElementType.BF16:
                for (int i = 0; i < values.Length; i++)
                {
                    values[i] = BitConverter.Int32BitsToSingle(BinaryPrimitives.ReadUInt16LittleEndian(bytes[(2 * i)..]) << 16);
                }

                break;
            case SafeTensorsElementType.I64:
                for (int i = 0; i < values.Length; i++)
                {
                    values[i] = BinaryPrimitives.ReadInt64LittleEndian(bytes[(8 * i)..]);
                }

                break;
            default:
                for (int i = 0; i < values.Length; i++)
                {
                    values[i] = (float)BinaryPrimitives.ReadDoubleLittleEndian(bytes[(8 * i)..]);
                }

                break;
        }
    }
}
