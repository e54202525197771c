using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.ConvNet.Columns;

/// <summary>Reads the pixels of a column of images: their colours in front of the background (<see cref="ImageColours"/>).</summary>
internal sealed class ImagePixelReader : BytePixelReader
{
    private readonly ValueGetter<MLImage> _getter;
    private MLImage? _image;

    public ImagePixelReader(IExceptionContext context, DataViewRow row, PixelSource source)
        : base(context, row, source) => _getter = row.GetGetter<MLImage>(source.Column);

    /// <inheritdoc/>
    public override void ReadBytes(Span<byte> pixels)
    {
        // The image belongs to who gave it: a row object's own, or one that its maker replaces. It is not disposed of here.
        Fetch(_getter, ref _image!);
        if (_image is not { } image)
        {
            throw NoImage();
        }

        if (image.Height != Source.Shape.Height || image.Width != Source.Shape.Width)
        {
            throw BadRow(
                $"the network takes images of {Source.Shape.Height}x{Source.Shape.Width} (height x width). "
                + $"Received: {image.Height}x{image.Width}; put mlContext.Transforms.ResizeImages before the network");
        }

        if (!ImageColours.CanRead(image.PixelFormat))
        {
            throw BadRow($"an image's pixels are Bgra32 or Rgba32. Received: {image.PixelFormat}");
        }

        ImageColours.Read(image, Source.Background, Source.ChannelOrder, pixels);
    }
}
