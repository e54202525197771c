using System.Collections.Immutable;
using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Schema;
using Microsoft.ML.ConvNet.Tensors;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.ConvNet.Columns;

/// <summary>The shape <c>[H, W, C]</c> of a column's images, for a network that is built for them.</summary>
internal static class ImageShape
{
    private const int Colours = 3;

    /// <summary>
    /// Reads the shape off a column's type, and off the options where the type leaves it open; of images of any size, off the first one.
    /// What is taken for granted is logged.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The shape is not known; the message says how to tell it.</exception>
    public static Shape Of(
        IExceptionContext context, IChannel channel, IDataView data, DataViewSchema.Column column, ConvNetTrainingOptions options)
    {
        Shape shape = column.Type switch
        {
            ImageDataViewType image => OfImages(context, data, column, image, options),
            VectorDataViewType { IsKnownSize: true } vector when PixelSource.IsPixel(vector.ItemType) =>
                OfVectors(context, channel, column, vector, options),
            VectorDataViewType files when options.ImageResizing != ImageResizing.None && PixelSource.IsOfFilesWhenResized(files) =>
                OfFiles(context, column.Name, options),
            VectorDataViewType { IsKnownSize: false } vector when PixelSource.IsPixel(vector.ItemType) =>
                throw context.Mismatch(PixelSource.UnknownSize(column.Name, vector.ItemType)),
            _ => throw context.Mismatch(PixelSource.WrongType(column.Name, column.Type.ToString()!)),
        };
        CheckOptions(context, column.Name, shape, options);
        return shape;
    }

    /// <summary>Throws where the options say another height, width or number of channels than that of a network's input.</summary>
    public static void CheckOptions(IExceptionContext context, string column, Shape shape, ConvNetTrainingOptions options)
    {
        bool fits = !shape.IsImage
            || ((options.ImageHeight ?? shape.Height) == shape.Height
                && (options.ImageWidth ?? shape.Width) == shape.Width
                && (options.ImageChannels ?? shape.Channels) == shape.Channels);
        if (!fits)
        {
            throw context.Mismatch(
                $"The column \"{column}\" feeds a network that takes {shape}. Received: the options {Text(options)}, which say otherwise.");
        }
    }

    private static Shape OfImages(
        IExceptionContext context, IDataView data, DataViewSchema.Column column, ImageDataViewType image, ConvNetTrainingOptions options)
    {
        (int height, int width) = image is { Height: > 0, Width: > 0 } ? (image.Height, image.Width)
            : options is { ImageHeight: { } givenHeight, ImageWidth: { } givenWidth } ? (givenHeight, givenWidth)
            : OfFirstImage(context, data, column, options.SkipUnreadableImages);
        return new Shape(height, width, options.ImageChannels ?? Colours);
    }

    private static Shape OfFiles(IExceptionContext context, string column, ConvNetTrainingOptions options) =>
        options is { ImageHeight: { } height, ImageWidth: { } width }
            ? new Shape(height, width, options.ImageChannels ?? Colours)
            : throw context.Mismatch(
                $"The network is built for the size to which the image files of the column \"{column}\" are brought. Received: the options {Text(options)}; set "
                + $"{nameof(options.ImageHeight)} and {nameof(options.ImageWidth)}, or give a network for a size.");

    private static (int Height, int Width) OfFirstImage(
        IExceptionContext context, IDataView data, DataViewSchema.Column column, bool skipsUnreadable)
    {
        using DataViewRowCursor cursor = data.GetRowCursor(RowTexts.With(data.Schema, column, [column]));
        ValueGetter<MLImage> getter = cursor.GetGetter<MLImage>(column);
        MLImage? image = null;
        if (!cursor.MoveNext())
        {
            throw context.Process(new InvalidDataException(
                $"The data has rows: the network is built for the size of the first image in \"{column.Name}\". Received: none."));
        }

        if (skipsUnreadable)
        {
            image = FirstThatCanBeRead(context, cursor, column, getter);
            return (image.Height, image.Width);
        }

        EarlierSteps.Fetch(getter, ref image!, (message, cause) => context.BadRow(cursor, column.Name, message, cause));
        return image is not null
            ? (image.Height, image.Width)
            : throw context.Mismatch(
                $"The network is built for the size of the images in \"{column.Name}\", which its type does not say. "
                + RowTexts.Append("Received: a first row without an image, as of an empty path", cursor));
    }

    private static MLImage FirstThatCanBeRead(
        IExceptionContext context, DataViewRowCursor cursor, DataViewSchema.Column column, ValueGetter<MLImage> getter)
    {
        RowPartContext part = new(context);
        MLImage? image = null;
        long rows = 0;
        do
        {
            rows++;
            try
            {
                EarlierSteps.Fetch(getter, ref image!, (message, cause) => part.BadRow(cursor, column.Name, message, cause, isUnreadable: true));
            }
            catch (RowFaultException)
            {
                // It is counted and named when the rows are read. What a step left behind that failed is no image.
                image = null;
            }
        }
        while (image is null && cursor.MoveNext());
        return image ?? throw context.Process(new InvalidDataException(FormattableString.Invariant(
            $"The network is built for the size of the first image in \"{column.Name}\" that can be read. Received: {rows} rows, none with such an image.")));
    }

    private static Shape OfVectors(
        IExceptionContext context, IChannel channel, DataViewSchema.Column column, VectorDataViewType vector, ConvNetTrainingOptions options)
    {
        ImmutableArray<int> dimensions = vector.Dimensions;
        return dimensions.Length switch
        {
            1 when options is { TakesFlatVectors: true, ImageHeight: null, ImageWidth: null, ImageChannels: null } => new Shape(vector.Size),
            1 => FlatImageShape.Of(context, channel, column.Name, vector, options),
            2 => new Shape(dimensions[0], dimensions[1], 1),
            3 when ChannelsLastAnnotation.IsOf(column) => new Shape(dimensions[0], dimensions[1], dimensions[2]),
            3 => OfThree(context, column.Name, vector, options),
            _ => throw context.Mismatch(
                $"The column \"{column.Name}\" holds images of two or three dimensions, or flat vectors. Received: {vector}."),
        };
    }

    private static Shape OfThree(IExceptionContext context, string column, VectorDataViewType vector, ConvNetTrainingOptions options)
    {
        ImmutableArray<int> dimensions = vector.Dimensions;
        bool isFirst = IsChannels(dimensions[0], options.ImageChannels);
        bool isLast = IsChannels(dimensions[2], options.ImageChannels);
        ImageLayout layout = (isFirst, isLast) switch
        {
            (true, false) => ImageLayout.ChannelsFirst,
            (false, true) => ImageLayout.ChannelsLast,
            _ => options.ImageLayout,
        };
        return layout switch
        {
            ImageLayout.ChannelsFirst => new Shape(dimensions[1], dimensions[2], dimensions[0]),
            ImageLayout.ChannelsLast => new Shape(dimensions[0], dimensions[1], dimensions[2]),
            _ => throw context.Mismatch(
                $"Of the column \"{column}\" of {vector} the type does not say whether the channels come first or last: set "
                + $"{nameof(ConvNetTrainingOptions.ImageLayout)} to {nameof(ImageLayout.ChannelsFirst)} or "
                + $"{nameof(ImageLayout.ChannelsLast)}."),
        };
    }

    private static bool IsChannels(int dimension, int? channels) => channels is null ? dimension is 1 or Colours : dimension == channels;

    private static string Text(ConvNetTrainingOptions options) =>
        $"{nameof(options.ImageHeight)} {Text(options.ImageHeight)}, {nameof(options.ImageWidth)} {Text(options.ImageWidth)}, "
        + $"{nameof(options.ImageChannels)} {Text(options.ImageChannels)}";

    private static string Text(int? value) => value is null ? "not set" : FormattableString.Invariant($"{value}");
}
