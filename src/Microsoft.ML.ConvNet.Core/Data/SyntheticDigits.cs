using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Data;

/// <summary>
/// Drawn digits for demonstrations and tests where no data are at hand: white strokes on black, as a hand might write them, with random
/// form, slant, rotation, scale, thickness, position, contrast, clutter and noise. Sample i shows the digit i mod 10; it is drawn
/// when it is read, as a function of the seed and its number.
/// </summary>
public sealed class SyntheticDigits : ImageDataset
{
    private readonly ulong _seed;

    /// <summary>Makes a set of drawn digits.</summary>
    /// <param name="count">The number of samples.</param>
    /// <param name="seed">The seed; training and test sets take different ones.</param>
    /// <param name="size">The height and width of the images, at least 12.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are no samples, or the images are too small to show a digit.</exception>
    public SyntheticDigits(int count, ulong seed = 0, int size = 28)
    {
        if (count < 1)
        {
            throw new ArgumentOutOfRangeException(nameof(count), $"There is at least one sample. Received: {count}.");
        }

        if (size is < 12 or > 4096)
        {
            throw new ArgumentOutOfRangeException(nameof(size), $"The images are from 12 to 4096 pixels wide. Received: {size}.");
        }

        Count = count;
        _seed = seed;
        Shape = new Shape(size, size, 1);
    }

    /// <inheritdoc/>
    public override int Count { get; }

    /// <summary>The shape of a sample: <c>[size, size, 1]</c>.</summary>
    public override Shape Shape { get; }

    /// <inheritdoc/>
    public override int ClassCount => 10;

    /// <summary>Draws a sample; values go from 0 to 255.</summary>
    /// <inheritdoc/>
    public override void ReadSample(int index, Span<float> pixels)
    {
        RequireIndex(index);
        RequireLength(pixels, Shape.ElementCount, nameof(pixels));
        DigitDrawing.Draw(_seed, index, LabelOf(index), new StrokeCanvas(pixels, Shape.Width));
    }

    /// <inheritdoc/>
    public override int LabelOf(int index)
    {
        RequireIndex(index);
        return index % ClassCount;
    }
}
