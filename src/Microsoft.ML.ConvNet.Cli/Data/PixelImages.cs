using System.Globalization;
using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Tensors;
using Microsoft.ML.Data;

namespace Microsoft.ML.ConvNet.Cli.Data;

/// <summary>Images whose pixels are at hand: a column <c>Image</c> of floats from 0 to 1, <c>[H, W, C]</c>.</summary>
internal sealed class PixelImages : LabelledImages
{
    /// <summary>The largest value of a pixel in the formats that are read.</summary>
    public const float White = 255;

    private const int Colours = 3;
    private const int BytesPerPixel = 4;

    private readonly ImageDataset _images;
    private readonly IReadOnlyList<int> _indices;

    /// <summary>Names the classes of a set by their numbers.</summary>
    /// <param name="images">The images; pixels from 0 to 255.</param>
    public PixelImages(ImageDataset images)
        : this(images, [.. Enumerable.Range(0, images.ClassCount).Select(label => label.ToString(CultureInfo.InvariantCulture))])
    {
    }

    /// <summary>Makes rows of a set of images.</summary>
    /// <param name="images">The images; pixels from 0 to 255.</param>
    /// <param name="classNames">The names of its classes.</param>
    public PixelImages(ImageDataset images, IReadOnlyList<string> classNames)
        : this(images, [.. Enumerable.Range(0, images.Count)], classNames)
    {
    }

    private PixelImages(ImageDataset images, IReadOnlyList<int> indices, IReadOnlyList<string> classNames)
    {
        _images = images;
        _indices = indices;
        ClassNames = classNames;
    }

    public override int Count => _indices.Count;

    public override IReadOnlyList<string> ClassNames { get; }

    public Shape Shape => _images.Shape;

    public override int ClassOf(int index) => _images.LabelOf(_indices[index]);

    public override string DescribeImages() => Shape.ToString();

    public override Shape InputShape(Shape preferred) => Shape;

    public override LabelledImages Subset(IReadOnlyList<int> indices) =>
        new PixelImages(_images, [.. indices.Select(index => _indices[index])], ClassNames);

    public override IDataView ToDataView(MLContext context)
    {
        SchemaDefinition schema = SchemaDefinition.Create(typeof(PixelRow));
        schema[ColumnNames.Image].ColumnType = new VectorDataViewType(NumberDataViewType.Single, Shape.ToArray());
        return context.Data.LoadFromEnumerable(Rows(), schema);
    }

    public override IEstimator<ITransformer> Preparation(MLContext context, Shape input) => LabelAsKey(context);

    public override (string Column, IEstimator<ITransformer>? Steps) FlatFeatures(MLContext context) => (ColumnNames.Image, null);

    public override DataViewSchema SavedSchema(MLContext context) => ToDataView(context).Schema;

    public override ITransformer ToSave(MLContext context, ITransformer model) => model;

    public override LabelledImages OnWhite() => this;

    /// <summary>The pixels of an image, from 0 to 1.</summary>
    public float[] Pixels(int index)
    {
        float[] pixels = new float[Shape.ElementCount];
        _images.ReadSample(_indices[index], pixels);
        foreach (ref float pixel in pixels.AsSpan())
        {
            pixel /= White;
        }

        return pixels;
    }

    /// <summary>An image as a picture, grey where it has one channel.</summary>
    /// <exception cref="CommandException">It has another number of channels than 1 or 3.</exception>
    public MLImage Picture(int index)
    {
        (int height, int width, int channels) = (Shape.Height, Shape.Width, Shape.Channels);
        if (channels is not (1 or Colours))
        {
            throw new CommandException($"Images of 1 or 3 channels can be made pictures. Received: {Shape}.");
        }

        float[] pixels = Pixels(index);
        byte[] colours = new byte[height * width * BytesPerPixel];
        for (int i = 0; i < height * width; i++)
        {
            for (int colour = 0; colour < Colours; colour++)
            {
                float value = pixels[(i * channels) + (channels == 1 ? 0 : colour)];
                colours[(i * BytesPerPixel) + colour] = (byte)MathF.Round(value * White);
            }

            colours[(i * BytesPerPixel) + Colours] = byte.MaxValue;
        }

        return MLImage.CreateFromPixels(width, height, MLPixelFormat.Rgba32, colours);
    }

    private IEnumerable<PixelRow> Rows()
    {
        for (int i = 0; i < Count; i++)
        {
            int label = ClassOf(i);
            yield return new PixelRow { Image = Pixels(i), Label = label < 0 ? string.Empty : ClassNames[label] };
        }
    }

    private sealed class PixelRow
    {
        public float[] Image { get; set; } = [];

        public string Label { get; set; } = string.Empty;
    }
}
