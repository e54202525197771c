using System.Globalization;
using Microsoft.ML.Data;

namespace Microsoft.ML.ConvNet.Cli.Data;

/// <summary>Image files of images, to look at and to predict: files as they are, pixels written as PNG.</summary>
internal static class ImageExport
{
    /// <summary>Gives the path of a file for each image.</summary>
    /// <param name="images">The images.</param>
    /// <param name="folder">Where files are written if there are none yet.</param>
    public static ImageFiles ToFiles(LabelledImages images, string folder) => images switch
    {
        ImageFiles files => files,
        PixelImages pixels => new ImageFiles(
            [.. Enumerable.Range(0, pixels.Count).Select(i => new ConvNet.Data.ImageFile(Write(pixels, i, folder), pixels.ClassOf(i)))],
            pixels.ClassNames,
            new ImageDecoder()),
        _ => throw new NotSupportedException($"There is no way to write {images.GetType().Name} to files."),
    };

    private static string Write(PixelImages images, int index, string folder)
    {
        string name = images.ClassNames[images.ClassOf(index)];
        string path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"image-{index + 1}-of-class-{name}.png"));
        using MLImage image = images.Picture(index);
        image.Save(path);
        return path;
    }
}
