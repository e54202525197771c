using Microsoft.ML.ConvNet.Data.Augmentation;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Core.Tests.Data.Augmentation;

/// <summary>Settings that cannot be used are refused, with their name and what they were.</summary>
[TestClass]
public sealed class AugmentationSettingTests
{
    public static IEnumerable<object[]> Refused =>
    [
        [new ImageAugmentation { RotationRange = -1 }, "RotationRange is from 0 to 180. Received: -1."],
        [new ImageAugmentation { RotationRange = 180.5f }, "RotationRange is from 0 to 180. Received: 180.5."],
        [new ImageAugmentation { WidthShiftRange = 1.5f }, "WidthShiftRange is from 0 to 1. Received: 1.5."],
        [new ImageAugmentation { HeightShiftRange = float.NaN }, "HeightShiftRange is from 0 to 1. Received: NaN."],
        [new ImageAugmentation { ShearRange = 90 }, "ShearRange is from 0 to 80. Received: 90."],
        [new ImageAugmentation { ZoomRange = (0, 1) }, "ZoomRange is a range within 0.05 to 20, the minimum first. Received: 0 to 1."],
        [new ImageAugmentation { ZoomRange = (2, 1) }, "ZoomRange is a range within 0.05 to 20, the minimum first. Received: 2 to 1."],
        [new ImageAugmentation { BrightnessRange = (-0.5f, 1) }, "BrightnessRange is a range of factors from 0 to 100, the minimum first. Received: -0.5 to 1."],
        [new ImageAugmentation { ContrastRange = (1, float.PositiveInfinity) }, "ContrastRange is a range of factors"],
        [new ImageAugmentation { SaturationRange = default(AugmentationRange) with { Minimum = 1 } }, "SaturationRange is a range of factors"],
        [new ImageAugmentation { HueRange = 0.6f }, "HueRange is from 0 to 0.5. Received: 0.6."],
        [new ImageAugmentation { ChannelShiftRange = 256 }, "ChannelShiftRange is from 0 to 255. Received: 256."],
        [new ImageAugmentation { GaussianNoise = -1 }, "GaussianNoise is from 0 to 255. Received: -1."],
        [new ImageAugmentation { CropPadding = -1 }, "CropPadding is from 0 to 4096. Received: -1."],
        [new ImageAugmentation { White = 0 }, "White is more than 0, and finite. Received: 0."],
        [new ImageAugmentation { FillValue = float.NaN }, "FillValue is finite. Received: NaN."],
        [new ImageAugmentation { FillMode = (FillMode)9 }, "FillMode is one of its names. Received: 9."],
        [new ImageAugmentation { Interpolation = (Interpolation)9 }, "Interpolation is one of its names. Received: 9."],
        [new ImageAugmentation { ResizedCrop = new RandomResizedCrop { Scale = (0, 1) } }, "RandomResizedCrop.Scale is a range with a minimum above 0 and a maximum of at most 1. Received: 0 to 1."],
        [new ImageAugmentation { ResizedCrop = new RandomResizedCrop { AspectRatio = (2, 1) } }, "RandomResizedCrop.AspectRatio is a range"],
        [new ImageAugmentation { Erasing = new RandomErasing { Probability = 2 } }, "RandomErasing.Probability is from 0 to 1. Received: 2."],
        [new ImageAugmentation { Erasing = new RandomErasing { Scale = (0.1f, 1.1f) } }, "RandomErasing.Scale is a range"],
        [new ImageAugmentation { Erasing = new RandomErasing { Value = float.NaN } }, "RandomErasing.Value is finite. Received: NaN."],
        [new ImageAugmentation { Policy = new RandAugment { Magnitude = 31 } }, "RandAugment.Magnitude is from 0 to 30, the number of magnitudes less 1. Received: 31."],
        [new ImageAugmentation { Policy = new RandAugment { Operations = 9 } }, "RandAugment.Operations is from 1 to 8. Received: 9."],
        [new ImageAugmentation { Policy = new TrivialAugment { MagnitudeBins = 1 } }, "TrivialAugment.MagnitudeBins is from 2 to 1000. Received: 1."],
    ];

    [TestMethod]
    [DynamicData(nameof(Refused))]
    public void A_setting_out_of_its_range_is_refused_with_its_name(ImageAugmentation augmentation, string text)
    {
        float[] pixels = new float[12];
        StringAssert.StartsWith(
            Assert.ThrowsExactly<ArgumentException>(() => augmentation.Apply(pixels, new Shape(2, 2, 3), 0, 0, 0, pixels)).Message, text);
    }

    [TestMethod]
    public void Samples_that_are_no_images_and_colours_of_other_channels_are_refused()
    {
        float[] pixels = new float[8];
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => new ImageAugmentation().Apply(pixels, new Shape(8), 0, 0, 0, pixels)).Message,
            "What is augmented are images [H, W, C]. Received: samples of 8.");
        foreach ((ImageAugmentation augmentation, string name) in new[]
        {
            (new ImageAugmentation { HueRange = 0.1f }, "HueRange"),
            (new ImageAugmentation { BrightnessRange = (0.9f, 1) }, "BrightnessRange"),
            (new ImageAugmentation { Policy = new TrivialAugment() }, "TrivialAugment"),
        })
        {
            StringAssert.StartsWith(
                Assert.ThrowsExactly<ArgumentException>(() => augmentation.Apply(pixels, new Shape(2, 2, 2), 0, 0, 0, pixels)).Message,
                $"{name} is for images of 1 or 3 channels. Received: 2 channels");
        }

        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => new ImageAugmentation().Apply(pixels, new Shape(3, 2, 1), 0, 0, 0, pixels)).Message,
            "A span of 6 values is expected. Received: 8.");
    }
}
