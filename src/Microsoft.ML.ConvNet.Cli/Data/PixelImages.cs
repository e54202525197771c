using System.Globalization;
using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Tensors;
using Microsoft.ML.Data;

namespace Microsoft.ML.ConvNet.Cli.Data;

/// <summary>Images whose pixels are at hand: a column <c>Image</c>, <c>[H, W, C]</c>, of pixels in the form that the model reads.</summary>
internal sealed class PixelImages : LabelledImages
{
    /// <summary>The largest value of a pixel in the formats that are read.</summary>
    public const float White = 255;

    private const string Shares = "Shares";
    private const int Colours = 3;
    private const int BytesPerPixel = 4;

    private readonly ImageDataset _images;
    private readonly IReadOnlyList<int> _indices;
    private readonly PixelForm _form;

    /// <summary>Names the classes of a set of bytes by their numbers.</summary>
    /// <param name="images">The images; pixels are whole numbers from 0 to 255.</param>
    public PixelImages(ImageDataset images)
        : this(
            images,
            [.. Enumerable.Range(0, images.ClassCount).Select(label => label.ToString(CultureInfo.InvariantCulture))],
            PixelForm.Bytes)
    {
    }

    /// <summary>Makes rows of a set of images.</summary>
    /// <param name="images">The images; pixels from 0 to 255.</param>
    /// <param name="classNames">The names of its classes.</param>
    /// <param name="form">How the rows have the pixels.</param>
    public PixelImages(ImageDataset images, IReadOnlyList<string> classNames, PixelForm form)
        : this(images, [.. Enumerable.Range(0, images.Count)], classNames, form)
    {
    }

    private PixelImages(ImageDataset images, IReadOnlyList<int> indices, IReadOnlyList<string> classNames, PixelForm form)
    {
        _images = images;
        _indices = indices;
        _form = form;
        ClassNames = classNames;
    }

    public override int Count => _indices.Count;

    public override IReadOnlyList<string> ClassNames { get; }

    public Shape Shape => _images.Shape;

    public override int ClassOf(int index) => _images.LabelOf(_indices[index]);

    public override string DescribeImages() => Shape.ToString();

    public override Shape InputShape(Shape preferred) => Shape;

    public override LabelledImages Subset(IReadOnlyList<int> indices) =>
        new PixelImages(_images, [.. indices.Select(index => _indices[index])], ClassNames, _form);

    /// <summary>The same images with their pixels in another form.</summary>
    public PixelImages In(PixelForm form) => new(_images, _indices, ClassNames, form);

    public override IDataView ToDataView(MLContext context) => _form == PixelForm.Bytes
        ? ToDataView<ByteRow>(context, NumberDataViewType.Byte, i => new ByteRow { Image = Bytes(i), Label = LabelOf(i) })
        : ToDataView<FloatRow>(context, NumberDataViewType.Single, i => new FloatRow { Image = Floats(i, _form), Label = LabelOf(i) });

    public override IEstimator<ITransformer> Preparation(MLContext context, Shape input) => LabelAsKey(context);

    public override (string Column, IEstimator<ITransformer>? Steps) FlatFeatures(MLContext context) => _form == PixelForm.Shares
        ? (ColumnNames.Image, null)
        : (Shares, context.Transforms.Conversion.ConvertType(Shares, ColumnNames.Image, DataKind.Single)
            .Append(context.Transforms.Expression(Shares, string.Create(CultureInfo.InvariantCulture, $"(pixel) : pixel / {White}f"), Shares)));

    public override DataViewSchema SavedSchema(MLContext context) => ToDataView(context).Schema;

    public override ITransformer ToSave(MLContext context, ITransformer model) => model;

    public override LabelledImages OnWhite() => this;

    /// <summary>The pixels of an image, from 0 to 1.</summary>
    public float[] Pixels(int index) => Floats(index, PixelForm.Shares);

    /// <summary>An image as a picture, grey where it has one channel.</summary>
    /// <exception cref="CommandException">It has another number of channels than 1 or 3.</exception>
    public MLImage Picture(int index)
    {
        (int height, int width, int channels) = (Shape.Height, Shape.Width, Shape.Channels);
        if (channels is not (1 or Colours))
        {
            throw new CommandException($"Images of 1 or 3 channels can be made pictures. Received: {Shape}.");
        }

        byte[] pixels = Bytes(index);
        byte[] colours = new byte[height * width * BytesPerPixel];
        for (int i = 0; i < height * width; i++)
        {
            for (int colour = 0; colour < Colours; colour++)
            {
                colours[(i * BytesPerPixel) + colour] = pixels[(i * channels) + (channels == 1 ? 0 : colour)];
            }

            colours[(i * BytesPerPixel) + Colours] = byte.MaxValue;
        }

        return MLImage.CreateFromPixels(width, height, MLPixelFormat.Rgba32, colours);
    }

    private IDataView ToDataView<TRow>(MLContext context, PrimitiveDataViewType itemType, Func<int, TRow> rowOf)
        where TRow : class
    {
        SchemaDefinition schema = SchemaDefinition.Create(typeof(TRow));
        schema[ColumnNames.Image].ColumnType = new VectorDataViewType(itemType, Shape.ToArray());
        return context.Data.LoadFromEnumerable(Enumerable.Range(0, Count).Select(rowOf), schema);
    }

    private string LabelOf(int index)
    {
        int label = ClassOf(index);
        return label < 0 ? string.Empty : ClassNames[label];
    }

    private float[] Floats(int index, PixelForm form)
    {
        float[] pixels = new float[Shape.ElementCount];
        _images.ReadSample(_indices[index], pixels);
        foreach (ref float pixel in form == PixelForm.Shares ? pixels.AsSpan() : [])
        {
            pixel /= White;
        }

        return pixels;
    }

    private byte[] Bytes(int index)
    {
        if (_form != PixelForm.Bytes || _images is not InMemoryDataset memory)
        {
            return Array.ConvertAll(Floats(index, PixelForm.Bytes), pixel => (byte)pixel);
        }

        byte[] pixels = new byte[Shape.ElementCount];
        memory.ReadBytes(_indices[index], pixels);
        return pixels;
    }

    private sealed class ByteRow
    {
        public byte[] Image { get; set; } = [];

        public string Label { get; set; } = string.Empty;
    }

    private sealed class FloatRow
    {
        public float[] Image { get; set; } = [];

        public string Label { get; set; } = string.Empty;
    }
}
