using Microsoft.ML.Data;

namespace Microsoft.ML.ConvNet.Benchmarks.Fit;

/// <summary>The colours of images without transparent pixels, red first.</summary>
internal static class OpaqueColours
{
    /// <summary>Copies the colours of an image.</summary>
    /// <param name="image">The image.</param>
    /// <param name="colours">Receives three values a pixel.</param>
    public static void Copy(MLImage image, Span<byte> colours)
    {
        int red = image.PixelFormat == MLPixelFormat.Bgra32 ? 2 : 0;
        ReadOnlySpan<byte> pixels = image.Pixels;
        for (int from = 0, to = 0; from < pixels.Length; from += 4, to += 3)
        {
            colours[to] = pixels[from + red];
            colours[to + 1] = pixels[from + 1];
            colours[to + 2] = pixels[from + 2 - red];
        }
    }
}
