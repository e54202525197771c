using System.Collections.Immutable;
using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Schema;
using Microsoft.ML.ConvNet.Tensors;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.ConvNet.Columns;

/// <summary>How a column's values become the pixels <c>[H, W, C]</c> that a network takes.</summary>
/// <param name="Column">The column.</param>
/// <param name="Shape">The shape of the network's input.</param>
/// <param name="Layout">
/// The order of a vector's values where it matters; <see cref="ImageLayout.Auto"/> where there is one order only.
/// </param>
internal sealed record PixelSource(DataViewSchema.Column Column, Shape Shape, ImageLayout Layout)
{
    /// <summary>The order of an image's colours; a vector's values are taken as they come.</summary>
    public ChannelOrder ChannelOrder { get; init; }

    /// <summary>What transparent pixels of an image lie on.</summary>
    public ImageBackground Background { get; init; }

    /// <summary>How images of another size are brought to the network's.</summary>
    public ImageResizing Resizing { get; init; }

    /// <summary>Which way up images of files are.</summary>
    public ImageOrientation Orientation { get; init; }

    /// <summary>Whether the column holds the bytes of image files, in vectors of any length, as LoadRawImageBytes reads them.</summary>
    public bool IsOfFiles => Resizing != ImageResizing.None && IsOfFilesWhenResized(Column.Type);

    /// <summary>Whether the values come plane by plane.</summary>
    public bool IsPlanar => Layout == ImageLayout.ChannelsFirst;

    /// <summary>Finds out how a column feeds a network, from its type alone.</summary>
    /// <param name="context">Who asks.</param>
    /// <param name="column">The column.</param>
    /// <param name="shape">The shape of the network's input.</param>
    /// <param name="layout">The order of the values of a vector whose type leaves it open.</param>
    /// <param name="resizing">How images of another size are brought to the network's.</param>
    /// <exception cref="ArgumentOutOfRangeException">The column cannot feed the network; the message names both sizes.</exception>
    public static PixelSource Bind(
        IExceptionContext context, DataViewSchema.Column column, Shape shape, ImageLayout layout, ImageResizing resizing = ImageResizing.None)
    {
        switch (column.Type)
        {
            case ImageDataViewType image:
                CheckImage(context, column.Name, image, shape, resizing);
                return new PixelSource(column, shape, ImageLayout.Auto) { Resizing = resizing };
            case VectorDataViewType files when resizing != ImageResizing.None && IsOfFilesWhenResized(files):
                CheckImage(context, column.Name, new ImageDataViewType(), shape, resizing);
                return new PixelSource(column, shape, ImageLayout.Auto) { Resizing = resizing };
            case VectorDataViewType { IsKnownSize: true } vector when IsPixel(vector.ItemType):
                return new PixelSource(
                    column,
                    shape,
                    OrderOf(context, column.Name, vector, shape, ChannelsLastAnnotation.IsOf(column) && vector.Dimensions.Length == 3 ? ImageLayout.ChannelsLast : layout));
            case VectorDataViewType { IsKnownSize: false } vector when IsPixel(vector.ItemType):
                throw context.Mismatch(UnknownSize(column.Name, vector.ItemType));
            default:
                throw context.Mismatch(WrongType(column.Name, column.Type.ToString()!));
        }
    }

    /// <summary>Whether values of a vector column can be pixels.</summary>
    public static bool IsPixel(DataViewType itemType) => itemType == NumberDataViewType.Single || itemType == NumberDataViewType.Byte;

    /// <summary>Whether a column of this type, in front of a network that resizes images, holds the bytes of image files.</summary>
    public static bool IsOfFilesWhenResized(DataViewType type) =>
        type is VectorDataViewType { IsKnownSize: false } vector && vector.ItemType == NumberDataViewType.Byte;

    /// <summary>What is said of a column of another type.</summary>
    public static string WrongType(string column, string received) =>
        $"The feature column \"{column}\" holds images (MLImage), or vectors of known size of Single or Byte. Received: {received}; "
        + "use ExtractPixels for images, or ConvertType and Concatenate for numbers.";

    /// <summary>What is said of a vector column of unknown size.</summary>
    public static string UnknownSize(string column, DataViewType itemType) =>
        $"The feature column \"{column}\" holds images (MLImage), or vectors of known size of Single or Byte. Received: vectors of {itemType} of "
        + "unknown size; "
        + (itemType == NumberDataViewType.Byte
            ? $"where they are the bytes of image files, set {nameof(ConvNetTrainingOptions.ImageResizing)}, by which they are decoded; where they are pixels, say how "
                + "many there are: "
            : "say how many there are: ")
        + "[VectorType(28, 28, 1)], for one, on the member of the row class, or a SchemaDefinition with a VectorDataViewType.";

    private static void CheckImage(IExceptionContext context, string column, ImageDataViewType image, Shape shape, ImageResizing resizing)
    {
        if (!shape.IsImage || shape.Channels is not (1 or 3))
        {
            throw context.Mismatch(
                $"The feature column \"{column}\" holds images, which feed a network that takes [height, width, 1] or [height, width, 3]. "
                + $"Received: a network that takes {shape}.");
        }

        bool isKnown = image.Height > 0 && image.Width > 0 && resizing == ImageResizing.None;
        if (isKnown && (image.Height != shape.Height || image.Width != shape.Width))
        {
            throw context.Mismatch(
                $"The network takes images of {shape.Height}x{shape.Width} (height x width). "
                + $"Received: the column \"{column}\" of images of {image.Height}x{image.Width}; "
                + $"put mlContext.Transforms.ResizeImages with imageWidth {shape.Width} and imageHeight {shape.Height} before the network, or set "
                + $"{nameof(ConvNetTrainingOptions.ImageResizing)}.");
        }
    }

    private static ImageLayout OrderOf(
        IExceptionContext context, string column, VectorDataViewType vector, Shape shape, ImageLayout layout)
    {
        ImmutableArray<int> dimensions = vector.Dimensions;
        if (vector.Size != shape.ElementCount)
        {
            throw context.Mismatch(
                $"The network takes {shape} = {shape.ElementCount} values. Received: the column \"{column}\" of {vector}, {vector.Size} values; "
                + "resize the images, or build the network for this size.");
        }

        if (!shape.IsImage)
        {
            return ImageLayout.Auto;
        }

        bool isFirst = Fits(dimensions, shape.Channels, shape.Height, shape.Width);
        bool isLast = Fits(dimensions, shape.Height, shape.Width, shape.Channels);
        if (!isFirst && !isLast)
        {
            throw context.Mismatch(
                $"The network takes {shape}, which a column gives as [{shape.Channels}, {shape.Height}, {shape.Width}] or "
                + $"[{shape.Height}, {shape.Width}, {shape.Channels}]. Received: the column \"{column}\" of {vector}.");
        }

        bool isOneOrder = shape.Channels == 1 || shape.Height * shape.Width == 1;
        if (isOneOrder)
        {
            return ImageLayout.Auto;
        }

        if (isFirst && isLast)
        {
            return layout != ImageLayout.Auto
                ? layout
                : throw context.Mismatch(
                    $"The column \"{column}\" of {vector} can be read plane by plane or pixel by pixel as {shape}: set "
                    + $"{nameof(ConvNetTrainingOptions.ImageLayout)} to {nameof(ImageLayout.ChannelsFirst)}, which is what ExtractPixels "
                    + $"gives by default, or to {nameof(ImageLayout.ChannelsLast)}.");
        }

        return isFirst ? ImageLayout.ChannelsFirst : ImageLayout.ChannelsLast;
    }

    /// <summary>Whether a vector type can have the given dimensions: a flat one can, and one of grey values without a channel.</summary>
    private static bool Fits(ImmutableArray<int> dimensions, int first, int second, int third) => dimensions.Length switch
    {
        1 => true,
        2 => (third == 1 && dimensions[0] == first && dimensions[1] == second)
            || (first == 1 && dimensions[0] == second && dimensions[1] == third),
        3 => dimensions[0] == first && dimensions[1] == second && dimensions[2] == third,
        _ => false,
    };
}
