using SkiaSharp;

namespace Microsoft.ML.ConvNet.Columns;

/// <summary>Pixels turned and mirrored as the EXIF data of their file say (the tag Orientation of TIFF 6.0).</summary>
internal static class OrientedPixels
{
    /// <summary>Whether height and width change places.</summary>
    public static bool Transposes(SKEncodedOrigin origin) =>
        origin is SKEncodedOrigin.LeftTop or SKEncodedOrigin.RightTop or SKEncodedOrigin.RightBottom or SKEncodedOrigin.LeftBottom;

    /// <summary>Brings stored pixels upright.</summary>
    /// <param name="from">The pixels as they are stored, <c>[H, W, C]</c>.</param>
    /// <param name="height">Their height.</param>
    /// <param name="width">Their width.</param>
    /// <param name="origin">Where the first of them belongs.</param>
    /// <param name="to">Receives as many, upright.</param>
    public static void Turn(ReadOnlySpan<byte> from, int height, int width, SKEncodedOrigin origin, Span<byte> to)
    {
        int channels = from.Length / (height * width);
        bool isTransposed = Transposes(origin);
        int uprightWidth = isTransposed ? height : width;
        int uprightHeight = isTransposed ? width : height;

        // Which sides the first stored row and the first stored column are of the upright image.
        bool isFromRight = origin is SKEncodedOrigin.TopRight or SKEncodedOrigin.BottomRight or SKEncodedOrigin.RightTop or SKEncodedOrigin.RightBottom;
        bool isFromBottom = origin is SKEncodedOrigin.BottomRight or SKEncodedOrigin.BottomLeft or SKEncodedOrigin.RightBottom or SKEncodedOrigin.LeftBottom;
        for (int y = 0, at = 0; y < uprightHeight; y++)
        {
            int down = isFromBottom ? uprightHeight - 1 - y : y;
            for (int x = 0; x < uprightWidth; x++, at += channels)
            {
                int across = isFromRight ? uprightWidth - 1 - x : x;
                int stored = isTransposed ? (across * width) + down : (down * width) + across;
                from.Slice(stored * channels, channels).CopyTo(to.Slice(at, channels));
            }
        }
    }
}
