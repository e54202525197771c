using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Tensors;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.ConvNet.Cli.Data;

/// <summary>Image files: a column <c>ImagePath</c>, of which the pipeline makes images of the network's size.</summary>
internal sealed class ImageFiles : LabelledImages
{
    /// <summary>Images larger than this are resized to what the architecture is at its best with.</summary>
    public const int LargestUnresized = 256;

    private const int SizeSamples = 64;
    private const int Colours = 3;
    private const string Pixels = "Pixels";

    private readonly IReadOnlyList<ImageFile> _files;
    private readonly Lazy<(int Height, int Width)?> _size;

    /// <summary>Makes rows of files.</summary>
    /// <param name="files">The files; a label is a position among the names, or -1.</param>
    /// <param name="classNames">The names of the classes.</param>
    public ImageFiles(IReadOnlyList<ImageFile> files, IReadOnlyList<string> classNames)
    {
        _files = files;
        ClassNames = classNames;
        _size = new Lazy<(int Height, int Width)?>(CommonSize);
    }

    public override int Count => _files.Count;

    public override IReadOnlyList<string> ClassNames { get; }

    /// <summary>The path of an image.</summary>
    public string PathOf(int index) => _files[index].Path;

    public override int ClassOf(int index) => _files[index].Label;

    public override string DescribeImages() => _size.Value is var (height, width) ? $"{height}x{width} pixels" : "of several sizes";

    public override Shape InputShape(Shape preferred) =>
        _size.Value is var (height, width) && Math.Max(height, width) <= LargestUnresized
            ? new Shape(height, width, Colours)
            : new Shape(preferred.Height, preferred.Width, Colours);

    public override LabelledImages Subset(IReadOnlyList<int> indices) =>
        new ImageFiles([.. indices.Select(index => _files[index])], ClassNames);

    public override IDataView ToDataView(MLContext context) => context.Data.LoadFromEnumerable(_files.Select(file => new FileRow
    {
        ImagePath = Path.GetFullPath(file.Path),
        Label = file.Label < 0 ? string.Empty : ClassNames[file.Label],
    }));

    // Images of the right size pass through the resizing as they are; with it the model takes images of any size.
    public override IEstimator<ITransformer> Preparation(MLContext context, Shape input) => LabelAsKey(context)
        .Append(context.Transforms.LoadImages(ColumnNames.Image, null, ColumnNames.ImagePath))
        .Append(context.Transforms.ResizeImages(
            ColumnNames.Image, input.Width, input.Height, ColumnNames.Image, ImageResizingEstimator.ResizingKind.Fill));

    public override (string Column, IEstimator<ITransformer>? Steps) FlatFeatures(MLContext context) =>
        (Pixels, context.Transforms.ExtractPixels(Pixels, ColumnNames.Image, scaleImage: 1 / PixelImages.White));

    protected override CommandException? Explain()
    {
        foreach (ImageFile file in _files)
        {
            try
            {
                using MLImage image = MLImage.CreateFromFile(file.Path);
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                return new CommandException($"The file \"{file.Path}\" cannot be read as an image: {ErrorLine.Of(error)}", error);
            }
        }

        return null;
    }

    /// <summary>The size of all images, as far as a sample spread over all classes shows; null where sizes differ.</summary>
    private (int Height, int Width)? CommonSize()
    {
        (int Height, int Width)? common = null;
        int step = Math.Max(1, _files.Count / SizeSamples);
        for (int i = 0; i < _files.Count; i += step)
        {
            string path = _files[i].Path;
            (int Height, int Width) size = Read(() => SizeOf(path));
            if (common is { } known && known != size)
            {
                return null;
            }

            common = size;
        }

        return common;
    }

    private static (int Height, int Width) SizeOf(string path)
    {
        using MLImage image = MLImage.CreateFromFile(path);
        return (image.Height, image.Width);
    }

    private sealed class FileRow
    {
        public string ImagePath { get; set; } = string.Empty;

        public string Label { get; set; } = string.Empty;
    }
}
