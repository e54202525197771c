using System.Buffers.Binary;
using System.IO.Compression;

namespace Microsoft.ML.ConvNet.Core.Tests.Data;

/// <summary>Writes files in the IDX format, true ones and others.</summary>
internal static class IdxFile
{
    /// <summary>The bytes of a file: magic number, dimensions, elements.</summary>
    public static byte[] Bytes(uint magic, long[] dimensions, byte[] elements)
    {
        byte[] bytes = new byte[4 + (4 * dimensions.Length) + elements.Length];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, magic);
        for (int i = 0; i < dimensions.Length; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(4 + (4 * i)), (uint)dimensions[i]);
        }

        elements.CopyTo(bytes, 4 + (4 * dimensions.Length));
        return bytes;
    }

    /// <summary>Images whose header states the given dimensions.</summary>
    public static byte[] Images(long count, long height, long width, byte[] elements) => Bytes(0x803, [count, height, width], elements);

    /// <summary>Labels with a true header.</summary>
    public static byte[] Labels(params byte[] labels) => Bytes(0x801, [labels.Length], labels);

    /// <summary>The elements 0, 1, 2... of as many bytes.</summary>
    public static byte[] Counting(int count) => [.. Enumerable.Range(0, count).Select(i => (byte)i)];

    /// <summary>What gzip makes of bytes.</summary>
    public static byte[] Compress(byte[] bytes)
    {
        using MemoryStream stream = new();
        using (GZipStream gzip = new(stream, CompressionLevel.Optimal))
        {
            gzip.Write(bytes);
        }

        return stream.ToArray();
    }
}
