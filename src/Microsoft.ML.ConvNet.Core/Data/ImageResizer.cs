using System.Numerics;
using Microsoft.ML.ConvNet.Tensors;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Data;

/// <summary>
/// Brings images of bytes to one size. A pixel is the mean of those that it covers, weighted by a triangle that is as wide as a pixel of the smaller
/// of the two images on either side: bilinear interpolation where images grow, and without the false patterns of plain interpolation where
/// they shrink. It is what Pillow's <c>Image.resize</c> does with <c>BILINEAR</c>, by which torchvision's weights were trained, to the bit: rows first, whole
/// numbers of 22 binary places.
/// </summary>
/// <remarks>
/// One thread uses it at a time; its memory serves one image after the other. However long the sides of an image are, it takes little beside the
/// image and the result.
/// </remarks>
public sealed class ImageResizer
{
    private readonly ImageResizing _kind;
    private readonly Shape _shape;
    private readonly byte _ground;
    private readonly ResamplingAxis _horizontal = new();
    private readonly ResamplingAxis _vertical = new();
    private byte[] _row = [];
    private int[] _sums = [];

    /// <summary>Prepares for images of some number of channels.</summary>
    /// <param name="kind">How they are brought to the size.</param>
    /// <param name="shape">The shape that they get, <c>[H, W, C]</c>.</param>
    /// <param name="ground">What is around a padded image, in each channel.</param>
    /// <exception cref="ArgumentException">The shape is no image's, or the kind is none of its names.</exception>
    public ImageResizer(ImageResizing kind, Shape shape, byte ground = 0)
    {
        if (!shape.IsImage)
        {
            throw new ArgumentException($"Images are resized to [height, width, channels]. Received: {shape}.", nameof(shape));
        }

        if (!Enum.IsDefined(kind))
        {
            throw new ArgumentException($"Images are resized by one of {string.Join(", ", Enum.GetNames<ImageResizing>())}. Received: {kind}.", nameof(kind));
        }

        _kind = kind;
        _shape = shape;
        _ground = ground;
    }

    /// <summary>Resizes an image.</summary>
    /// <param name="pixels">Its pixels <c>[height, width, C]</c>, row-major, channels innermost.</param>
    /// <param name="height">Its height.</param>
    /// <param name="width">Its width.</param>
    /// <param name="resized">Receives the pixels of the shape.</param>
    /// <exception cref="ArgumentException">A span has another length, or the size differs and images are not to be resized.</exception>
    public void Resize(ReadOnlySpan<byte> pixels, int height, int width, Span<byte> resized)
    {
        if (height < 1 || width < 1 || pixels.Length != (long)height * width * _shape.Channels || resized.Length != _shape.ElementCount)
        {
            throw new ArgumentException(
                Invariant($"An image of {height}x{width} with {_shape.Channels} channels becomes one of {_shape}. ")
                + Invariant($"Received: {pixels.Length} values, and room for {resized.Length}."),
                nameof(pixels));
        }

        if (height == _shape.Height && width == _shape.Width)
        {
            pixels.CopyTo(resized);
            return;
        }

        switch (_kind)
        {
            case ImageResizing.Crop:
                double scale = Math.Max((double)_shape.Height / height, (double)_shape.Width / width);
                Resample(pixels, height, width, _shape.Height / scale, _shape.Width / scale, new Window(0, 0, _shape.Height, _shape.Width), resized);
                break;
            case ImageResizing.Fill:
                Resample(pixels, height, width, height, width, new Window(0, 0, _shape.Height, _shape.Width), resized);
                break;
            case ImageResizing.Pad:
                resized.Fill(_ground);
                Resample(pixels, height, width, height, width, Within(height, width), resized);
                break;
            default:
                throw new ArgumentException(
                    Invariant($"Images are of {_shape.Height}x{_shape.Width} (height x width). Received: {height}x{width}."), nameof(height));
        }
    }

    /// <summary>Where an image lies that is scaled until it is within the size.</summary>
    private Window Within(int height, int width)
    {
        double scale = Math.Min((double)_shape.Height / height, (double)_shape.Width / width);
        int scaledHeight = Math.Clamp((int)Math.Round(height * scale), 1, _shape.Height);
        int scaledWidth = Math.Clamp((int)Math.Round(width * scale), 1, _shape.Width);
        return new Window((_shape.Height - scaledHeight) / 2, (_shape.Width - scaledWidth) / 2, scaledHeight, scaledWidth);
    }

    /// <summary>Resamples a box in the middle of an image, of a height and width that need not be whole, into a window of the result.</summary>
    private void Resample(
        ReadOnlySpan<byte> pixels, int height, int width, double boxHeight, double boxWidth, Window window, Span<byte> resized)
    {
        int channels = _shape.Channels;
        _horizontal.Set(width, (width - boxWidth) / 2, boxWidth, window.Width);
        _vertical.Set(height, (height - boxHeight) / 2, boxHeight, window.Height);
        int rowLength = window.Width * channels;
        if (_row.Length < rowLength)
        {
            _row = new byte[rowLength];
        }

        if (_sums.Length < _vertical.MostUses * rowLength)
        {
            _sums = new int[_vertical.MostUses * rowLength];
        }

        // Rows of the result are summed up as those of the image come: from the first that is not finished to the last that has begun.
        Span<byte> resampled = _row.AsSpan(0, rowLength);
        (int first, int count) = _vertical.Range;
        (int finished, int begun) = (0, 0);
        for (int row = first; row < first + count; row++)
        {
            _horizontal.ResampleRow(pixels.Slice(row * width * channels, width * channels), channels, resampled);
            for (; begun < window.Height && _vertical.FirstOf(begun) <= row; begun++)
            {
                SumsOf(begun, rowLength).Fill(ResamplingAxis.Half);
            }

            for (int number = finished; number < begun; number++)
            {
                AddWeighted(resampled, _vertical.WeightOf(number, row), SumsOf(number, rowLength));
            }

            for (; finished < begun && _vertical.EndOf(finished) == row + 1; finished++)
            {
                Round(SumsOf(finished, rowLength), resized.Slice((((window.Top + finished) * _shape.Width) + window.Left) * channels, rowLength));
            }
        }
    }

    private Span<int> SumsOf(int number, int rowLength) => _sums.AsSpan(number % _vertical.MostUses * rowLength, rowLength);

    private static void AddWeighted(ReadOnlySpan<byte> row, int weight, Span<int> sums)
    {
        int i = 0;
        for (; i <= row.Length - Vector<byte>.Count; i += Vector<byte>.Count)
        {
            Vector.Widen(new Vector<byte>(row[i..]), out Vector<ushort> low, out Vector<ushort> high);
            AddWeighted(low, weight, sums[i..]);
            AddWeighted(high, weight, sums[(i + Vector<ushort>.Count)..]);
        }

        for (; i < row.Length; i++)
        {
            sums[i] += row[i] * weight;
        }
    }

    private static void AddWeighted(Vector<ushort> pixels, int weight, Span<int> sums)
    {
        Vector.Widen(pixels, out Vector<uint> low, out Vector<uint> high);
        ((Vector.AsVectorInt32(low) * weight) + new Vector<int>(sums)).CopyTo(sums);
        sums = sums[Vector<int>.Count..];
        ((Vector.AsVectorInt32(high) * weight) + new Vector<int>(sums)).CopyTo(sums);
    }

    private static void Round(ReadOnlySpan<int> sums, Span<byte> pixels)
    {
        for (int i = 0; i < pixels.Length; i++)
        {
            pixels[i] = ResamplingAxis.Rounded(sums[i]);
        }
    }

    /// <summary>A part of the result.</summary>
    private readonly record struct Window(int Top, int Left, int Height, int Width);
}
