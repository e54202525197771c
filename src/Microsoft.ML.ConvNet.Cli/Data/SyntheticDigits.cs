using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Cli.Data;

/// <summary>
/// Drawn digits for the demo where no data are at hand: white strokes on black, as a hand might write them, with random form, slant,
/// rotation, scale, thickness, position, contrast, clutter and noise. Image i shows the digit i mod 10; it is a function of the seed
/// and its number.
/// </summary>
/// <param name="count">The number of images.</param>
/// <param name="seed">The seed; training and test images take different ones.</param>
internal sealed class SyntheticDigits(int count, ulong seed)
{
    /// <summary>The number of digits.</summary>
    public const int ClassCount = 10;

    /// <summary>The shape of an image.</summary>
    public static Shape Shape { get; } = new(28, 28, 1);

    /// <summary>The number of images.</summary>
    public int Count => count;

    /// <summary>The digit that an image shows.</summary>
    public static int DigitOf(int index) => index % ClassCount;

    /// <summary>Draws an image.</summary>
    /// <param name="index">Its number, from 0.</param>
    /// <returns>Its pixels, row by row, as an image file holds them.</returns>
    public byte[] Draw(int index)
    {
        float[] drawn = new float[Shape.ElementCount];
        DigitDrawing.Draw(seed, index, DigitOf(index), new StrokeCanvas(drawn, Shape.Width));
        return [.. drawn.Select(pixel => (byte)MathF.Round(pixel))];
    }

    /// <summary>Draws all images and keeps them in memory.</summary>
    public InMemoryDataset ToDataset()
    {
        InMemoryDataset images = new(Shape, ClassCount);
        for (int i = 0; i < count; i++)
        {
            images.Add(Draw(i), DigitOf(i));
        }

        return images;
    }
}
