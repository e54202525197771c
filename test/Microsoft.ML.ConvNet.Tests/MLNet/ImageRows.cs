using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.ConvNet.Tests.MLNet;

/// <summary>A row with the path of an image.</summary>
internal sealed class PathRow
{
    public string Path { get; set; } = "";
}

/// <summary>A row with an image of three pixels beside and two above each other.</summary>
internal sealed class ImageRow
{
    [ImageType(2, 3)]
    public MLImage? Image { get; set; }
}

/// <summary>The pixels of the images of tests.</summary>
internal static class ImageRows
{
    /// <summary>
    /// Red, green, blue of the test image: value 100 r + 10 y + x where r is 0 for red, 1 for green, 2 for blue: each value tells
    /// its colour, row and column.
    /// </summary>
    public static byte[] Rgb { get; } =
    [
        .. from y in Enumerable.Range(0, 2)
           from x in Enumerable.Range(0, 3)
           from c in Enumerable.Range(0, 3)
           select Value(c, y, x),
    ];

    public static byte Value(int color, int y, int x) => (byte)(100 * color + 10 * y + x);

    /// <summary>The test image, opaque, in either order of the bytes.</summary>
    public static MLImage Image(MLPixelFormat format = MLPixelFormat.Bgra32)
    {
        var pixels = new byte[24];
        for (int i = 0; i < 6; i++)
        {
            for (int c = 0; c < 3; c++)
            {
                pixels[4 * i + (format == MLPixelFormat.Rgba32 ? c : 2 - c)] = Rgb[3 * i + c];
            }

            pixels[4 * i + 3] = 255;
        }

        return MLImage.CreateFromPixels(3, 2, format, pixels);
    }

    /// <summary>Red, green, blue of every pixel, whatever the order of the bytes.</summary>
    public static byte[] RgbOf(MLImage image)
    {
        ReadOnlySpan<byte> pixels = image.Pixels;
        int red = image.PixelFormat == MLPixelFormat.Rgba32 ? 0 : 2;
        var rgb = new byte[image.Width * image.Height * 3];
        for (int i = 0; i < rgb.Length / 3; i++)
        {
            rgb[3 * i] = pixels[4 * i + red];
            rgb[3 * i + 1] = pixels[4 * i + 1];
            rgb[3 * i + 2] = pixels[4 * i + 2 - red];
        }

        return rgb;
    }
}
