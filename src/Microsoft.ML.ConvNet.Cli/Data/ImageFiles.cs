using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Tensors;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.ConvNet.Cli.Data;

/// <summary>
/// Image files: a column <c>ImagePath</c>, and a column <c>Image</c> of which the pipeline makes images of the network's size. This tool reads
/// the files itself (<see cref="ImageDecoder"/>); a model that is saved begins with the step of ML.NET that reads them.
/// </summary>
internal sealed class ImageFiles : LabelledImages
{
    /// <summary>Images larger than this are resized to what the architecture is at its best with.</summary>
    public const int LargestUnresized = 256;

    private const int SizeSamples = 64;
    private const int Colours = 3;
    private const string Pixels = "Pixels";

    private readonly IReadOnlyList<ImageFile> _files;
    private readonly ImageDecoder _decoder;
    private readonly UnreadableFiles? _unreadable;
    private readonly Lazy<(int Height, int Width)?> _size;

    /// <summary>Makes rows of files.</summary>
    /// <param name="files">The files; a label is a position among the names, or -1.</param>
    /// <param name="classNames">The names of the classes.</param>
    /// <param name="decoder">Reads the files.</param>
    /// <param name="unreadable">Takes the files that cannot be read, which have no row then; where it is null, an error says what is wrong with them.</param>
    public ImageFiles(IReadOnlyList<ImageFile> files, IReadOnlyList<string> classNames, ImageDecoder decoder, UnreadableFiles? unreadable = null)
    {
        _unreadable = unreadable;
        _files = files;
        _decoder = decoder;
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
        new ImageFiles([.. indices.Select(index => _files[index])], ClassNames, _decoder, _unreadable);

    /// <summary>The same files, of which transparent images are put on white when they are read.</summary>
    public override ImageFiles OnWhite() => new(_files, ClassNames, _decoder with { PutsOnWhite = true }, _unreadable);

    /// <summary>The same files without those that cannot be read.</summary>
    /// <param name="unreadable">Takes these.</param>
    public ImageFiles Without(UnreadableFiles unreadable) => new(_files, ClassNames, _decoder, unreadable);

    /// <summary>The same files for steps that take no notice of what is transparent: on white, or as decoders have it, which is on black.</summary>
    public ImageFiles On(ImageBackground background) => background == ImageBackground.White ? OnWhite() : this;

    public override IDataView ToDataView(MLContext context) =>
        ToDataView(context, _unreadable is null ? null : (number, error) => _unreadable.Add(_files[number].Path, error));

    /// <summary>The rows, without those of files that cannot be read.</summary>
    /// <param name="context">The context.</param>
    /// <param name="onUnreadable">Takes the number of such a file and why it cannot be read; where it is null, that is thrown.</param>
    public IDataView ToDataView(MLContext context, Action<int, CommandException>? onUnreadable) => new DecodedFiles(
        [.. _files.Select(file => file.Path)],
        [.. _files.Select(file => file.Label < 0 ? string.Empty : ClassNames[file.Label])],
        _decoder,
        onUnreadable).ToDataView(context);

    // Images of the right size pass through the resizing as they are; with it the model takes images of any size.
    public override IEstimator<ITransformer> Preparation(MLContext context, Shape input) => Resizing(context, LabelAsKey(context), input);

    public override DataViewSchema SavedSchema(MLContext context) => FileSchema(context);

    public override ITransformer ToSave(MLContext context, ITransformer model) => WithReading(context, model);

    /// <summary>Steps behind which the images are resized.</summary>
    public static IEstimator<ITransformer> Resizing(MLContext context, IEstimator<ITransformer> steps, Shape input) =>
        steps.Append(context.Transforms.ResizeImages(
            ColumnNames.Image, input.Width, input.Height, ColumnNames.Image, ImageResizingEstimator.ResizingKind.Fill));

    /// <summary>The columns that a model of image files reads.</summary>
    public static DataViewSchema FileSchema(MLContext context) => context.Data.LoadFromEnumerable<FileRow>([]).Schema;

    /// <summary>A pipeline for images, which reads their files.</summary>
    public static ITransformer WithReading(MLContext context, ITransformer model) => new TransformerChain<ITransformer>(
        [
            context.Transforms.LoadImages(ColumnNames.Image, null, ColumnNames.ImagePath).Fit(context.Data.LoadFromEnumerable<FileRow>([])),
            .. PipelineSteps.Of(model),
        ]);

    public override (string Column, IEstimator<ITransformer>? Steps) FlatFeatures(MLContext context) =>
        (Pixels, context.Transforms.ExtractPixels(Pixels, ColumnNames.Image, scaleImage: 1 / PixelImages.White));

    /// <summary>The size of all images, as far as a sample spread over all classes shows; null where sizes differ.</summary>
    private (int Height, int Width)? CommonSize()
    {
        (int Height, int Width)? common = null;
        int step = Math.Max(1, _files.Count / SizeSamples);
        for (int i = 0; i < _files.Count; i += step)
        {
            if (TrySizeOf(i) is not { } size)
            {
                continue;
            }

            if (common is { } known && known != size)
            {
                return null;
            }

            common = size;
        }

        return common;
    }

    private (int Height, int Width)? TrySizeOf(int index)
    {
        try
        {
            return _decoder.SizeOf(_files[index].Path);
        }
        catch (CommandException) when (_unreadable != null)
        {
            // It is noted when the images are gone through.
            return null;
        }
    }

    private sealed class FileRow
    {
        public string ImagePath { get; set; } = string.Empty;

        public string Label { get; set; } = string.Empty;
    }
}
