using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;

namespace Microsoft.ML.Transforms.Image.Codecs;

/// <summary>Decodes Windows bitmaps without compression: 1, 4 and 8 bits with a palette, 24 and 32 bits, rows either way up.</summary>
internal static class BmpDecoder
{
    private const int FileHeaderLength = 14;
    private const int InfoHeaderLength = 40;
    private const int NoCompression = 0;
    private const int BitFields = 3;

    public static bool Recognizes(ReadOnlySpan<byte> file) => file.StartsWith("BM"u8);

    /// <exception cref="InvalidDataException">The file breaks the format, is cut off, or uses a kind that is not decoded.</exception>
    public static RasterImage Decode(byte[] file)
    {
        BmpHeader header = ReadHeader(file);
        long rowBytes = ((long)header.Width * header.BitCount + 31) / 32 * 4;
        if (header.DataOffset > file.Length || rowBytes * header.Height > file.Length - header.DataOffset)
        {
            throw new InvalidDataException(
                $"the BMP claims {header.Width} x {header.Height} pixels of {header.BitCount} bits but holds {file.Length} bytes");
        }

        var pixels = new byte[header.Width * header.Height * 4];
        for (int y = 0; y < header.Height; y++)
        {
            int line = header.IsTopDown ? y : header.Height - 1 - y;
            ReadOnlySpan<byte> row = file.AsSpan((int)(header.DataOffset + line * rowBytes), (int)rowBytes);
            Span<byte> target = pixels.AsSpan(y * header.Width * 4, header.Width * 4);
            for (int x = 0; x < header.Width; x++)
            {
                ReadPixel(header, file, row, x, target.Slice(4 * x, 4));
            }
        }

        return new RasterImage(header.Width, header.Height, header.AlphaMask != 0, pixels);
    }

    private static BmpHeader ReadHeader(ReadOnlySpan<byte> file)
    {
        if (file.Length < FileHeaderLength + InfoHeaderLength)
        {
            throw new InvalidDataException($"the BMP is shorter than its headers. Received: {file.Length} bytes");
        }

        ReadOnlySpan<byte> info = file[FileHeaderLength..];
        int infoLength = BinaryPrimitives.ReadInt32LittleEndian(info);
        int width = BinaryPrimitives.ReadInt32LittleEndian(info[4..]);
        int height = BinaryPrimitives.ReadInt32LittleEndian(info[8..]);
        int bitCount = BinaryPrimitives.ReadUInt16LittleEndian(info[14..]);
        int compression = BinaryPrimitives.ReadInt32LittleEndian(info[16..]);
        if (infoLength < InfoHeaderLength || infoLength > info.Length)
        {
            throw new InvalidDataException($"the BMP needs an info header of at least {InfoHeaderLength} bytes. Received: {infoLength}");
        }

        RasterImage.CheckSize("BMP", width, Math.Abs((long)height));
        bool decoded = bitCount is 1 or 4 or 8 or 24 or 32 && compression == NoCompression || bitCount == 32 && compression == BitFields;
        if (!decoded)
        {
            throw new InvalidDataException(
                $"only uncompressed BMP of 1, 4, 8, 24 or 32 bits is decoded. Received: {bitCount} bits, compression {compression}");
        }

        var header = new BmpHeader
        {
            Width = width,
            Height = Math.Abs(height),
            IsTopDown = height < 0,
            BitCount = bitCount,
            DataOffset = BinaryPrimitives.ReadUInt32LittleEndian(file[10..]),
        };
        if (bitCount <= 8)
        {
            int colors = BinaryPrimitives.ReadInt32LittleEndian(info[32..]);
            header.PaletteOffset = FileHeaderLength + infoLength;
            header.PaletteLength = colors == 0 ? 1 << bitCount : colors;
            if (header.PaletteLength < 0 || header.PaletteLength > 256 || header.PaletteOffset + 4 * header.PaletteLength > file.Length)
            {
                throw new InvalidDataException($"the BMP's palette does not fit. Received: {colors} colours");
            }
        }

        if (compression == BitFields)
        {
            ReadMasks(header, info, infoLength);
        }

        return header;
    }

    /// <summary>The masks follow the 40 bytes of the first header version; later versions hold them there too, with alpha.</summary>
    private static void ReadMasks(BmpHeader header, ReadOnlySpan<byte> info, int infoLength)
    {
        if (info.Length < InfoHeaderLength + 16)
        {
            throw new InvalidDataException("the BMP ends before its colour masks");
        }

        header.RedMask = BinaryPrimitives.ReadUInt32LittleEndian(info[40..]);
        header.GreenMask = BinaryPrimitives.ReadUInt32LittleEndian(info[44..]);
        header.BlueMask = BinaryPrimitives.ReadUInt32LittleEndian(info[48..]);
        header.AlphaMask = infoLength >= InfoHeaderLength + 16 ? BinaryPrimitives.ReadUInt32LittleEndian(info[52..]) : 0;
        uint[] masks = [header.RedMask, header.GreenMask, header.BlueMask, header.AlphaMask];
        if (!masks[..3].All(IsByte) || (header.AlphaMask != 0 && !IsByte(header.AlphaMask)))
        {
            string received = string.Join(' ', masks.Select(mask => mask.ToString("X8", CultureInfo.InvariantCulture)));
            throw new InvalidDataException($"the BMP's colour masks must be whole bytes. Received: {received}");
        }
    }

    private static bool IsByte(uint mask) => mask is 0xFF or 0xFF00 or 0xFF0000 or 0xFF000000;

    private static void ReadPixel(BmpHeader header, ReadOnlySpan<byte> file, ReadOnlySpan<byte> row, int x, Span<byte> rgba)
    {
        ReadOnlySpan<byte> bgr;
        rgba[3] = 255;
        switch (header.BitCount)
        {
            case 32:
                uint value = BinaryPrimitives.ReadUInt32LittleEndian(row[(4 * x)..]);
                rgba[0] = Part(value, header.RedMask);
                rgba[1] = Part(value, header.GreenMask);
                rgba[2] = Part(value, header.BlueMask);
                rgba[3] = header.AlphaMask == 0 ? (byte)255 : Part(value, header.AlphaMask);
                return;
            case 24:
                bgr = row.Slice(3 * x, 3);
                break;
            default:
                int shift = 8 - header.BitCount - x * header.BitCount % 8;
                int index = (row[x * header.BitCount / 8] >> shift) & ((1 << header.BitCount) - 1);
                if (index >= header.PaletteLength)
                {
                    throw new InvalidDataException($"the BMP uses colour {index} of a palette of {header.PaletteLength}");
                }

                bgr = file.Slice(header.PaletteOffset + 4 * index, 3);
                break;
        }

        rgba[0] = bgr[2];
        rgba[1] = bgr[1];
        rgba[2] = bgr[0];
    }

    private static byte Part(uint value, uint mask) => (byte)((value & mask) >> BitOperations.TrailingZeroCount(mask));

    private sealed class BmpHeader
    {
        public int Width;
        public int Height;
        public bool IsTopDown;
        public int BitCount;
        public long DataOffset;
        public int PaletteOffset;
        public int PaletteLength;
        public uint RedMask = 0x00FF0000;
        public uint GreenMask = 0x0000FF00;
        public uint BlueMask = 0x000000FF;
        public uint AlphaMask;
    }
}
