using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms.Image;

/// <summary>Between colours premultiplied by alpha, as images hold them, and straight ones, as files do.</summary>
internal static class PixelAlpha
{
    /// <summary>Straight red, green, blue, alpha from the pixels of an image; the colours of an opaque one are taken as they are.</summary>
    public static byte[] ToStraightRgba(ReadOnlySpan<byte> pixels, MLPixelFormat format, bool isOpaque)
    {
        (int red, int blue) = format == MLPixelFormat.Rgba32 ? (0, 2) : (2, 0);
        var rgba = new byte[pixels.Length];
        for (int i = 0; i < rgba.Length; i += 4)
        {
            int alpha = isOpaque ? 255 : pixels[i + 3];
            rgba[i] = Divide(pixels[i + red], alpha);
            rgba[i + 1] = Divide(pixels[i + 1], alpha);
            rgba[i + 2] = Divide(pixels[i + blue], alpha);
            rgba[i + 3] = pixels[i + 3];
        }

        return rgba;
    }

    public static byte[] ToPremultipliedBgra(ReadOnlySpan<byte> rgba)
    {
        var pixels = new byte[rgba.Length];
        for (int i = 0; i < pixels.Length; i += 4)
        {
            int alpha = rgba[i + 3];
            pixels[i] = Multiply(rgba[i + 2], alpha);
            pixels[i + 1] = Multiply(rgba[i + 1], alpha);
            pixels[i + 2] = Multiply(rgba[i], alpha);
            pixels[i + 3] = rgba[i + 3];
        }

        return pixels;
    }

    private static byte Multiply(int color, int alpha) => (byte)((color * alpha + 127) / 255);

    private static byte Divide(int color, int alpha) => alpha switch
    {
        255 => (byte)color,
        0 => 0,
        _ => (byte)Math.Min(255, (color * 255 + alpha / 2) / alpha),
    };
}
