using Microsoft.ML.ConvNet.Cli.Data;
using Microsoft.ML.Data;

namespace Microsoft.ML.ConvNet.Cli.Tests.Data;

/// <summary>Writes folders with a subfolder of PNG files a class.</summary>
internal static class ImageFolders
{
    public static readonly string[] Colours = ["blue", "green", "red"];

    /// <summary>Writes noisy images of three colours, one class each.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="perClass">Images a class.</param>
    /// <param name="size">Height and width of the image of each number.</param>
    /// <param name="seed">The seed of the noise.</param>
    public static string WriteColours(string folder, int perClass, Func<int, int> size, int seed)
    {
        Random random = new(seed);
        for (int label = 0; label < Colours.Length; label++)
        {
            string classFolder = Directory.CreateDirectory(Path.Combine(folder, Colours[label])).FullName;
            for (int i = 0; i < perClass; i++)
            {
                WriteColour(Path.Combine(classFolder, $"{i}.png"), size(i), label, random);
            }
        }

        return folder;
    }

    /// <summary>Writes one noisy image of a colour.</summary>
    public static void WriteColour(string path, int size, int label, Random random)
    {
        byte[] pixels = new byte[size * size * 4];
        random.NextBytes(pixels);
        for (int i = 0; i < pixels.Length; i += 4)
        {
            pixels[i + label] = (byte)(128 + (pixels[i + label] / 2));
            pixels[i + 3] = byte.MaxValue;
        }

        using MLImage image = MLImage.CreateFromPixels(size, size, MLPixelFormat.Bgra32, pixels);
        image.Save(path);
    }

    /// <summary>Writes drawn digits, a subfolder a digit.</summary>
    public static string WriteDigits(string folder, SyntheticDigits digits)
    {
        for (int i = 0; i < digits.Count; i++)
        {
            string classFolder = Directory.CreateDirectory(Path.Combine(folder, $"{SyntheticDigits.DigitOf(i)}")).FullName;
            byte[] grey = digits.Draw(i);
            byte[] pixels = new byte[grey.Length * 4];
            for (int pixel = 0; pixel < grey.Length; pixel++)
            {
                pixels.AsSpan(pixel * 4, 3).Fill(grey[pixel]);
                pixels[(pixel * 4) + 3] = byte.MaxValue;
            }

            using MLImage image = MLImage.CreateFromPixels(
                SyntheticDigits.Shape.Width, SyntheticDigits.Shape.Height, MLPixelFormat.Bgra32, pixels);
            image.Save(Path.Combine(classFolder, $"{i}.png"));
        }

        return folder;
    }
}
