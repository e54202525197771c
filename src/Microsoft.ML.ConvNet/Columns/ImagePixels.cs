using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.Data;

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

    /// <summary>What is wrong with an image that has too many pixels, without a full stop; null where it has not.</summary>
    /// <param name="height">Its height.</param>
    /// <param name="width">Its width.</param>
    /// <param name="most">The most pixels that it may have.</param>
    public static string? FaultOf(int height, int width, int most) => (long)height * width <= most ? null
        : FormattableString.Invariant($"an image has at most {most} pixels. Received: {height}x{width} (height x width)");

    /// <summary>Reads an image.</summary>
    /// <param name="image">The image, of at most <see cref="MostOfImage"/> pixels.</param>
    /// <param name="pixels">Receives the pixels <c>[H, W, C]</c>.</param>
    /// <returns>What is wrong with the image, without a full stop; null where nothing is.</returns>
    public string? Read(MLImage image, Span<byte> pixels)
    {
        bool isOfSize = image.Height == source.Shape.Height && image.Width == source.Shape.Width;
        if (!isOfSize && _resizer is null)
        {
            return $"the network takes images of {source.Shape.Height}x{source.Shape.Width} (height x width). "
                + $"Received: {image.Height}x{image.Width}; put mlContext.Transforms.ResizeImages before the network";
        }

        if (!ImageColours.CanRead(image.PixelFormat))
        {
            return $"an image's pixels are Bgra32 or Rgba32. Received: {image.PixelFormat}";
        }

        if (isOfSize)
        {
            ImageColours.Read(image, source.Background, source.ChannelOrder, pixels);
            return null;
        }

        int length = image.Height * image.Width * source.Shape.Channels;
        if (_colours.Length < length)
        {
            _colours = new byte[length];
        }

        Span<byte> colours = _colours.AsSpan(0, length);
        ImageColours.Read(image, source.Background, source.ChannelOrder, colours);
        _resizer!.Resize(colours, image.Height, image.Width, pixels);
        return null;
    }
}
