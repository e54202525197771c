using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Data.Augmentation;

/// <summary>
/// Some operations an image, of 14, all of one strength (Cubuk et al., "RandAugment: practical automated data augmentation with a reduced
/// search space", 2019), with the ranges of AutoAugment that torchvision has, too: shear up to 0.3, moves up to 150 / 331 of the side, turns up to
/// 30 degrees, colour, contrast, brightness and sharpness by up to 0.9, 8 to 4 bits, solarisation from 255 down to 0.
/// </summary>
public sealed record RandAugment : AugmentationPolicy
{
    /// <summary>The operations an image, N in the paper; 2 where not given.</summary>
    public int Operations { get; init; } = 2;

    /// <summary>Their strength, M in the paper, from 0 to <see cref="AugmentationPolicy.MagnitudeBins"/> - 1; 9 where not given.</summary>
    public int Magnitude { get; init; } = 9;

    /// <inheritdoc/>
    internal override void Check()
    {
        base.Check();
        AugmentationSetting.Require(
            Operations is >= 1 and <= MostOperations, $"{nameof(RandAugment)}.{nameof(Operations)}", "from 1 to 8", Operations);
        AugmentationSetting.Require(
            Magnitude >= 0 && Magnitude < MagnitudeBins,
            $"{nameof(RandAugment)}.{nameof(Magnitude)}",
            FormattableString.Invariant($"from 0 to {MagnitudeBins - 1}, the number of magnitudes less 1"),
            Magnitude);
    }

    /// <inheritdoc/>
    internal override int Draw(ref RandomStream random, int height, int width, Span<PolicyStep> steps)
    {
        for (int i = 0; i < Operations; i++)
        {
            steps[i] = DrawStep(ref random, Magnitude, height, width);
        }

        return Operations;
    }

    /// <inheritdoc/>
    internal override float MagnitudeOf(PolicyOperation operation, float level, int height, int width) => operation switch
    {
        PolicyOperation.ShearX or PolicyOperation.ShearY => 0.3f * level,
        PolicyOperation.TranslateX => 150f / 331 * width * level,
        PolicyOperation.TranslateY => 150f / 331 * height * level,
        PolicyOperation.Rotate => 30 * level,
        PolicyOperation.Posterize => 8 - MathF.Round(4 * level),
        PolicyOperation.Solarize => 255 * (1 - level),
        _ => 0.9f * level,
    };
}
