using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Microsoft.ML.ConvNet.Cli.Tests.Data;

/// <summary>Writes PNG files byte by byte, such as no encoder writes: with an alpha, and with headers that state more than there is.</summary>
internal static class PngFiles
{
    private const byte ColourAndAlpha = 6;

    /// <summary>Writes an image of red, green, blue and alpha that is not multiplied into the colours.</summary>
    public static void Write(string path, int width, int height, byte[] pixels)
    {
        using MemoryStream rows = new();
        using (ZLibStream compressed = new(rows, CompressionLevel.Fastest, leaveOpen: true))
        {
            for (int row = 0; row < height; row++)
            {
                compressed.WriteByte(0);
                compressed.Write(pixels, row * width * 4, width * 4);
            }
        }

        WriteFile(path, width, height, rows.ToArray());
    }

    /// <summary>Writes a file whose header states a size, with the content of an image of one pixel.</summary>
    public static void WriteHeaderOf(string path, int width, int height)
    {
        using MemoryStream rows = new();
        using (ZLibStream compressed = new(rows, CompressionLevel.Fastest, leaveOpen: true))
        {
            compressed.Write(new byte[5]);
        }

        WriteFile(path, width, height, rows.ToArray());
    }

    private static void WriteFile(string path, int width, int height, byte[] rows)
    {
        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        header[8] = 8;
        header[9] = ColourAndAlpha;
        using FileStream file = File.Create(path);
        file.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0d, 0x0a, 0x1a, 0x0a]);
        WriteChunk(file, "IHDR", header);
        WriteChunk(file, "IDAT", rows);
        WriteChunk(file, "IEND", []);
    }

    private static void WriteChunk(FileStream file, string name, byte[] content)
    {
        byte[] chunk = [.. Encoding.ASCII.GetBytes(name), .. content];
        byte[] number = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, content.Length);
        file.Write(number);
        file.Write(chunk);
        BinaryPrimitives.WriteUInt32BigEndian(number, Checksum(chunk));
        file.Write(number);
    }

    // The cyclic redundancy check of the PNG specification.
    private static uint Checksum(byte[] bytes)
    {
        uint checksum = uint.MaxValue;
        foreach (byte value in bytes)
        {
            checksum ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                checksum = (checksum & 1) != 0 ? (checksum >> 1) ^ 0xedb88320 : checksum >> 1;
            }
        }

        return ~checksum;
    }
}
