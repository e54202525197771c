using System.Text;

namespace Microsoft.ML.ConvNet.Cli.Display;

/// <summary>Draws small grey images with characters, several side by side.</summary>
internal static class TextPicture
{
    private const string Shades = " .:-=+*#%@";
    private const string Gap = "  ";

    /// <summary>Draws images in one row, with a caption over each.</summary>
    /// <param name="images">The images: brightness from 0 to 1, <c>[H, W]</c>, all of one size, and their captions.</param>
    /// <param name="height">Rows of pixels of an image.</param>
    /// <param name="width">Pixels a row.</param>
    public static string Draw(IReadOnlyList<(float[] Pixels, string Caption)> images, int height, int width)
    {
        StringBuilder text = new();
        AppendLine(text, images.Select(image => Cut(image.Caption, width).PadRight(width)));

        // A character is about twice as high as it is wide: it shows two rows of pixels.
        for (int row = 0; row < height; row += 2)
        {
            AppendLine(text, images.Select(image => Line(image.Pixels, row, height, width)));
        }

        return text.ToString();
    }

    private static string Line(float[] pixels, int row, int height, int width)
    {
        int below = Math.Min(row + 1, height - 1);
        return string.Create(width, 0, (line, _) =>
        {
            for (int column = 0; column < width; column++)
            {
                float brightness = (pixels[(row * width) + column] + pixels[(below * width) + column]) / 2;
                line[column] = Shades[(int)Math.Clamp(brightness * Shades.Length, 0, Shades.Length - 1)];
            }
        });
    }

    private static void AppendLine(StringBuilder text, IEnumerable<string> parts) =>
        text.Append(string.Join(Gap, parts).TrimEnd()).Append('\n');

    private static string Cut(string text, int length) => text.Length <= length ? text : text[..length];
}
