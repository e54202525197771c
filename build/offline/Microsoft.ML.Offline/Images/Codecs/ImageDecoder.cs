namespace Microsoft.ML.Transforms.Image.Codecs;

/// <summary>Finds out the format of an encoded image and decodes it.</summary>
internal static class ImageDecoder
{
    /// <exception cref="InvalidDataException">The bytes are no image, or a damaged one.</exception>
    /// <exception cref="NotSupportedException">The bytes are an image of a format that only the real packages decode.</exception>
    public static RasterImage Decode(byte[] file)
    {
        if (PngDecoder.Recognizes(file))
        {
            return PngDecoder.Decode(file);
        }

        if (BmpDecoder.Recognizes(file))
        {
            return BmpDecoder.Decode(file);
        }

        string? other = NameOfOther(file);
        if (other is not null)
        {
            throw new NotSupportedException(
                $"The offline stand-in for ML.NET decodes PNG and BMP images only. Received: {other}. " +
                "Convert the image, or build with the real packages Microsoft.ML and Microsoft.ML.ImageAnalytics.");
        }

        string start = Convert.ToHexString(file.AsSpan(0, Math.Min(8, file.Length)));
        throw new InvalidDataException(
            file.Length == 0 ? "the file is empty" : $"the first bytes are those of no image format. Received: {start}");
    }

    private static string? NameOfOther(ReadOnlySpan<byte> file)
    {
        if (file.StartsWith<byte>([0xFF, 0xD8, 0xFF]))
        {
            return "a JPEG image";
        }

        if (file.StartsWith("GIF8"u8))
        {
            return "a GIF image";
        }

        if (file.StartsWith("RIFF"u8) && file.Length >= 12 && file[8..].StartsWith("WEBP"u8))
        {
            return "a WebP image";
        }

        return file.Length >= 12 && file[4..].StartsWith("ftyp"u8) ? "a HEIF or AVIF image" : null;
    }
}
