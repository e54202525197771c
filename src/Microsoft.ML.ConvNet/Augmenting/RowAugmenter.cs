using Microsoft.ML.ConvNet.Columns;
using Microsoft.ML.ConvNet.Tensors;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.ConvNet.Augmenting;

/// <summary>Augments the image of the row that a cursor stands on, by the row's number in its data. One thread uses it.</summary>
internal sealed class RowAugmenter
{
    private const int Colors = 3;
    private const int BytesPerPixel = 4;

    private readonly IExceptionContext _context;
    private readonly DataViewRow _row;
    private readonly string _column;
    private readonly AugmentingSettings _settings;
    private readonly ValueGetter<MLImage> _getter;
    private readonly ValueGetter<DataViewRowId> _idGetter;
    private MLImage? _image;
    private byte[] _bytes = [];
    private float[] _pixels = [];

    public RowAugmenter(IExceptionContext context, DataViewRow row, DataViewSchema.Column source, AugmentingSettings settings)
    {
        _context = context;
        _row = row;
        _column = source.Name;
        _settings = settings;
        _getter = row.GetGetter<MLImage>(row.Schema[source.Index]);
        _idGetter = row.GetIdGetter();
    }

    /// <summary>Gives the augmented image, a new one each time; null where the row has none.</summary>
    /// <param name="augmented">Receives it; what it held is disposed of, as ML.NET's transforms of images do.</param>
    public void Get(ref MLImage augmented)
    {
        // The image belongs to who gave it, and is not disposed of here.
        _getter(ref _image!);
        augmented?.Dispose();
        augmented = _image is null ? null! : Augmented(_image);
    }

    private MLImage Augmented(MLImage image)
    {
        if (ImagePixels.FaultOf(image.Height, image.Width, ImagePixels.MostOfImage) is { } fault)
        {
            throw _context.BadRow(_row, _column, fault, isUnreadable: true);
        }

        if (!ImageColours.CanRead(image.PixelFormat))
        {
            throw _context.BadRow(_row, _column, $"an image's pixels are Bgra32 or Rgba32. Received: {image.PixelFormat}");
        }

        Shape shape = new(image.Height, image.Width, Colors);
        if (_bytes.Length != shape.ElementCount)
        {
            _bytes = new byte[shape.ElementCount];
            _pixels = new float[shape.ElementCount];
        }

        ImageColours.Read(image, _settings.Background, ChannelOrder.Rgb, _bytes);
        for (int i = 0; i < _bytes.Length; i++)
        {
            _pixels[i] = _bytes[i];
        }

        DataViewRowId id = default;
        _idGetter(ref id);

        // The number of a row is the lowest part of its id; ids of rows that several were put together of fill the others, too.
        ulong others = (id.Low >> 32) ^ id.High ^ (id.High >> 32);
        _settings.Augmentation.Apply(_pixels, shape, unchecked((uint)_settings.Seed), unchecked((int)others), unchecked((int)id.Low), _pixels);
        return Written(image);
    }

    private MLImage Written(MLImage image)
    {
        byte[] pixels = new byte[image.Height * image.Width * BytesPerPixel];
        (int red, int blue) = image.PixelFormat == MLPixelFormat.Bgra32 ? (2, 0) : (0, 2);
        for (int i = 0, at = 0; at < pixels.Length; i += Colors, at += BytesPerPixel)
        {
            pixels[at + red] = Rounded(_pixels[i]);
            pixels[at + 1] = Rounded(_pixels[i + 1]);
            pixels[at + blue] = Rounded(_pixels[i + 2]);
            pixels[at + 3] = byte.MaxValue;
        }

        return MLImage.CreateFromPixels(image.Width, image.Height, image.PixelFormat, pixels);
    }

    private static byte Rounded(float value) => (byte)MathF.Round(Math.Clamp(value, 0, byte.MaxValue));
}
