using System.Runtime.InteropServices;
using Microsoft.ML.ConvNet.Data.Augmentation;
using Microsoft.ML.ConvNet.Tensors;
using Microsoft.ML.Data;
using SkiaSharp;

namespace Microsoft.ML.ConvNet.Cli.Data;

/// <summary>An image as it is and augmented, in labelled rows of one picture.</summary>
internal sealed record ContactSheet
{
    private const int Colours = 3;
    private const int BytesPerPixel = 4;
    private const int Gap = 6;
    private const int RowGap = 14;
    private const int TextScale = 2;
    private const byte Ground = 255;

    /// <summary>The rows: what is written over each, and what is done in it.</summary>
    public required IReadOnlyList<(string Text, ImageAugmentation Augmentation)> Rows { get; init; }

    /// <summary>The images of a row, the original first.</summary>
    public required int Columns { get; init; }

    /// <summary>The longer side of an image.</summary>
    public required int Size { get; init; }

    /// <summary>The seed.</summary>
    public required int Seed { get; init; }

    /// <summary>Draws it.</summary>
    /// <returns>A PNG file.</returns>
    /// <exception cref="CommandException">The file cannot be read as an image.</exception>
    public byte[] Draw(string path, ImageDecoder decoder)
    {
        using SKBitmap image = Resized(path, decoder);
        Shape shape = new(image.Height, image.Width, Colours);
        float[] original = Values(image);
        float[] augmented = new float[original.Length];
        int lineHeight = (TextScale * PixelFont.Height) + Gap;
        int widestText = Rows.Max(row => TextScale * PixelFont.WidthOf(row.Text));
        int width = Math.Max((Columns * (image.Width + Gap)) + Gap, widestText + (2 * Gap));
        int height = (Rows.Count * (lineHeight + image.Height + RowGap)) + Gap;
        byte[] sheet = new byte[(long)width * height * BytesPerPixel];
        sheet.AsSpan().Fill(Ground);
        for (int row = 0; row < Rows.Count; row++)
        {
            int top = Gap + (row * (lineHeight + image.Height + RowGap));
            PixelFont.Draw(Rows[row].Text, TextScale, sheet.AsSpan((((top * width) + Gap) * BytesPerPixel)..), width * BytesPerPixel);
            for (int column = 0; column < Columns; column++)
            {
                original.CopyTo(augmented, 0);
                if (column > 0)
                {
                    Rows[row].Augmentation.Apply(original, shape, (ulong)Seed, epoch: 0, column - 1, augmented);
                }

                int left = Gap + (column * (image.Width + Gap));
                Put(augmented, shape, sheet, width, top + lineHeight, left);
            }
        }

        return Encoded(sheet, width, height);
    }

    private static void Put(float[] values, Shape shape, byte[] sheet, int width, int top, int left)
    {
        for (int i = 0; i < shape.Height * shape.Width; i++)
        {
            int at = (((top + (i / shape.Width)) * width) + left + (i % shape.Width)) * BytesPerPixel;
            for (int colour = 0; colour < Colours; colour++)
            {
                sheet[at + colour] = (byte)MathF.Round(Math.Clamp(values[(i * Colours) + colour], 0, byte.MaxValue));
            }
        }
    }

    private static float[] Values(SKBitmap image)
    {
        ReadOnlySpan<byte> pixels = image.GetPixelSpan();
        float[] values = new float[image.Width * image.Height * Colours];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = pixels[(i / Colours * BytesPerPixel) + (i % Colours)];
        }

        return values;
    }

    private static byte[] Encoded(byte[] sheet, int width, int height)
    {
        using SKImage image = SKImage.FromPixelCopy(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque), sheet);
        using SKData png = image.Encode(SKEncodedImageFormat.Png, quality: 100);
        return png.ToArray();
    }

    private SKBitmap Resized(string path, ImageDecoder decoder)
    {
        using MLImage decoded = decoder.Decode(path);
        SKColorType type = decoded.PixelFormat == MLPixelFormat.Rgba32 ? SKColorType.Rgba8888 : SKColorType.Bgra8888;
        SKImageInfo info = new(decoded.Width, decoded.Height, type, SKAlphaType.Opaque);
        using SKImage image = SKImage.FromPixelCopy(info, MemoryMarshal.AsBytes(decoded.Pixels));
        double scale = (double)Size / Math.Max(decoded.Width, decoded.Height);
        SKBitmap resized = new(new SKImageInfo(
            Math.Max(1, (int)Math.Round(decoded.Width * scale)),
            Math.Max(1, (int)Math.Round(decoded.Height * scale)),
            SKColorType.Rgba8888,
            SKAlphaType.Opaque));
        using SKPixmap pixels = resized.PeekPixels();
        return image.ScalePixels(pixels, scale < 1 ? SKFilterQuality.Medium : SKFilterQuality.None) ? resized : throw new CommandException($"The image \"{path}\" cannot be resized.");
    }
}
