using Microsoft.ML.ConvNet.Kernels.Warping;

namespace Microsoft.ML.ConvNet.Data.Augmentation;

/// <summary>An operation of a policy with how strong it is.</summary>
/// <param name="Operation">The operation.</param>
/// <param name="Magnitude">How strong, in the operation's unit.</param>
internal readonly record struct PolicyStep(PolicyOperation Operation, float Magnitude)
{
    /// <summary>The number of operations.</summary>
    public const int Operations = 14;

    /// <summary>Whether it moves pixels.</summary>
    public bool IsGeometric => Operation is >= PolicyOperation.ShearX and <= PolicyOperation.Rotate;

    /// <summary>Whether a magnitude counts in both directions.</summary>
    public static bool IsSigned(PolicyOperation operation) => operation is >= PolicyOperation.ShearX and <= PolicyOperation.Sharpness;

    /// <summary>Where it moves pixels, around a middle.</summary>
    public AffineMap Map(double middleX, double middleY) => Operation switch
    {
        PolicyOperation.ShearX => AffineMap.Shear(Magnitude, 0).Around(middleX, middleY),
        PolicyOperation.ShearY => AffineMap.Shear(0, Magnitude).Around(middleX, middleY),
        PolicyOperation.TranslateX => AffineMap.Shift(Magnitude, 0),
        PolicyOperation.TranslateY => AffineMap.Shift(0, Magnitude),
        PolicyOperation.Rotate => AffineMap.Rotation(Magnitude).Around(middleX, middleY),
        _ => AffineMap.Identity,
    };

    /// <summary>Does what changes values, and not where they are.</summary>
    public void Apply(in PixelColors colors)
    {
        switch (Operation)
        {
            case PolicyOperation.Brightness:
                colors.ScaleBrightness(1 + Magnitude);
                break;
            case PolicyOperation.Color:
                colors.ScaleSaturation(1 + Magnitude);
                break;
            case PolicyOperation.Contrast:
                colors.ScaleContrast(1 + Magnitude);
                break;
            case PolicyOperation.Sharpness:
                PixelTones.ScaleSharpness(colors, 1 + Magnitude);
                break;
            case PolicyOperation.Posterize:
                PixelTones.Posterize(colors.Pixels, (int)Magnitude);
                break;
            case PolicyOperation.Solarize:
                PixelTones.Solarize(colors.Pixels, Magnitude);
                break;
            case PolicyOperation.AutoContrast:
                PixelTones.AutoContrast(colors.Pixels, colors.Channels);
                break;
            case PolicyOperation.Equalize:
                PixelTones.Equalize(colors.Pixels, colors.Channels);
                break;
        }
    }
}
