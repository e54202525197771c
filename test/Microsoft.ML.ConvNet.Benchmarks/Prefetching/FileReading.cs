using Microsoft.ML.ConvNet.Benchmarks.Fit;
using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Tensors;
using Microsoft.ML.Data;

namespace Microsoft.ML.ConvNet.Benchmarks.Prefetching;

/// <summary>Image files as samples that are decoded and resized each time that one is asked for.</summary>
internal static class FileReading
{
    [ThreadStatic]
    private static ImageResizer? _resizer;

    [ThreadStatic]
    private static byte[]? _resized;

    [ThreadStatic]
    private static byte[]? _colours;

    /// <summary>Makes samples of a folder.</summary>
    /// <param name="folder">The folder, with a subfolder a class.</param>
    /// <param name="shape">The shape of a sample.</param>
    public static ImageFileDataset Of(string folder, Shape shape)
    {
        ImageFolder images = ImageFolder.ForTraining(folder);
        return new ImageFileDataset(images.Images, images.ClassNames.Count, shape, (path, pixels) => Read(path, shape, pixels));
    }

    private static void Read(string path, Shape shape, Span<float> pixels)
    {
        using MLImage image = MLImage.CreateFromFile(path);
        int length = image.Height * image.Width * shape.Channels;
        if (_colours is null || _colours.Length < length)
        {
            _colours = new byte[length];
        }

        Span<byte> colours = _colours.AsSpan(0, length);
        OpaqueColours.Copy(image, colours);
        _resizer ??= new ImageResizer(ImageResizing.Fill, shape);
        _resized ??= new byte[shape.ElementCount];
        _resizer.Resize(colours, image.Height, image.Width, _resized);
        for (int i = 0; i < pixels.Length; i++)
        {
            pixels[i] = _resized[i];
        }
    }
}
