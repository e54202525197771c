using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Microsoft.ML.ConvNet.Tests.MLNet;

/// <summary>Writes PNG files for tests by the letter of ISO/IEC 15948:2004.</summary>
internal static class PngBuilder
{
    private static readonly byte[] Signature = [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>A PNG of 8-bit red, green, blue triples, rows from the top.</summary>
    public static byte[] Rgb(int width, int height, params byte[] rgb) => Build(width, height, 8, 2, Rows(rgb, width * 3));

    /// <summary>A PNG of 8-bit red, green, blue, alpha quadruples, rows from the top.</summary>
    public static byte[] Rgba(int width, int height, params byte[] rgba) => Build(width, height, 8, 6, Rows(rgba, width * 4));

    /// <summary>Filter byte 0 before each row.</summary>
    public static byte[] Rows(byte[] samples, int rowLength) =>
        [.. samples.Chunk(rowLength).SelectMany(row => row.Prepend((byte)0))];

    /// <summary>A PNG of the given image data before compression, with chunks between header and data.</summary>
    public static byte[] Build(
        int width, int height, byte bitDepth, byte colorType, byte[] scanlines, bool interlaced = false, params byte[][] chunks)
    {
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        header[8] = bitDepth;
        header[9] = colorType;
        header[12] = interlaced ? (byte)1 : (byte)0;
        byte[] before = [.. chunks.SelectMany(chunk => chunk)];
        return [.. Signature, .. Chunk("IHDR", header), .. before, .. Chunk("IDAT", Deflate(scanlines)), .. Chunk("IEND")];
    }

    public static byte[] Chunk(string type, params byte[] data)
    {
        byte[] tagged = [.. Encoding.ASCII.GetBytes(type), .. data];
        var chunk = new byte[tagged.Length + 8];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        tagged.CopyTo(chunk, 4);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(4 + tagged.Length), Crc(tagged));
        return chunk;
    }

    private static byte[] Deflate(byte[] data)
    {
        using var compressed = new MemoryStream();
        using (var zlib = new ZLibStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            zlib.Write(data);
        }

        return compressed.ToArray();
    }

    private static uint Crc(byte[] data)
    {
        uint crc = 0xFFFFFFFF;
        foreach (byte value in data)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320);
            }
        }

        return ~crc;
    }
}
