using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms.Image;

/// <summary>Stretches an image to a size by taking, for each pixel, the one that its centre falls on: what ML.NET's Fill does.</summary>
internal static class NearestResizing
{
    public static MLImage Resize(MLImage source, int width, int height)
    {
        ReadOnlySpan<byte> from = source.Pixels;
        var pixels = new byte[width * height * 4];
        for (int y = 0, i = 0; y < height; y++)
        {
            int row = Nearest(y, height, source.Height) * source.Width;
            for (int x = 0; x < width; x++, i += 4)
            {
                from.Slice((row + Nearest(x, width, source.Width)) * 4, 4).CopyTo(pixels.AsSpan(i));
            }
        }

        return new MLImage(width, height, source.PixelFormat, source.IsOpaque, pixels);
    }

    private static int Nearest(int position, int size, int sourceSize) => (int)((2L * position + 1) * sourceSize / (2L * size));
}
