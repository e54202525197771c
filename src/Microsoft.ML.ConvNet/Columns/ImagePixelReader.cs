using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.ConvNet.Columns;

/// <summary>
/// Reads the pixels of a column of images, as red, green and blue, the other way round, or as grey: 0.299 R + 0.587 G + 0.114 B (Rec. ITU-R
/// BT.601), which
/// is the value itself where the three are the same. Alpha is passed over, as ExtractPixels does.
/// </summary>
internal sealed class ImagePixelReader : BytePixelReader
{
    private const int BytesPerPixel = 4;

    private readonly ValueGetter<MLImage> _getter;
    private MLImage? _image;

    public ImagePixelReader(IExceptionContext context, DataViewRow row, PixelSource source)
        : base(context, row, source) => _getter = row.GetGetter<MLImage>(source.Column);

    /// <inheritdoc/>
    public override void ReadBytes(Span<byte> pixels)
    {
        // The image belongs to who gave it: a row object's own, or one that its maker replaces. It is not disposed of here.
        _getter(ref _image!);
        if (_image is not { } image)
        {
            throw BadRow("the row has an image. Received: none; an image file may be missing.");
        }

        if (image.Height != Source.Shape.Height || image.Width != Source.Shape.Width)
        {
            throw BadRow(
                $"the network takes images of {Source.Shape.Height}x{Source.Shape.Width} (height x width). "
                + $"Received: {image.Height}x{image.Width}; put mlContext.Transforms.ResizeImages before the network.");
        }

        (int red, int green, int blue) = image.PixelFormat switch
        {
            MLPixelFormat.Bgra32 => (2, 1, 0),
            MLPixelFormat.Rgba32 => (0, 1, 2),
            _ => throw BadRow($"an image's pixels are Bgra32 or Rgba32. Received: {image.PixelFormat}."),
        };
        ReadOnlySpan<byte> from = image.Pixels;
        if (Source.Shape.Channels == 1)
        {
            for (int i = 0, at = 0; i < pixels.Length; i++, at += BytesPerPixel)
            {
                pixels[i] = (byte)(((299 * from[at + red]) + (587 * from[at + green]) + (114 * from[at + blue]) + 500) / 1000);
            }
        }
        else
        {
            (int first, int last) = Source.ChannelOrder == ChannelOrder.Bgr ? (blue, red) : (red, blue);
            for (int i = 0, at = 0; i < pixels.Length; i += 3, at += BytesPerPixel)
            {
                pixels[i] = from[at + first];
                pixels[i + 1] = from[at + green];
                pixels[i + 2] = from[at + last];
            }
        }
    }
}
