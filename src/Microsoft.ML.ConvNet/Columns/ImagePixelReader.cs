using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.ConvNet.Columns;

/// <summary>Reads the pixels of a column of images: their colours in front of the background (<see cref="ImageColours"/>).</summary>
internal sealed class ImagePixelReader : BytePixelReader
{
    private readonly ValueGetter<MLImage> _getter;
    private readonly ImagePixels _pixels;
    private MLImage? _image;

    public ImagePixelReader(IExceptionContext context, DataViewRow row, PixelSource source)
        : base(context, row, source)
    {
        _getter = row.GetGetter<MLImage>(source.Column);
        _pixels = new ImagePixels(source);
    }

    /// <inheritdoc/>
    public override void ReadBytes(Span<byte> pixels)
    {
        // The image belongs to who gave it: a row object's own, or one that its maker replaces. It is not disposed of here.
        Fetch(_getter, ref _image!);
        MLImage image = _image ?? throw NoImage();
        if (ImagePixels.FaultOf(image.Height, image.Width, ImagePixels.MostOfImage) is { } tooLarge)
        {
            throw Unreadable(tooLarge, cause: null);
        }

        if (_pixels.Read(image, pixels) is { } fault)
        {
            throw BadRow(fault);
        }
    }
}
