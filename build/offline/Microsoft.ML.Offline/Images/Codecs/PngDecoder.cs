using System.Buffers.Binary;
using System.IO.Compression;

namespace Microsoft.ML.Transforms.Image.Codecs;

/// <summary>Decodes PNG (ISO/IEC 15948:2004): every colour type and bit depth, palettes, transparent colours, interlacing.</summary>
internal static class PngDecoder
{
    public static bool Recognizes(ReadOnlySpan<byte> file) => file.StartsWith(PngFile.Signature);

    /// <exception cref="InvalidDataException">The file breaks the format or is damaged.</exception>
    public static RasterImage Decode(byte[] file)
    {
        PngFile png = PngFile.Parse(file);
        PngHeader header = png.Header;
        var pixels = new byte[header.Width * header.Height * 4];
        using var inflated = new ZLibStream(new MemoryStream(png.JoinData()), CompressionMode.Decompress);
        foreach (PngPass pass in header.Passes())
        {
            ReadPass(png, pass, inflated, pixels);
        }

        // One more read makes the stream compare its checksum.
        _ = inflated.Read(new byte[1], 0, 1);
        bool hasAlpha = header.ColorType is PngColorType.GrayscaleWithAlpha or PngColorType.TruecolorWithAlpha
            || png.Transparency.Length != 0;
        return new RasterImage(header.Width, header.Height, hasAlpha, pixels);
    }

    private static void ReadPass(PngFile png, PngPass pass, ZLibStream inflated, byte[] pixels)
    {
        PngHeader header = png.Header;
        int columns = pass.Columns(header.Width);
        int rowBytes = header.RowBytes(columns);
        var above = new byte[rowBytes];
        var row = new byte[rowBytes];
        var samples = new ushort[columns * header.SamplesPerPixel];
        for (int j = 0; j < pass.Rows(header.Height); j++)
        {
            int filter = inflated.ReadByte();
            if (filter < 0 || inflated.ReadAtLeast(row, rowBytes, throwOnEndOfStream: false) < rowBytes)
            {
                throw new InvalidDataException("the PNG's image data ends before its last row");
            }

            PngRowFilter.Undo(filter, row, above, header.FilterStride);
            Unpack(row, header.BitDepth, samples);
            int y = pass.FirstRow + j * pass.RowStep;
            Span<byte> target = pixels.AsSpan((y * header.Width + pass.FirstColumn) * 4);
            for (int i = 0; i < columns; i++)
            {
                Expand(png, samples.AsSpan(i * header.SamplesPerPixel), target[(i * pass.ColumnStep * 4)..]);
            }

            (above, row) = (row, above);
        }
    }

    private static void Unpack(ReadOnlySpan<byte> row, int bitDepth, Span<ushort> samples)
    {
        for (int i = 0; i < samples.Length; i++)
        {
            samples[i] = bitDepth switch
            {
                16 => BinaryPrimitives.ReadUInt16BigEndian(row[(2 * i)..]),
                8 => row[i],
                _ => (ushort)((row[i * bitDepth / 8] >> (8 - bitDepth - i * bitDepth % 8)) & ((1 << bitDepth) - 1)),
            };
        }
    }

    private static void Expand(PngFile png, ReadOnlySpan<ushort> samples, Span<byte> rgba)
    {
        int bitDepth = png.Header.BitDepth;
        ReadOnlySpan<byte> transparency = png.Transparency.Span;
        switch (png.Header.ColorType)
        {
            case PngColorType.Grayscale:
            case PngColorType.GrayscaleWithAlpha:
                rgba[0] = rgba[1] = rgba[2] = ToByte(samples[0], bitDepth);
                break;
            case PngColorType.Indexed:
                int index = samples[0];
                if (index * 3 >= png.Palette.Length)
                {
                    throw new InvalidDataException($"the PNG uses colour {index} of a palette of {png.Palette.Length / 3}");
                }

                png.Palette.Span.Slice(index * 3, 3).CopyTo(rgba);
                rgba[3] = index < transparency.Length ? transparency[index] : (byte)255;
                return;
            default:
                rgba[0] = ToByte(samples[0], bitDepth);
                rgba[1] = ToByte(samples[1], bitDepth);
                rgba[2] = ToByte(samples[2], bitDepth);
                break;
        }

        rgba[3] = png.Header.ColorType switch
        {
            PngColorType.GrayscaleWithAlpha => ToByte(samples[1], bitDepth),
            PngColorType.TruecolorWithAlpha => ToByte(samples[3], bitDepth),
            _ => IsTransparent(samples[..png.Header.SamplesPerPixel], transparency) ? (byte)0 : (byte)255,
        };
    }

    private static bool IsTransparent(ReadOnlySpan<ushort> samples, ReadOnlySpan<byte> key)
    {
        if (key.IsEmpty)
        {
            return false;
        }

        for (int i = 0; i < samples.Length; i++)
        {
            if (samples[i] != BinaryPrimitives.ReadUInt16BigEndian(key[(2 * i)..]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>A sample scaled so that its largest value becomes 255.</summary>
    private static byte ToByte(int sample, int bitDepth)
    {
        int largest = (1 << bitDepth) - 1;
        return (byte)((sample * 255 + largest / 2) / largest);
    }
}
