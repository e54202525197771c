using System.Buffers.Binary;
using System.IO.Compression;

namespace Microsoft.ML.Transforms.Image.Codecs;

/// <summary>Encodes PNG with 8 bits a sample: truecolor, with alpha where the image has it.</summary>
internal static class PngEncoder
{
    public static byte[] Encode(RasterImage image)
    {
        using var file = new MemoryStream();
        file.Write(PngFile.Signature);
        var header = new byte[PngHeader.Length];
        BinaryPrimitives.WriteInt32BigEndian(header, image.Width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), image.Height);
        header[8] = 8;
        header[9] = (byte)(image.HasAlpha ? PngColorType.TruecolorWithAlpha : PngColorType.Truecolor);
        WriteChunk(file, "IHDR"u8, header);
        WriteChunk(file, "IDAT"u8, Compress(image));
        WriteChunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    private static byte[] Compress(RasterImage image)
    {
        using var compressed = new MemoryStream();
        using (var deflate = new ZLibStream(compressed, CompressionLevel.Optimal, leaveOpen: true))
        {
            int samples = image.HasAlpha ? 4 : 3;
            var row = new byte[1 + image.Width * samples];
            for (int y = 0; y < image.Height; y++)
            {
                ReadOnlySpan<byte> source = image.Rgba.AsSpan(y * image.Width * 4, image.Width * 4);
                for (int x = 0; x < image.Width; x++)
                {
                    source.Slice(4 * x, samples).CopyTo(row.AsSpan(1 + x * samples));
                }

                // Filter 1: each byte less the one of the pixel on the left.
                row[0] = 1;
                for (int i = row.Length - 1; i > samples; i--)
                {
                    row[i] -= row[i - samples];
                }

                deflate.Write(row);
            }
        }

        return compressed.ToArray();
    }

    private static void WriteChunk(MemoryStream file, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        var chunk = new byte[data.Length + 12];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        type.CopyTo(chunk.AsSpan(4));
        data.CopyTo(chunk.AsSpan(8));
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(8 + data.Length), Crc32.Compute(chunk.AsSpan(4, 4 + data.Length)));
        file.Write(chunk);
    }
}
