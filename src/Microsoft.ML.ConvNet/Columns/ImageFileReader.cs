using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using SkiaSharp;

namespace Microsoft.ML.ConvNet.Columns;

/// <summary>Reads the pixels of a column of image files, whose bytes are vectors of any length, as LoadRawImageBytes reads them.</summary>
internal sealed class ImageFileReader : BytePixelReader
{
    private readonly ValueGetter<VBuffer<byte>> _getter;
    private readonly ImagePixels _pixels;
    private VBuffer<byte> _file;

    public ImageFileReader(IExceptionContext context, DataViewRow row, PixelSource source)
        : base(context, row, source)
    {
        _getter = row.GetGetter<VBuffer<byte>>(source.Column);
        _pixels = new ImagePixels(source);
    }

    /// <inheritdoc/>
    public override void ReadBytes(Span<byte> pixels)
    {
        Fetch(_getter, ref _file);
        if (_file.Length == 0)
        {
            throw NoImage();
        }

        using MLImage image = Decoded(out SKEncodedOrigin origin);
        if (_pixels.Read(image, pixels, origin) is { } fault)
        {
            throw BadRow(fault);
        }
    }

    private MLImage Decoded(out SKEncodedOrigin origin)
    {
        byte[] file = [.. _file.DenseValues()];
        origin = RequireSize(file);
        using MemoryStream stream = new(file, writable: false);
        try
        {
            return MLImage.CreateFromStream(stream);
        }
        catch (ArgumentException exception)
        {
            throw Unreadable(FormattableString.Invariant($"the bytes are those of an image file. Received: {_file.Length} bytes that cannot be decoded"), exception);
        }
    }

    // The header tells which way up the image is, and the size, before memory is taken for the pixels. What has no header is left to the decoder, which says so.
    private SKEncodedOrigin RequireSize(byte[] file)
    {
        using MemoryStream stream = new(file, writable: false);
        using SKCodec? codec = SKCodec.Create(stream);
        if (codec is not null && ImagePixels.FaultOf(codec.Info.Height, codec.Info.Width, ImagePixels.MostOfFile) is { } fault)
        {
            throw Unreadable(fault, cause: null);
        }

        return codec is null || Source.Orientation == ImageOrientation.AsStored ? SKEncodedOrigin.TopLeft : codec.EncodedOrigin;
    }
}
