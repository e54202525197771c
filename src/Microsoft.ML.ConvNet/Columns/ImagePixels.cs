using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.Data;
using SkiaSharp;

namespace Microsoft.ML.ConvNet.Columns;

/// <summary>The pixels of images as a network takes them: their colours, in its size. One thread uses it.</summary>
internal sealed class ImagePixels(PixelSource source)
{
    /// <summary>The most pixels of an image that is decoded from a file: as the cameras with the most have (800 MB in memory).</summary>
    public const int MostOfFile = 200_000_000;

    /// <summary>The most of an image that somebody decoded: ML.NET's have at most 2 GB.</summary>
    public const int MostOfImage = 500_000_000;

    private readonly ImageResizer? _resizer = source.Resizing == ImageResizing.None ? null
        : new ImageResizer(source.Resizing, source.Shape, source.Background == ImageBackground.White ? byte.MaxValue : byte.MinValue);

    private byte[] _colours = [];
    private byte[] _upright = [];

    /// <summary>What is wrong with an image that has too many pixels, without a full stop; null where it has not.</summary>
    /// <param name="height">Its height.</param>
    /// <param name="width">Its width.</param>
    /// <param name="most">The most pixels that it may have.</param>
    public static string? FaultOf(int height, int width, int most) => (long)height * width <= most ? null
        : FormattableString.Invariant($"an image has at most {most} pixels. Received: {height}x{width} (height x width)");

    /// <summary>Reads an image.</summary>
    /// <param name="image">The image, of at most <see cref="MostOfImage"/> pixels.</param>
    /// <param name="pixels">Receives the pixels <c>[H, W, C]</c>.</param>
    /// <param name="origin">Where its first pixel belongs in the upright image.</param>
    /// <returns>What is wrong with the image, without a full stop; null where nothing is.</returns>
    public string? Read(MLImage image, Span<byte> pixels, SKEncodedOrigin origin = SKEncodedOrigin.TopLeft)
    {
        (int height, int width) = OrientedPixels.Transposes(origin) ? (image.Width, image.Height) : (image.Height, image.Width);
        bool isOfSize = height == source.Shape.Height && width == source.Shape.Width;
        if (!isOfSize && _resizer is null)
        {
            return $"the network takes images of {source.Shape.Height}x{source.Shape.Width} (height x width). "
                + $"Received: {height}x{width}; put mlContext.Transforms.ResizeImages before the network, or set "
                + $"{nameof(ConvNetTrainingOptions.ImageResizing)}";
        }

        if (!ImageColours.CanRead(image.PixelFormat))
        {
            return $"an image's pixels are Bgra32 or Rgba32. Received: {image.PixelFormat}";
        }

        if (isOfSize && origin == SKEncodedOrigin.TopLeft)
        {
            ImageColours.Read(image, source.Background, source.ChannelOrder, pixels);
            return null;
        }

        int length = height * width * source.Shape.Channels;
        Span<byte> colours = Room(ref _colours, length);
        ImageColours.Read(image, source.Background, source.ChannelOrder, colours);
        if (origin != SKEncodedOrigin.TopLeft)
        {
            Span<byte> upright = isOfSize ? pixels : Room(ref _upright, length);
            OrientedPixels.Turn(colours, image.Height, image.Width, origin, upright);
            colours = upright;
        }

        if (!isOfSize)
        {
            _resizer!.Resize(colours, height, width, pixels);
        }

        return null;
    }

    private static Span<byte> Room(ref byte[] memory, int length)
    {
        if (memory.Length < length)
        {
            memory = new byte[length];
        }

        return memory.AsSpan(0, length);
    }
}
