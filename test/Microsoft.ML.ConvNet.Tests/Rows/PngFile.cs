using System.Buffers.Binary;
using System.IO.Compression;

namespace Microsoft.ML.ConvNet.Tests.Rows;

/// <summary>A PNG file of red, green, blue and alpha, 8 bits each, colours not multiplied by alpha, as the format has them.</summary>
internal static class PngFile
{
    public static byte[] Encode(int height, int width, byte[] rgba)
    {
        using MemoryStream data = new();
        using (ZLibStream compressed = new(data, CompressionLevel.Fastest, leaveOpen: true))
        {
            for (int y = 0; y < height; y++)
            {
                compressed.WriteByte(0);
                compressed.Write(rgba.AsSpan(4 * width * y, 4 * width));
            }
        }

        return Encode(height, width, data);
    }

    /// <summary>A file whose header says a size, and that has no pixels.</summary>
    public static byte[] OfHeader(int height, int width)
    {
        using MemoryStream none = new();
        return Encode(height, width, none);
    }

    private static byte[] Encode(int height, int width, MemoryStream data)
    {
        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (8, 6);
        return [137, 80, 78, 71, 13, 10, 26, 10, .. Chunk("IHDR"u8, header), .. Chunk("IDAT"u8, data.ToArray()), .. Chunk("IEND"u8, [])];
    }

    private static byte[] Chunk(ReadOnlySpan<byte> kind, byte[] content)
    {
        byte[] chunk = new byte[content.Length + 12];
        BinaryPrimitives.WriteInt32BigEndian(chunk, content.Length);
        kind.CopyTo(chunk.AsSpan(4));
        content.CopyTo(chunk, 8);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(content.Length + 8), Checksum(chunk.AsSpan(4, content.Length + 4)));
        return chunk;
    }

    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        uint register = uint.MaxValue;
        foreach (byte value in bytes)
        {
            register ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                register = (register >> 1) ^ ((register & 1) == 0 ? 0 : 0xEDB88320);
            }
        }

        return ~register;
    }
}
