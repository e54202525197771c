#nullable disable

using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using static Microsoft.ML.Transforms.Image.ImagePixelExtractingEstimator;

namespace Microsoft.ML;

/// <summary>The transforms of images.</summary>
public static class ImageEstimatorsCatalog
{
    /// <summary>Makes images gray.</summary>
    public static ImageGrayscalingEstimator ConvertToGrayscale(
        this TransformsCatalog catalog, string outputColumnName, string inputColumnName = null) =>
        new(CatalogUtils.GetEnvironment(catalog), (outputColumnName, inputColumnName ?? outputColumnName));

    /// <summary>Loads the images whose paths a text column holds.</summary>
    public static ImageLoadingEstimator LoadImages(
        this TransformsCatalog catalog, string outputColumnName, string imageFolder, string inputColumnName = null) =>
        new(CatalogUtils.GetEnvironment(catalog), imageFolder, true, (outputColumnName, inputColumnName ?? outputColumnName));

    /// <summary>Loads the bytes of the files whose paths a text column holds.</summary>
    public static ImageLoadingEstimator LoadRawImageBytes(
        this TransformsCatalog catalog, string outputColumnName, string imageFolder, string inputColumnName = null) =>
        new(CatalogUtils.GetEnvironment(catalog), imageFolder, false, (outputColumnName, inputColumnName ?? outputColumnName));

    /// <summary>
    /// Makes a vector of the pixels: [colours, Height, Width], or [Height, Width, colours] where
    /// <paramref name="interleavePixelColors"/> is set; (value - <paramref name="offsetImage"/>) x <paramref name="scaleImage"/>.
    /// </summary>
    public static ImagePixelExtractingEstimator ExtractPixels(
        this TransformsCatalog catalog,
        string outputColumnName,
        string inputColumnName = null,
        ColorBits colorsToExtract = ImagePixelExtractingEstimator.Defaults.Colors,
        ColorsOrder orderOfExtraction = ImagePixelExtractingEstimator.Defaults.Order,
        bool interleavePixelColors = false,
        float offsetImage = ImagePixelExtractingEstimator.Defaults.Offset,
        float scaleImage = ImagePixelExtractingEstimator.Defaults.Scale,
        bool outputAsFloatArray = ImagePixelExtractingEstimator.Defaults.Convert)
    {
        var options = new ImagePixelExtractingEstimator.ColumnOptions(
            outputColumnName,
            inputColumnName,
            new ColorPlanes(colorsToExtract, orderOfExtraction),
            interleavePixelColors,
            offsetImage,
            scaleImage,
            outputAsFloatArray);
        return new ImagePixelExtractingEstimator(CatalogUtils.GetEnvironment(catalog), options);
    }

    /// <summary>Brings images to one size.</summary>
    public static ImageResizingEstimator ResizeImages(
        this TransformsCatalog catalog,
        string outputColumnName,
        int imageWidth,
        int imageHeight,
        string inputColumnName = null,
        ImageResizingEstimator.ResizingKind resizing = ImageResizingEstimator.ResizingKind.IsoCrop,
        ImageResizingEstimator.Anchor cropAnchor = ImageResizingEstimator.Anchor.Center)
    {
        var options = new ImageResizingEstimator.ColumnOptions(
            outputColumnName, imageWidth, imageHeight, inputColumnName, resizing, cropAnchor);
        return new ImageResizingEstimator(CatalogUtils.GetEnvironment(catalog), options);
    }

    /// <summary>
    /// Makes images of vectors of pixels: value x <paramref name="scaleImage"/> - <paramref name="offsetImage"/>. As in ML.NET
    /// 5.0.0 the defaults of the four colours are accepted but not looked at: absent colours are 0, alpha is 255.
    /// </summary>
    public static VectorToImageConvertingEstimator ConvertToImage(
        this TransformsCatalog catalog,
        int imageHeight,
        int imageWidth,
        string outputColumnName,
        string inputColumnName = null,
        ColorBits colorsPresent = ImagePixelExtractingEstimator.Defaults.Colors,
        ColorsOrder orderOfColors = ImagePixelExtractingEstimator.Defaults.Order,
        bool interleavedColors = ImagePixelExtractingEstimator.Defaults.Interleave,
        float scaleImage = VectorToImageConvertingEstimator.Defaults.Scale,
        float offsetImage = VectorToImageConvertingEstimator.Defaults.Offset,
        int defaultAlpha = VectorToImageConvertingEstimator.Defaults.DefaultAlpha,
        int defaultRed = VectorToImageConvertingEstimator.Defaults.DefaultRed,
        int defaultGreen = VectorToImageConvertingEstimator.Defaults.DefaultGreen,
        int defaultBlue = VectorToImageConvertingEstimator.Defaults.DefaultBlue)
    {
        var options = new VectorToImageConvertingEstimator.ColumnOptions(
            outputColumnName,
            inputColumnName,
            imageHeight,
            imageWidth,
            new ColorPlanes(colorsPresent, orderOfColors),
            interleavedColors,
            offsetImage,
            scaleImage);
        return new VectorToImageConvertingEstimator(CatalogUtils.GetEnvironment(catalog), options);
    }
}
