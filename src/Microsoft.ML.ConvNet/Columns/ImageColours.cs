using Microsoft.ML.Data;

namespace Microsoft.ML.ConvNet.Columns;

/// <summary>
/// The colours of an image's pixels as a network takes them, in front of a background: as red, green and blue, the other way round, or as
/// grey: 0.299 R + 0.587 G + 0.114 B (Rec. ITU-R BT.601), which is the value itself where the three are the same.
/// </summary>
/// <remarks>
/// Decoders store colours premultiplied by alpha (Porter and Duff, "Compositing digital images", 1984), so that what the background
/// adds is its share, 255 - alpha. Pixels that a program made itself may be otherwise, which shows where a colour is greater than its alpha
/// by more than what a step that mixes pixels rounds: such colours are multiplied by it first. Where no pixel has any alpha and some have a
/// colour, alpha was never set and says nothing.
/// </remarks>
internal static class ImageColours
{
    private const int BytesPerPixel = 4;
    private const byte Opaque = 255;

    /// <summary>By how much rounding can bring a premultiplied colour past its alpha.</summary>
    private const int Rounding = 1;

    private enum Alpha
    {
        None,
        Premultiplied,
        Straight,
    }

    /// <summary>Whether pixels are of a format that can be read.</summary>
    public static bool CanRead(MLPixelFormat format) => format is MLPixelFormat.Bgra32 or MLPixelFormat.Rgba32;

    /// <summary>Reads the colours.</summary>
    /// <param name="image">The image.</param>
    /// <param name="background">What is behind it.</param>
    /// <param name="order">The order of three colours.</param>
    /// <param name="pixels">Receives one value a pixel, grey, or three.</param>
    public static void Read(MLImage image, ImageBackground background, ChannelOrder order, Span<byte> pixels)
    {
        ReadOnlySpan<byte> from = image.Pixels;
        (int red, int blue) = image.PixelFormat == MLPixelFormat.Bgra32 ? (2, 0) : (0, 2);
        Alpha alpha = background == ImageBackground.White ? AlphaOf(from) : Alpha.None;
        if (pixels.Length * BytesPerPixel == from.Length)
        {
            ReadGrey(from, red, blue, alpha, pixels);
        }
        else
        {
            (int first, int last) = order == ChannelOrder.Bgr ? (blue, red) : (red, blue);
            ReadColours(from, first, last, alpha, pixels);
        }
    }

    private static void ReadGrey(ReadOnlySpan<byte> from, int red, int blue, Alpha alpha, Span<byte> pixels)
    {
        for (int i = 0, at = 0; i < pixels.Length; i++, at += BytesPerPixel)
        {
            ReadOnlySpan<byte> pixel = from.Slice(at, BytesPerPixel);
            int r = OnWhite(pixel[red], pixel[3], alpha);
            int g = OnWhite(pixel[1], pixel[3], alpha);
            int b = OnWhite(pixel[blue], pixel[3], alpha);
            pixels[i] = (byte)(((299 * r) + (587 * g) + (114 * b) + 500) / 1000);
        }
    }

    private static void ReadColours(ReadOnlySpan<byte> from, int first, int last, Alpha alpha, Span<byte> pixels)
    {
        for (int i = 0, at = 0; i < pixels.Length; i += 3, at += BytesPerPixel)
        {
            ReadOnlySpan<byte> pixel = from.Slice(at, BytesPerPixel);
            pixels[i] = OnWhite(pixel[first], pixel[3], alpha);
            pixels[i + 1] = OnWhite(pixel[1], pixel[3], alpha);
            pixels[i + 2] = OnWhite(pixel[last], pixel[3], alpha);
        }
    }

    private static byte OnWhite(byte colour, byte opacity, Alpha alpha) => alpha switch
    {
        Alpha.None => colour,
        Alpha.Premultiplied => (byte)Math.Min(colour + Opaque - opacity, Opaque),
        _ => (byte)(((colour * opacity) + (Opaque / 2)) / Opaque + Opaque - opacity),
    };

    /// <summary>What the alpha of an image means.</summary>
    private static Alpha AlphaOf(ReadOnlySpan<byte> from)
    {
        bool isOpaque = true;
        bool hasAlpha = false;
        bool hasColour = false;
        bool isStraight = false;
        for (int at = 0; at < from.Length; at += BytesPerPixel)
        {
            byte opacity = from[at + 3];
            isOpaque &= opacity == Opaque;
            int greatest = Math.Max(from[at], Math.Max(from[at + 1], from[at + 2]));
            hasAlpha |= opacity > 0;
            hasColour |= greatest > 0;
            isStraight |= greatest > opacity + Rounding;
        }

        return isOpaque || (hasColour && !hasAlpha) ? Alpha.None
            : isStraight ? Alpha.Straight
            : Alpha.Premultiplied;
    }
}
