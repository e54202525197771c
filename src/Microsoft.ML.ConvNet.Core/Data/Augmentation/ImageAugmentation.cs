using Microsoft.ML.ConvNet.Tensors;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Data.Augmentation;

/// <summary>
/// What is done at random to images before a network is trained with them, so that it sees no image twice in the same form: turned, moved,
/// mirrored, in another light (Krizhevsky et al., 2012; the settings are those of Keras' ImageDataGenerator and of torchvision's transforms).
/// Nothing is done where nothing is set.
/// </summary>
/// <remarks>
/// First pixels are moved: a piece is cropped (<see cref="ResizedCrop"/>, <see cref="CropPadding"/>), mirrored, zoomed, sheared, turned, shifted, and
/// moved by the <see cref="Policy"/>, all in one warp, so that an image is interpolated once. Then its values are changed: by the policy, in brightness,
/// contrast, saturation and hue, by channel, by noise, and at last by erasing. Values are those of pixels, from 0 to 255 (or to
/// <see cref="White"/>), before they are normalised, and are kept in that range by what changes them; what only moves pixels takes any values. Hue, saturation and the policy's colours are
/// those of images of 3 channels; images of 1 channel have none and are left alone by them; others are refused where colours are set.
/// </remarks>
public sealed record ImageAugmentation
{
    /// <summary>The greatest turn in either direction, in degrees, from 0 to 180.</summary>
    public float RotationRange { get; init; }

    /// <summary>The greatest move to the left or right, as a share of the width, from 0 to 1.</summary>
    public float WidthShiftRange { get; init; }

    /// <summary>The greatest move up or down, as a share of the height, from 0 to 1.</summary>
    public float HeightShiftRange { get; init; }

    /// <summary>The greatest slant of upright lines in either direction, in degrees, from 0 to 80.</summary>
    public float ShearRange { get; init; }

    /// <summary>
    /// How many times as large things become, drawn for width and height by itself: above 1 the image is enlarged, below it shrinks; within 0.05
    /// to 20. <c>(0.8f, 1.2f)</c> is Keras' <c>zoom_range=0.2</c>.
    /// </summary>
    public AugmentationRange ZoomRange { get; init; } = AugmentationRange.One;

    /// <summary>Whether every other image, at random, has left and right exchanged.</summary>
    public bool HorizontalFlip { get; init; }

    /// <summary>Whether every other image, at random, has top and bottom exchanged.</summary>
    public bool VerticalFlip { get; init; }

    /// <summary>
    /// So many pixels are put around the image, by <see cref="FillMode"/>, and a piece of the image's size is cut out of it at random: a move by
    /// whole pixels, as is usual for CIFAR-10 with 4; from 0 to 4096.
    /// </summary>
    public int CropPadding { get; init; }

    /// <summary>A random piece that is brought to the size of the image; none where not given.</summary>
    public RandomResizedCrop? ResizedCrop { get; init; }

    /// <summary>What stands for pixels outside of the image; the nearest pixel where not given.</summary>
    public FillMode FillMode { get; init; }

    /// <summary>The value outside of the image, of every channel, where <see cref="FillMode"/> is <see cref="FillMode.Constant"/>; 0 where not given.</summary>
    public float FillValue { get; init; }

    /// <summary>How values between pixels are made; bilinear where not given.</summary>
    public Interpolation Interpolation { get; init; }

    /// <summary>Operations that are drawn for each image: <see cref="RandAugment"/> or <see cref="TrivialAugment"/>; none where not given.</summary>
    public AugmentationPolicy? Policy { get; init; }

    /// <summary>
    /// The value of white: 255 where not given, 1 for pixels that were scaled to 0 to 1. The other settings of values, <see cref="FillValue"/> for one, are
    /// those of pixels from 0 to 255 all the same. More than 0.
    /// </summary>
    public float White { get; init; } = 255;

    /// <summary>The factor of all values, within 0 to 100, such as <c>(0.8f, 1.2f)</c>.</summary>
    public AugmentationRange BrightnessRange { get; init; } = AugmentationRange.One;

    /// <summary>The factor of the values' distance from the mean of the grey image, within 0 to 100.</summary>
    public AugmentationRange ContrastRange { get; init; } = AugmentationRange.One;

    /// <summary>The factor of the values' distance from the grey of their pixel, within 0 to 100.</summary>
    public AugmentationRange SaturationRange { get; init; } = AugmentationRange.One;

    /// <summary>The greatest turn of the hue in either direction, as a share of the colour circle, from 0 to 0.5.</summary>
    public float HueRange { get; init; }

    /// <summary>The most that is added to, or taken from, all values of a channel, for each by itself; from 0 to 255.</summary>
    public float ChannelShiftRange { get; init; }

    /// <summary>The standard deviation of normal noise that is added to every value; from 0 to 255.</summary>
    public float GaussianNoise { get; init; }

    /// <summary>A random rectangle that is put out; none where not given.</summary>
    public RandomErasing? Erasing { get; init; }

    /// <summary>
    /// Does to an image what is drawn for a sample and an epoch: the same for the same settings, seed, epoch and sample, on any thread and whatever
    /// was done before.
    /// </summary>
    /// <param name="pixels">The image in row-major order, channels innermost.</param>
    /// <param name="shape">Its shape, <c>[H, W, C]</c>.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="epoch">The epoch, from 0.</param>
    /// <param name="sample">The number of the sample, from 0.</param>
    /// <param name="output">Receives the image, of the same shape; may be <paramref name="pixels"/>.</param>
    /// <exception cref="ArgumentException">
    /// A setting is out of its range, the shape is not that of an image or has other channels than the settings can be used for, or a span has another length.
    /// </exception>
    public void Apply(ReadOnlySpan<float> pixels, Shape shape, ulong seed, int epoch, int sample, Span<float> output)
    {
        Check();
        CheckFor(shape);
        AugmentationChecks.CheckLength(pixels.Length, shape, nameof(pixels));
        AugmentationChecks.CheckLength(output.Length, shape, nameof(output));
        if (!output.Overlaps(pixels, out int offset) || offset != 0)
        {
            pixels.CopyTo(output);
        }

        new AugmentedImage(output, shape, isBlueFirst: false).Apply(this, seed, (uint)epoch, (uint)sample);
    }

    /// <summary>Throws where a setting is out of its range.</summary>
    /// <exception cref="ArgumentException">One is; the message names it.</exception>
    public void Check() => AugmentationChecks.Check(this);

    /// <summary>Throws where images of a shape cannot be augmented so.</summary>
    /// <param name="shape">The shape, <c>[H, W, C]</c>.</param>
    /// <exception cref="ArgumentException">It is not that of an image, or has other channels than the settings can be used for.</exception>
    public void CheckFor(Shape shape) => AugmentationChecks.CheckShape(this, shape);

    /// <summary>Draws what is done to an image.</summary>
    internal AugmentationDraw Draw(Shape shape, ulong seed, uint epoch, uint sample)
    {
        RandomStream random = new(seed, RandomPurpose.Augmentation, epoch, sample);
        return new AugmentationDraw(this, shape.Height, shape.Width, ref random);
    }
}
