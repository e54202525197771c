using System.Buffers.Binary;

namespace Microsoft.ML.Transforms.Image.Codecs;

/// <summary>The colour types of PNG (ISO/IEC 15948:2004, table 11.1).</summary>
internal enum PngColorType : byte
{
    Grayscale = 0,
    Truecolor = 2,
    Indexed = 3,
    GrayscaleWithAlpha = 4,
    TruecolorWithAlpha = 6,
}

/// <summary>The image header chunk, IHDR.</summary>
internal sealed record PngHeader(int Width, int Height, int BitDepth, PngColorType ColorType, bool IsInterlaced)
{
    public const int Length = 13;

    public int SamplesPerPixel => ColorType switch
    {
        PngColorType.Truecolor => 3,
        PngColorType.GrayscaleWithAlpha => 2,
        PngColorType.TruecolorWithAlpha => 4,
        _ => 1,
    };

    public int BitsPerPixel => BitDepth * SamplesPerPixel;

    /// <summary>The distance in bytes to the pixel on the left that the filters of a row look back, at least 1.</summary>
    public int FilterStride => Math.Max(1, BitsPerPixel / 8);

    /// <summary>The bytes of a row of so many pixels, without its filter byte.</summary>
    public int RowBytes(int width) => checked((int)(((long)width * BitsPerPixel + 7) / 8));

    /// <summary>The passes that carry pixels, in the order of the file: one, or up to seven when interlaced.</summary>
    public IEnumerable<PngPass> Passes()
    {
        PngPass[] passes = IsInterlaced ? PngPass.Adam7 : PngPass.Whole;
        return passes.Where(pass => pass.Columns(Width) > 0 && pass.Rows(Height) > 0);
    }

    /// <summary>The bytes that the image data must inflate to: all rows of all passes with their filter bytes.</summary>
    public long InflatedLength() => Passes().Sum(pass => (long)pass.Rows(Height) * (1L + RowBytes(pass.Columns(Width))));

    public static PngHeader Parse(ReadOnlySpan<byte> data)
    {
        if (data.Length != Length)
        {
            throw new InvalidDataException($"the PNG header must have {Length} bytes. Received: {data.Length}");
        }

        uint width = BinaryPrimitives.ReadUInt32BigEndian(data);
        uint height = BinaryPrimitives.ReadUInt32BigEndian(data[4..]);
        int bitDepth = data[8];
        var colorType = (PngColorType)data[9];
        RasterImage.CheckSize("PNG", width, height);
        if (!IsAllowed(colorType, bitDepth))
        {
            throw new InvalidDataException($"the PNG has colour type {data[9]} with bit depth {bitDepth}, which the format does not allow");
        }

        if (data[10] != 0 || data[11] != 0 || data[12] > 1)
        {
            throw new InvalidDataException(
                $"the PNG asks for unknown methods. Received: compression {data[10]}, filter {data[11]}, interlace {data[12]}");
        }

        return new PngHeader((int)width, (int)height, bitDepth, colorType, data[12] == 1);
    }

    private static bool IsAllowed(PngColorType colorType, int bitDepth) => colorType switch
    {
        PngColorType.Grayscale => bitDepth is 1 or 2 or 4 or 8 or 16,
        PngColorType.Indexed => bitDepth is 1 or 2 or 4 or 8,
        PngColorType.Truecolor or PngColorType.GrayscaleWithAlpha or PngColorType.TruecolorWithAlpha => bitDepth is 8 or 16,
        _ => false,
    };
}

/// <summary>A pass of an image: the pixels at (FirstColumn + i ColumnStep, FirstRow + j RowStep).</summary>
internal readonly record struct PngPass(int FirstColumn, int FirstRow, int ColumnStep, int RowStep)
{
    public static readonly PngPass[] Whole = [new(0, 0, 1, 1)];

    public static readonly PngPass[] Adam7 =
    [
        new(0, 0, 8, 8),
        new(4, 0, 8, 8),
        new(0, 4, 4, 8),
        new(2, 0, 4, 4),
        new(0, 2, 2, 4),
        new(1, 0, 2, 2),
        new(0, 1, 1, 2),
    ];

    public int Columns(int width) => (width - FirstColumn + ColumnStep - 1) / ColumnStep;

    public int Rows(int height) => (height - FirstRow + RowStep - 1) / RowStep;
}
