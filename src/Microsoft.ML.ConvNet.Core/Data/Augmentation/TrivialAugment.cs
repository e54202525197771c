using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Data.Augmentation;

/// <summary>
/// One operation an image, of 14, of a random strength (Müller and Hutter, "TrivialAugment: tuning-free yet state-of-the-art data augmentation",
/// 2021), with the paper's wide ranges: shear up to 0.99, moves up to 32 pixels, turns up to 135 degrees, colour, contrast, brightness and sharpness
/// by up to 0.99, 8 to 2 bits, solarisation from 255 down to 0.
/// </summary>
public sealed record TrivialAugment : AugmentationPolicy
{
    /// <inheritdoc/>
    internal override int Draw(ref RandomStream random, int height, int width, Span<PolicyStep> steps)
    {
        steps[0] = DrawStep(ref random, bin: null, height, width);
        return 1;
    }

    /// <inheritdoc/>
    internal override float MagnitudeOf(PolicyOperation operation, float level, int height, int width) => operation switch
    {
        PolicyOperation.TranslateX or PolicyOperation.TranslateY => 32 * level,
        PolicyOperation.Rotate => 135 * level,
        PolicyOperation.Posterize => 8 - MathF.Round(6 * level),
        PolicyOperation.Solarize => 255 * (1 - level),
        _ => 0.99f * level,
    };
}
