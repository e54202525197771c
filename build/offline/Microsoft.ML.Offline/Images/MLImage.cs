#nullable disable

using Microsoft.ML.Transforms.Image;
using Microsoft.ML.Transforms.Image.Codecs;

namespace Microsoft.ML.Data;

/// <summary>
/// An image in memory: 32 bits a pixel, rows from the top without padding. As in ML.NET, a decoded image is Bgra32 and its
/// colours are premultiplied by alpha.
/// </summary>
public sealed class MLImage : IDisposable
{
    private readonly int _width;
    private readonly int _height;
    private readonly MLPixelFormat _pixelFormat;
    private readonly bool _isOpaque;
    private byte[] _pixels;
    private string _tag;

    internal MLImage(int width, int height, MLPixelFormat pixelFormat, bool isOpaque, byte[] pixels)
    {
        _width = width;
        _height = height;
        _pixelFormat = pixelFormat;
        _isOpaque = isOpaque;
        _pixels = pixels;
    }

    /// <summary>The order of the bytes of a pixel.</summary>
    public MLPixelFormat PixelFormat
    {
        get
        {
            ThrowIfDisposed();
            return _pixelFormat;
        }
    }

    /// <summary>A copy of the pixels as blue, green, red, not premultiplied: [Height, Width, 3].</summary>
    public byte[] GetBGRPixels
    {
        get
        {
            ThrowIfDisposed();
            byte[] rgba = PixelAlpha.ToStraightRgba(_pixels, _pixelFormat, _isOpaque);
            var bgr = new byte[_width * _height * 3];
            for (int i = 0, j = 0; i < bgr.Length; i += 3, j += 4)
            {
                bgr[i] = rgba[j + 2];
                bgr[i + 1] = rgba[j + 1];
                bgr[i + 2] = rgba[j];
            }

            return bgr;
        }
    }

    /// <summary>The pixels in the order of <see cref="PixelFormat"/>: [Height, Width, 4].</summary>
    public ReadOnlySpan<byte> Pixels
    {
        get
        {
            ThrowIfDisposed();
            return _pixels;
        }
    }

    /// <summary>A text that travels with the image; the loading transformer puts the path here.</summary>
    public string Tag
    {
        get
        {
            ThrowIfDisposed();
            return _tag;
        }

        set
        {
            ThrowIfDisposed();
            _tag = value;
        }
    }

    /// <summary>Pixels a row.</summary>
    public int Width
    {
        get
        {
            ThrowIfDisposed();
            return _width;
        }
    }

    /// <summary>Rows.</summary>
    public int Height
    {
        get
        {
            ThrowIfDisposed();
            return _height;
        }
    }

    /// <summary>Always 32.</summary>
    public int BitsPerPixel
    {
        get
        {
            ThrowIfDisposed();
            return 32;
        }
    }

    internal bool IsOpaque => _isOpaque;

    /// <summary>Decodes an image from the rest of a stream.</summary>
    /// <exception cref="ArgumentException">The bytes are no image, or a damaged one.</exception>
    /// <exception cref="NotSupportedException">The format is one that only the real packages decode.</exception>
    public static MLImage CreateFromStream(Stream imageStream)
    {
        ArgumentNullException.ThrowIfNull(imageStream);
        using var copy = new MemoryStream();
        imageStream.CopyTo(copy);
        try
        {
            return Create(copy.ToArray());
        }
        catch (InvalidDataException e)
        {
            throw new ArgumentException($"Invalid input stream contents: {e.Message}", nameof(imageStream), e);
        }
    }

    /// <summary>Decodes an image file.</summary>
    /// <exception cref="ArgumentException">There is no such file, or it is no image, or a damaged one.</exception>
    /// <exception cref="NotSupportedException">The format is one that only the real packages decode.</exception>
    public static MLImage CreateFromFile(string imagePath)
    {
        ArgumentNullException.ThrowIfNull(imagePath);
        try
        {
            return Create(File.ReadAllBytes(imagePath));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new ArgumentException($"Invalid path '{imagePath}': {e.Message}", nameof(imagePath), e);
        }
    }

    /// <summary>An image with a copy of the given pixels.</summary>
    public static MLImage CreateFromPixels(int width, int height, MLPixelFormat pixelFormat, ReadOnlySpan<byte> imagePixelData)
    {
        if (pixelFormat is not (MLPixelFormat.Bgra32 or MLPixelFormat.Rgba32))
        {
            throw new ArgumentException($"Unsupported pixel format: use Bgra32 or Rgba32. Received: {pixelFormat}", nameof(pixelFormat));
        }

        if (width <= 0)
        {
            throw new ArgumentException($"Invalid width value: it must be positive. Received: {width}", nameof(width));
        }

        if (height <= 0)
        {
            throw new ArgumentException($"Invalid height value: it must be positive. Received: {height}", nameof(height));
        }

        if (imagePixelData.Length != (long)width * height * 4)
        {
            throw new ArgumentException(
                $"Invalid imagePixelData buffer size: {width} x {height} x 4 bytes are wanted. Received: {imagePixelData.Length}",
                nameof(imagePixelData));
        }

        return new MLImage(width, height, pixelFormat, isOpaque: false, imagePixelData.ToArray());
    }

    /// <summary>Writes the image as a file of the format that the extension names: .png here.</summary>
    /// <exception cref="ArgumentException">The extension names no format, or one that ML.NET does not write.</exception>
    /// <exception cref="NotSupportedException">The format is one that only the real packages write.</exception>
    public void Save(string imagePath)
    {
        ThrowIfDisposed();
        ArgumentNullException.ThrowIfNull(imagePath);
        string extension = Path.GetExtension(imagePath);
        switch (extension.ToUpperInvariant())
        {
            case ".PNG":
                byte[] rgba = PixelAlpha.ToStraightRgba(_pixels, _pixelFormat, _isOpaque);
                File.WriteAllBytes(imagePath, PngEncoder.Encode(new RasterImage(_width, _height, !_isOpaque, rgba)));
                break;
            case ".JPG" or ".JPEG" or ".WEBP":
                throw new NotSupportedException(
                    $"The offline stand-in for ML.NET writes PNG images only. Received: '{extension}'. Use .png, " +
                    "or build with the real packages Microsoft.ML and Microsoft.ML.ImageAnalytics.");
            case ".BMP" or ".GIF" or ".ICO" or ".ASTC" or ".AVIF" or ".DNG" or ".HEIF" or ".KTX" or ".PKM" or ".WBMP":
                throw new ArgumentException($"ML.NET does not write images of the format '{extension}': use .png.", nameof(imagePath));
            default:
                throw new ArgumentException($"The path has no image file extension: use .png. Received: '{extension}'", nameof(imagePath));
        }
    }

    /// <summary>Lets go of the pixels; every member but this one then throws <see cref="InvalidOperationException"/>.</summary>
    public void Dispose() => _pixels = null;

    internal MLImage CloneWithResizing(
        int width, int height, ImageResizingEstimator.ResizingKind resizing, ImageResizingEstimator.Anchor anchor)
    {
        ThrowIfDisposed();
        if (resizing == ImageResizingEstimator.ResizingKind.Fill)
        {
            return NearestResizing.Resize(this, width, height);
        }

        TargetRectangle target = resizing == ImageResizingEstimator.ResizingKind.IsoPad
            ? TargetRectangle.Pad(_width, _height, width, height)
            : TargetRectangle.Crop(_width, _height, width, height, anchor);
        return BilinearResizing.Resize(this, width, height, target);
    }

    internal MLImage CloneWithGrayscale()
    {
        ThrowIfDisposed();
        byte[] rgba = PixelAlpha.ToStraightRgba(_pixels, _pixelFormat, _isOpaque);
        for (int i = 0; i < rgba.Length; i += 4)
        {
            byte luminance = (byte)MathF.Round(0.3f * rgba[i] + 0.59f * rgba[i + 1] + 0.11f * rgba[i + 2]);
            rgba[i] = rgba[i + 1] = rgba[i + 2] = luminance;
        }

        return new MLImage(_width, _height, MLPixelFormat.Bgra32, isOpaque: true, PixelAlpha.ToPremultipliedBgra(rgba));
    }

    private static MLImage Create(byte[] file)
    {
        RasterImage raster = ImageDecoder.Decode(file);
        byte[] pixels = PixelAlpha.ToPremultipliedBgra(raster.Rgba);
        return new MLImage(raster.Width, raster.Height, MLPixelFormat.Bgra32, !raster.HasAlpha, pixels);
    }

    private void ThrowIfDisposed()
    {
        if (_pixels is null)
        {
            throw new InvalidOperationException("Object is disposed.");
        }
    }
}
