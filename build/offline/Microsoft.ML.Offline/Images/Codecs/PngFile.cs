using System.Buffers.Binary;
using System.Text;

namespace Microsoft.ML.Transforms.Image.Codecs;

/// <summary>The chunks of a PNG file that decide its pixels (ISO/IEC 15948:2004, clause 5), each checked against its CRC.</summary>
internal sealed class PngFile
{
    private const int ChunkOverhead = 12;
    private const uint ImageHeader = 0x49484452;
    private const uint ImagePalette = 0x504C5445;
    private const uint ImageData = 0x49444154;
    private const uint ImageTransparency = 0x74524E53;
    private const uint ImageEnd = 0x49454E44;
    private const uint AncillaryBit = 0x20000000;

    private readonly List<ReadOnlyMemory<byte>> _data = [];
    private PngHeader? _header;

    private PngFile()
    {
    }

    public static ReadOnlySpan<byte> Signature => [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    public PngHeader Header => _header!;

    /// <summary>The palette as red, green, blue triples; empty where there is none.</summary>
    public ReadOnlyMemory<byte> Palette { get; private set; }

    /// <summary>The transparency chunk: an alpha a palette entry, or the one colour that is transparent.</summary>
    public ReadOnlyMemory<byte> Transparency { get; private set; }

    /// <summary>The compressed image data, all its chunks joined.</summary>
    public byte[] JoinData()
    {
        var joined = new byte[_data.Sum(part => part.Length)];
        int position = 0;
        foreach (ReadOnlyMemory<byte> part in _data)
        {
            part.CopyTo(joined.AsMemory(position));
            position += part.Length;
        }

        return joined;
    }

    /// <exception cref="InvalidDataException">The file breaks the format.</exception>
    public static PngFile Parse(ReadOnlyMemory<byte> file)
    {
        var png = new PngFile();
        int position = Signature.Length;
        bool ended = false;
        while (!ended)
        {
            if (file.Length - position < ChunkOverhead)
            {
                throw new InvalidDataException($"the PNG ends before its end chunk, after {file.Length} bytes");
            }

            uint length = BinaryPrimitives.ReadUInt32BigEndian(file.Span[position..]);
            if (length > file.Length - position - ChunkOverhead)
            {
                throw new InvalidDataException($"the PNG is cut off: a chunk at byte {position} claims {length} bytes");
            }

            ReadOnlySpan<byte> tagged = file.Span.Slice(position + 4, 4 + (int)length);
            uint crc = BinaryPrimitives.ReadUInt32BigEndian(file.Span[(position + 8 + (int)length)..]);
            if (crc != Crc32.Compute(tagged))
            {
                throw new InvalidDataException($"the PNG is damaged: the CRC of chunk '{Name(tagged)}' at byte {position} does not match");
            }

            ended = png.Take(BinaryPrimitives.ReadUInt32BigEndian(tagged), Name(tagged), file.Slice(position + 8, (int)length));
            position += ChunkOverhead + (int)length;
        }

        png.Check();
        return png;
    }

    private static string Name(ReadOnlySpan<byte> tagged) => Encoding.Latin1.GetString(tagged[..4]);

    private bool Take(uint type, string name, ReadOnlyMemory<byte> data)
    {
        if (_header is null && type != ImageHeader)
        {
            throw new InvalidDataException($"the PNG does not start with its header chunk. Received: '{name}'");
        }

        switch (type)
        {
            case ImageHeader when _header is not null:
                throw new InvalidDataException("the PNG has two header chunks");
            case ImageHeader:
                _header = PngHeader.Parse(data.Span);
                return false;
            case ImagePalette:
                Palette = data;
                return false;
            case ImageTransparency:
                Transparency = data;
                return false;
            case ImageData:
                _data.Add(data);
                return false;
            case ImageEnd:
                return true;
            default:
                return (type & AncillaryBit) != 0
                    ? false
                    : throw new InvalidDataException($"the PNG has a critical chunk of unknown kind '{name}'");
        }
    }

    private void Check()
    {
        if (Header.ColorType == PngColorType.Indexed && (Palette.Length == 0 || Palette.Length % 3 != 0 || Palette.Length > 768))
        {
            throw new InvalidDataException($"the indexed PNG needs a palette of 1 to 256 colours. Received: {Palette.Length} bytes");
        }

        int keyLength = Header.ColorType switch { PngColorType.Grayscale => 2, PngColorType.Truecolor => 6, _ => -1 };
        if (Transparency.Length != 0 && keyLength >= 0 && Transparency.Length != keyLength)
        {
            throw new InvalidDataException($"the PNG's transparent colour must have {keyLength} bytes. Received: {Transparency.Length}");
        }

        // Deflate shrinks at most 1032 to 1, so that a short file cannot make a decoder take much memory.
        long compressed = _data.Sum(part => (long)part.Length);
        if (Header.InflatedLength() > 1032 * compressed)
        {
            throw new InvalidDataException(
                $"the PNG claims {Header.Width} x {Header.Height} pixels but holds only {compressed} bytes of image data");
        }
    }
}
