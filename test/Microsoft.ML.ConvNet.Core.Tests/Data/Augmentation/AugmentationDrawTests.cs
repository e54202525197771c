using Microsoft.ML.ConvNet.Data.Augmentation;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Core.Tests.Data.Augmentation;

/// <summary>The numbers that are drawn: within their ranges, evenly, and each setting's own.</summary>
[TestClass]
public sealed class AugmentationDrawTests
{
    private const int Count = 4000;

    private static readonly Shape Shape = new(40, 60, 3);

    [TestMethod]
    public void Numbers_are_evenly_distributed_over_their_ranges()
    {
        AugmentationDraw[] draws = Draws(ImageAugmentationTests.All);
        AssertEven(draws, draw => draw.Rotation, -20, 20);
        AssertEven(draws, draw => draw.Right, -6, 6);
        AssertEven(draws, draw => draw.Down, -8, 8);
        AssertEven(draws, draw => draw.Shear, -10, 10);
        AssertEven(draws, draw => draw.ZoomWidth, 0.8, 1.2);
        AssertEven(draws, draw => draw.ZoomHeight, 0.8, 1.2);
        AssertEven(draws, draw => draw.Brightness, 0.5, 1.5);
        AssertEven(draws, draw => draw.Contrast, 0.5, 1.5);
        AssertEven(draws, draw => draw.Saturation, 0.5, 1.5);
        AssertEven(draws, draw => draw.Hue, -0.2, 0.2);
    }

    [TestMethod]
    public void Pieces_have_the_areas_and_aspect_ratios_of_their_ranges()
    {
        AugmentationDraw[] draws = Draws(new ImageAugmentation
        {
            ResizedCrop = new RandomResizedCrop { Scale = (0.1f, 0.4f) },
            Erasing = new RandomErasing(),
        });
        foreach (AugmentationDraw draw in draws)
        {
            AssertWithin(draw.Crop, 0.1, 0.4, (double)draw.Crop.Width / draw.Crop.Height, 3 / 4.0, 4 / 3.0);
            if (draw.Erased != default)
            {
                AssertWithin(draw.Erased, 0.02, 0.33, (double)draw.Erased.Height / draw.Erased.Width, 0.3, 3.3);
            }
        }

        Assert.AreEqual(0.25, draws.Average(draw => (double)draw.Crop.Height * draw.Crop.Width / 2400), 0.006);

        // A few rectangles are higher than the image ten times in turn.
        Assert.AreEqual(0.5, draws.Average(draw => draw.Erased == default ? 0 : 1.0), 0.035);
    }

    [TestMethod]
    public void Where_no_piece_fits_it_is_the_largest_in_the_middle()
    {
        ImageAugmentation augmentation = new() { ResizedCrop = new RandomResizedCrop { Scale = (0.99f, 1), AspectRatio = (1, 1) } };
        Assert.AreEqual(new ImageRegion(0, 10, 40, 40), augmentation.Draw(Shape, 1, 0, 0).Crop);
    }

    [TestMethod]
    public void A_setting_does_not_change_what_others_draw()
    {
        AugmentationDraw[] all = Draws(ImageAugmentationTests.All);
        AugmentationDraw[] one = Draws(new ImageAugmentation { HueRange = 0.2f });
        CollectionAssert.AreEqual(all.Select(draw => draw.Hue).ToArray(), one.Select(draw => draw.Hue).ToArray());
    }

    private static AugmentationDraw[] Draws(ImageAugmentation augmentation) =>
        [.. Enumerable.Range(0, Count).Select(sample => augmentation.Draw(Shape, 11, (uint)(sample % 7), (uint)sample))];

    // The mean within four of its standard deviations, and so the variance (that of the square of an even number is 1/180 of the fourth power).
    private static void AssertEven(AugmentationDraw[] draws, Func<AugmentationDraw, float> of, double minimum, double maximum)
    {
        double[] shares = [.. draws.Select(draw => (of(draw) - minimum) / (maximum - minimum))];
        Assert.IsTrue(shares.All(share => share is >= -1e-6 and <= 1 + 1e-6));
        Assert.AreEqual(0.5, shares.Average(), 4 * Math.Sqrt(1.0 / 12 / Count));
        Assert.AreEqual(1.0 / 12, shares.Average(share => (share - 0.5) * (share - 0.5)), 4 * Math.Sqrt(1.0 / 180 / Count));
    }

    // Sides are whole numbers, half a pixel away at most.
    private static void AssertWithin(ImageRegion region, double least, double most, double ratio, double lowest, double highest)
    {
        Assert.IsTrue(region.Top >= 0 && region.Left >= 0 && region.Top + region.Height <= 40 && region.Left + region.Width <= 60);
        double slack = (0.5 / region.Height) + (0.5 / region.Width) + 0.01;
        double share = region.Height * region.Width / 2400.0;
        Assert.IsTrue(share >= least * (1 - slack) && share <= most * (1 + slack), $"{region} has a share of {share}.");
        Assert.IsTrue(ratio >= lowest * (1 - slack) && ratio <= highest * (1 + slack), $"{region} has a ratio of {ratio}.");
    }
}
