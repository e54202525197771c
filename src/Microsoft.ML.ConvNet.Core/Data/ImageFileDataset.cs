using Microsoft.ML.ConvNet.Tensors;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Data;

/// <summary>Reads an image file into the pixels of a sample.</summary>
/// <param name="path">The path of the file.</param>
/// <param name="pixels">Receives the pixels, row by row, channels innermost.</param>
public delegate void ImageFileReading(string path, Span<float> pixels);

/// <summary>
/// Image files as samples, each read when it is asked for. The engine has no decoder: what reads a file and brings it to the size of a sample is
/// given, and must give the same pixels each time, on any number of threads at once.
/// </summary>
public sealed class ImageFileDataset : ImageDataset
{
    private readonly IReadOnlyList<ImageFile> _files;
    private readonly ImageFileReading _reading;

    /// <summary>Makes samples of files.</summary>
    /// <param name="files">The files with their classes, as <see cref="ImageFolder.Images"/>.</param>
    /// <param name="classCount">The number of classes.</param>
    /// <param name="shape">The shape of a sample, <c>[H, W, C]</c>.</param>
    /// <param name="reading">Reads a file. What it throws is thrown on, with the path of the file.</param>
    /// <exception cref="ArgumentException">The shape is none of images, or a label is none of the classes.</exception>
    public ImageFileDataset(IReadOnlyList<ImageFile> files, int classCount, Shape shape, ImageFileReading reading)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(reading);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(classCount);
        if (!shape.IsImage)
        {
            throw new ArgumentException($"A sample is an image, [H, W, C]. Received: {shape}.", nameof(shape));
        }

        if (files.FirstOrDefault(file => file.Label < -1 || file.Label >= classCount) is { } wrong)
        {
            throw new ArgumentException(
                Invariant($"A label is from 0 to {classCount - 1}, or -1 for none. Received: {wrong.Label} of \"{wrong.Path}\"."), nameof(files));
        }

        _files = files;
        _reading = reading;
        ClassCount = classCount;
        Shape = shape;
    }

    /// <inheritdoc/>
    public override int Count => _files.Count;

    /// <inheritdoc/>
    public override Shape Shape { get; }

    /// <inheritdoc/>
    public override int ClassCount { get; }

    /// <inheritdoc/>
    /// <exception cref="InvalidDataException">The file cannot be read; the cause is within.</exception>
    public override void ReadSample(int index, Span<float> pixels)
    {
        RequireIndex(index);
        RequireLength(pixels, Shape.ElementCount, nameof(pixels));
        string path = _files[index].Path;
        try
        {
            _reading(path, pixels);
        }
        catch (Exception exception) when (exception is not (OperationCanceledException or OutOfMemoryException))
        {
            throw new InvalidDataException(Invariant($"Sample {index}, \"{path}\", cannot be read: {exception.Message}"), exception);
        }
    }

    /// <inheritdoc/>
    public override int LabelOf(int index)
    {
        RequireIndex(index);
        return _files[index].Label;
    }
}
