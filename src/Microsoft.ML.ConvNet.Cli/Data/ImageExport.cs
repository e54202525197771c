using System.Globalization;
using Microsoft.ML.Data;

namespace Microsoft.ML.ConvNet.Cli.Data;

/// <summary>Image files of images, to look at and to predict: files as they are, pixels written as PNG.</summary>
internal static class ImageExport
{
    private const int BytesPerPixel = 4;

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
        (int height, int width, int channels) = (images.Shape.Height, images.Shape.Width, images.Shape.Channels);
        if (channels is not (1 or 3))
        {
            throw new CommandException($"Images of 1 or 3 channels can be written to files. Received: {images.Shape}.");
        }

        float[] pixels = images.Pixels(index);
        byte[] colours = new byte[height * width * BytesPerPixel];
        for (int i = 0; i < height * width; i++)
        {
            for (int colour = 0; colour < 3; colour++)
            {
                float value = pixels[(i * channels) + (channels == 1 ? 0 : colour)];
                colours[(i * BytesPerPixel) + colour] = (byte)MathF.Round(value * PixelImages.White);
            }

            colours[(i * BytesPerPixel) + 3] = byte.MaxValue;
        }

        string name = images.ClassNames[images.ClassOf(index)];
        string path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"image-{index + 1}-of-class-{name}.png"));
        using MLImage image = MLImage.CreateFromPixels(width, height, MLPixelFormat.Rgba32, colours);
        image.Save(path);
        return path;
    }
}
