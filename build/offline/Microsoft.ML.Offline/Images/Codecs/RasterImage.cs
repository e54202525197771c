namespace Microsoft.ML.Transforms.Image.Codecs;

/// <summary>A decoded image: 8 bits each of red, green, blue and alpha a pixel, rows from the top, colours not premultiplied.</summary>
/// <param name="Width">Pixels a row, at least 1.</param>
/// <param name="Height">Rows, at least 1.</param>
/// <param name="HasAlpha">Whether the file declares transparency; without it every alpha is 255.</param>
/// <param name="Rgba">Width x Height x 4 bytes.</param>
internal sealed record RasterImage(int Width, int Height, bool HasAlpha, byte[] Rgba)
{
    /// <summary>The largest image that is decoded: 2^27 pixels, half a gibibyte.</summary>
    private const long MaximumPixels = 1L << 27;

    /// <summary>Checks a size that a file claims, before any memory is taken for it.</summary>
    /// <exception cref="InvalidDataException">The size is empty or too large.</exception>
    public static void CheckSize(string format, long width, long height)
    {
        if (width <= 0 || height <= 0)
        {
            throw new InvalidDataException($"the {format} has no pixels. Received: {width} x {height}");
        }

        if (width > MaximumPixels || height > MaximumPixels || width * height > MaximumPixels)
        {
            throw new InvalidDataException(
                $"the {format} is too large: at most {MaximumPixels} pixels are decoded. Received: {width} x {height}");
        }
    }
}
