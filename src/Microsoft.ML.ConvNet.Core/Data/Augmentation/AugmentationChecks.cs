using Microsoft.ML.ConvNet.Tensors;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Data.Augmentation;

/// <summary>What can be said against an augmentation before there is an image.</summary>
internal static class AugmentationChecks
{
    private const float LeastZoom = 0.05f;
    private const float GreatestZoom = 20;

    /// <summary>Throws where a setting is out of its range.</summary>
    public static void Check(ImageAugmentation settings)
    {
        RequireUpTo(settings.RotationRange, nameof(settings.RotationRange), 180);
        RequireUpTo(settings.WidthShiftRange, nameof(settings.WidthShiftRange), 1);
        RequireUpTo(settings.HeightShiftRange, nameof(settings.HeightShiftRange), 1);
        RequireUpTo(settings.ShearRange, nameof(settings.ShearRange), 80);
        RequireUpTo(settings.HueRange, nameof(settings.HueRange), 0.5f);
        RequireUpTo(settings.ChannelShiftRange, nameof(settings.ChannelShiftRange), 255);
        RequireUpTo(settings.GaussianNoise, nameof(settings.GaussianNoise), 255);
        AugmentationRange zoom = settings.ZoomRange;
        AugmentationSetting.Require(
            zoom.Minimum >= LeastZoom && zoom.Minimum <= zoom.Maximum && zoom.Maximum <= GreatestZoom,
            nameof(settings.ZoomRange),
            Invariant($"a range within {LeastZoom} to {GreatestZoom}, the minimum first"),
            Invariant($"{zoom.Minimum} to {zoom.Maximum}"));
        AugmentationSetting.RequireFactors(settings.BrightnessRange, nameof(settings.BrightnessRange));
        AugmentationSetting.RequireFactors(settings.ContrastRange, nameof(settings.ContrastRange));
        AugmentationSetting.RequireFactors(settings.SaturationRange, nameof(settings.SaturationRange));
        AugmentationSetting.Require(settings.CropPadding is >= 0 and <= 4096, nameof(settings.CropPadding), "from 0 to 4096", settings.CropPadding);
        AugmentationSetting.Require(
            settings.White is > 0 and < float.PositiveInfinity, nameof(settings.White), "more than 0, and finite", settings.White);
        AugmentationSetting.Require(float.IsFinite(settings.FillValue), nameof(settings.FillValue), "finite", settings.FillValue);
        AugmentationSetting.Require(Enum.IsDefined(settings.FillMode), nameof(settings.FillMode), "one of its names", settings.FillMode);
        AugmentationSetting.Require(
            Enum.IsDefined(settings.Interpolation), nameof(settings.Interpolation), "one of its names", settings.Interpolation);
        settings.ResizedCrop?.Check();
        settings.Erasing?.Check();
        settings.Policy?.Check();
    }

    /// <summary>Throws where images of a shape cannot be augmented so.</summary>
    public static void CheckShape(ImageAugmentation settings, Shape shape)
    {
        if (!shape.IsImage || shape.ElementCount == 0)
        {
            throw new ArgumentException($"What is augmented are images [H, W, C]. Received: samples of {shape}.");
        }

        if (shape.Channels is not (1 or 3) && ColorSetting(settings) is { } name)
        {
            throw new ArgumentException(
                Invariant($"{name} is for images of 1 or 3 channels. Received: {shape.Channels} channels; what moves pixels is for any number."));
        }
    }

    /// <summary>Throws where there are more or fewer values than an image has.</summary>
    public static void CheckLength(int length, Shape shape, string name)
    {
        if (length != shape.ElementCount)
        {
            throw new ArgumentException(Invariant($"A span of {shape.ElementCount} values is expected. Received: {length}."), name);
        }
    }

    private static string? ColorSetting(ImageAugmentation settings) =>
        settings.Policy is { } policy ? policy.GetType().Name
        : settings.BrightnessRange != AugmentationRange.One ? nameof(settings.BrightnessRange)
        : settings.ContrastRange != AugmentationRange.One ? nameof(settings.ContrastRange)
        : settings.SaturationRange != AugmentationRange.One ? nameof(settings.SaturationRange)
        : settings.HueRange != 0 ? nameof(settings.HueRange)
        : null;

    private static void RequireUpTo(float value, string name, float greatest) => AugmentationSetting.Require(
        value >= 0 && value <= greatest, name, Invariant($"from 0 to {greatest}"), value);
}
