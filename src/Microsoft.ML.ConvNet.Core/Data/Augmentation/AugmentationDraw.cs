using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Microsoft.ML.ConvNet.Kernels.Warping;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Data.Augmentation;

/// <summary>What was drawn for one image: a function of the augmentation, the image's size, seed, epoch and sample.</summary>
internal struct AugmentationDraw
{
    private readonly int _height;
    private readonly int _width;
    private StepList _steps;

    /// <summary>Draws. All numbers are drawn in the same order, whether they are wanted or not, so that one setting does not change the others' numbers.</summary>
    public AugmentationDraw(ImageAugmentation settings, int height, int width, ref RandomStream random)
    {
        _height = height;
        _width = width;
        Rotation = random.NextSingle(-settings.RotationRange, settings.RotationRange);
        Right = width * random.NextSingle(-settings.WidthShiftRange, settings.WidthShiftRange);
        Down = height * random.NextSingle(-settings.HeightShiftRange, settings.HeightShiftRange);
        Shear = random.NextSingle(-settings.ShearRange, settings.ShearRange);
        ZoomWidth = random.NextSingle(settings.ZoomRange.Minimum, settings.ZoomRange.Maximum);
        ZoomHeight = random.NextSingle(settings.ZoomRange.Minimum, settings.ZoomRange.Maximum);
        FlipsHorizontally = random.NextSingle() < 0.5f && settings.HorizontalFlip;
        FlipsVertically = random.NextSingle() < 0.5f && settings.VerticalFlip;
        Brightness = random.NextSingle(settings.BrightnessRange.Minimum, settings.BrightnessRange.Maximum);
        Contrast = random.NextSingle(settings.ContrastRange.Minimum, settings.ContrastRange.Maximum);
        Saturation = random.NextSingle(settings.SaturationRange.Minimum, settings.SaturationRange.Maximum);
        Hue = random.NextSingle(-settings.HueRange, settings.HueRange);
        CropRight = (int)MathF.Floor(random.NextSingle() * ((2 * settings.CropPadding) + 1)) - settings.CropPadding;
        CropDown = (int)MathF.Floor(random.NextSingle() * ((2 * settings.CropPadding) + 1)) - settings.CropPadding;
        Crop = settings.ResizedCrop?.Draw(ref random, height, width) ?? new ImageRegion(0, 0, height, width);
        Erased = settings.Erasing?.Draw(ref random, height, width) ?? default;
        StepCount = settings.Policy?.Draw(ref random, height, width, _steps) ?? 0;
    }

    /// <summary>The turn, in degrees, clockwise.</summary>
    public float Rotation { get; }

    /// <summary>The move to the right, in pixels.</summary>
    public float Right { get; }

    /// <summary>The move down, in pixels.</summary>
    public float Down { get; }

    /// <summary>The slant, in degrees.</summary>
    public float Shear { get; }

    /// <summary>How many times as wide things are.</summary>
    public float ZoomWidth { get; }

    /// <summary>How many times as high things are.</summary>
    public float ZoomHeight { get; }

    /// <summary>Whether left and right are exchanged.</summary>
    public bool FlipsHorizontally { get; }

    /// <summary>Whether top and bottom are exchanged.</summary>
    public bool FlipsVertically { get; }

    /// <summary>The factor of the brightness.</summary>
    public float Brightness { get; }

    /// <summary>The factor of the contrast.</summary>
    public float Contrast { get; }

    /// <summary>The factor of the saturation.</summary>
    public float Saturation { get; }

    /// <summary>The turn of the hue, as a share of the colour circle.</summary>
    public float Hue { get; }

    /// <summary>The move to the right by the crop with padding, in pixels.</summary>
    public int CropRight { get; }

    /// <summary>The move down by the crop with padding, in pixels.</summary>
    public int CropDown { get; }

    /// <summary>The piece that becomes the image.</summary>
    public ImageRegion Crop { get; }

    /// <summary>The rectangle that is put out; an empty one for none.</summary>
    public ImageRegion Erased { get; }

    /// <summary>The number of operations of the policy.</summary>
    public int StepCount { get; }

    /// <summary>The operations of the policy.</summary>
    [UnscopedRef]
    public readonly ReadOnlySpan<PolicyStep> Steps => ((ReadOnlySpan<PolicyStep>)_steps)[..StepCount];

    /// <summary>Where the pixels of the image come from: all that moves them, in one.</summary>
    public readonly AffineMap Map()
    {
        double middleX = (_width - 1) / 2.0;
        double middleY = (_height - 1) / 2.0;
        AffineMap map = AffineMap.Shift(-Crop.Left, -Crop.Top);
        if (Crop.Width != _width || Crop.Height != _height)
        {
            // The edges of pixels, half a pixel before their centres, are what is stretched.
            map = map.Then(AffineMap.Scale((double)_width / Crop.Width, (double)_height / Crop.Height).Around(-0.5, -0.5));
        }

        map = map
            .Then(AffineMap.Shift(CropRight, CropDown))
            .Then(AffineMap.Scale(FlipsHorizontally ? -1 : 1, FlipsVertically ? -1 : 1).Around(middleX, middleY))
            .Then(AffineMap.Scale(ZoomWidth, ZoomHeight).Around(middleX, middleY))
            .Then(AffineMap.Shear(Math.Tan(Shear * Math.PI / 180), 0).Around(middleX, middleY))
            .Then(AffineMap.Rotation(Rotation).Around(middleX, middleY))
            .Then(AffineMap.Shift(Right, Down));
        foreach (PolicyStep step in Steps)
        {
            if (step.IsGeometric)
            {
                map = map.Then(step.Map(middleX, middleY));
            }
        }

        return map;
    }

    [InlineArray(AugmentationPolicy.MostOperations)]
    private struct StepList
    {
        private PolicyStep _first;
    }
}
