using Microsoft.ML.ConvNet.Core.Tests.Kernels;
using Microsoft.ML.ConvNet.Data.Augmentation;

namespace Microsoft.ML.ConvNet.Core.Tests.Data.Augmentation;

/// <summary>Colours and tones against their formulas, and against Pillow's rules worked out by hand.</summary>
[TestClass]
public sealed class PixelColorsTests
{
    private const int Pixels = 200;

    [TestMethod]
    [DataRow(0.0f)]
    [DataRow(0.13f)]
    [DataRow(-0.5f)]
    [DataRow(0.34f)]
    public void The_hue_is_turned_in_HSV(float share)
    {
        float[] image = GuardedFloats.Uniform(1, 3 * Pixels, 0, 255);
        float[] received = [.. image];
        new PixelColors(received, 1, Pixels, isBlueFirst: false).TurnHue(share);
        float[] reversed = [.. Reversed(image)];
        new PixelColors(reversed, 1, Pixels, isBlueFirst: true).TurnHue(share);
        for (int i = 0; i < image.Length; i += 3)
        {
            (double h, double s, double v) = ToHsv(image[i], image[i + 1], image[i + 2]);
            (double r, double g, double b) = FromHsv(((h + (360 * share)) % 360 + 360) % 360, s, v);
            Assert.AreEqual(r, received[i], 1e-3);
            Assert.AreEqual(g, received[i + 1], 1e-3);
            Assert.AreEqual(b, received[i + 2], 1e-3);
        }

        CollectionAssert.AreEqual(received, Reversed(reversed));
    }

    [TestMethod]
    public void Saturation_contrast_and_brightness_are_distances_from_grey_mean_and_black()
    {
        float[] image = GuardedFloats.Uniform(2, 3 * Pixels, 60, 190);
        double[] greys = [.. Enumerable.Range(0, Pixels).Select(i => (0.2989 * image[3 * i]) + (0.587 * image[(3 * i) + 1]) + (0.114 * image[(3 * i) + 2]))];
        float[] saturated = [.. image];
        float[] contrasted = [.. image];
        float[] bright = [.. image];
        new PixelColors(saturated, 10, 20, isBlueFirst: false).ScaleSaturation(0.3f);
        new PixelColors(contrasted, 10, 20, isBlueFirst: false).ScaleContrast(1.4f);
        new PixelColors(bright, 10, 20, isBlueFirst: false).ScaleBrightness(1.5f);
        for (int i = 0; i < image.Length; i++)
        {
            Assert.AreEqual(greys[i / 3] + (0.3 * (image[i] - greys[i / 3])), saturated[i], 1e-3);
            Assert.AreEqual(Math.Clamp(greys.Average() + (1.4 * (image[i] - greys.Average())), 0, 255), contrasted[i], 1e-3);
            Assert.AreEqual(Math.Min(1.5 * image[i], 255), bright[i], 1e-3);
        }
    }

    [TestMethod]
    public void A_grey_image_has_neither_hue_nor_saturation_and_its_own_mean()
    {
        float[] image = [0, 100, 200];
        new PixelColors(image, 1, 3, isBlueFirst: false).TurnHue(0.3f);
        new PixelColors(image, 1, 3, isBlueFirst: false).ScaleSaturation(0);
        CollectionAssert.AreEqual(new float[] { 0, 100, 200 }, image);
        new PixelColors(image, 1, 3, isBlueFirst: false).ScaleContrast(0.5f);
        CollectionAssert.AreEqual(new float[] { 50, 100, 150 }, image);
    }

    [TestMethod]
    public void Bits_thresholds_and_ranges_are_those_of_Pillow()
    {
        float[] image = [0, 63, 64, 200, 255];
        PixelTones.Posterize(image, 2);
        CollectionAssert.AreEqual(new float[] { 0, 0, 64, 192, 192 }, image);
        image = [0, 127, 128, 255];
        PixelTones.Solarize(image, 128);
        CollectionAssert.AreEqual(new float[] { 0, 127, 127, 0 }, image);
        image = [50, 7, 100, 7, 150, 7];
        PixelTones.AutoContrast(image, 2);
        CollectionAssert.AreEqual(new float[] { 0, 7, 127.5f, 7, 255, 7 }, image);
    }

    [TestMethod]
    public void Equalizing_spreads_values_by_how_many_are_below()
    {
        // 300, 300, 400 and 20 values: a step is (1020 - 20) / 255 = 3; below are 1, 301, 601 and 1001 with half a step.
        float[] image = [.. Enumerable.Repeat(0f, 300), .. Enumerable.Repeat(80f, 300), .. Enumerable.Repeat(160f, 400), .. Enumerable.Repeat(240f, 20)];
        PixelTones.Equalize(image, 1);
        CollectionAssert.AreEqual(
            (float[])[.. Enumerable.Repeat(0f, 300), .. Enumerable.Repeat(100f, 300), .. Enumerable.Repeat(200f, 400), .. Enumerable.Repeat(255f, 20)],
            image);
        float[] even = [.. Enumerable.Range(0, 1024).Select(i => (float)(i / 4))];
        float[] equalized = [.. even];
        PixelTones.Equalize(equalized, 1);
        CollectionAssert.AreEqual(even, equalized);
    }

    [TestMethod]
    public void Sharpness_is_the_distance_from_the_blurred_image_and_leaves_the_edge()
    {
        // The middle counts five times among thirteen: 5 x 130 / 13 = 50.
        float[] image = [10, 0, 0, 0, 130, 0, 0, 0, 0];
        image[0] = 0;
        PixelTones.ScaleSharpness(new PixelColors(image, 3, 3, isBlueFirst: false), 1.5f);
        CollectionAssert.AreEqual(new float[] { 0, 0, 0, 0, 170, 0, 0, 0, 0 }, image);
        image[4] = 130;
        PixelTones.ScaleSharpness(new PixelColors(image, 3, 3, isBlueFirst: false), 0);
        CollectionAssert.AreEqual(new float[] { 0, 0, 0, 0, 50, 0, 0, 0, 0 }, image);
    }

    private static float[] Reversed(float[] image) => [.. Enumerable.Range(0, image.Length).Select(i => image[i - (i % 3) + 2 - (i % 3)])];

    // As the textbooks have it (Smith, "Color gamut transform pairs", 1978): degrees, and shares of 255.
    private static (double H, double S, double V) ToHsv(double r, double g, double b)
    {
        double max = Math.Max(r, Math.Max(g, b));
        double min = Math.Min(r, Math.Min(g, b));
        double h = max == min ? 0
            : max == r ? 60 * (((g - b) / (max - min)) % 6)
            : max == g ? 60 * (((b - r) / (max - min)) + 2)
            : 60 * (((r - g) / (max - min)) + 4);
        return (h < 0 ? h + 360 : h, max == 0 ? 0 : (max - min) / max, max / 255);
    }

    private static (double R, double G, double B) FromHsv(double h, double s, double v)
    {
        double c = v * s;
        double x = c * (1 - Math.Abs((h / 60 % 2) - 1));
        double m = v - c;
        (double r, double g, double b) = (int)(h / 60) switch
        {
            0 => (c, x, 0.0),
            1 => (x, c, 0.0),
            2 => (0.0, c, x),
            3 => (0.0, x, c),
            4 => (x, 0.0, c),
            _ => (c, 0.0, x),
        };
        return ((r + m) * 255, (g + m) * 255, (b + m) * 255);
    }
}
