using Microsoft.ML.ConvNet.Data;

namespace Microsoft.ML.ConvNet.Core.Tests.Data;

/// <summary>What torchvision does to pixels before the weights that it publishes, by its own formulas.</summary>
[TestClass]
public sealed class PublishedNormalizationTests
{
    private static readonly double[] Means = [0.485, 0.456, 0.406];
    private static readonly double[] Deviations = [0.229, 0.224, 0.225];

    [TestMethod]
    public void ImageNet_is_the_mean_and_the_deviation_of_each_colour()
    {
        float[] pixels = [0, 100, 255, 31, 7, 200];
        double[] expected = [.. pixels.Select((pixel, i) => ((pixel / 255.0) - Means[i % 3]) / Deviations[i % 3])];
        PixelNormalization.ImageNet.Apply(pixels);
        RequireNear(expected, pixels);
    }

    [TestMethod]
    public void Transform_input_is_what_GoogLeNet_computes_of_pixels_that_were_normalised_for_ImageNet()
    {
        float[] pixels = [0, 100, 255, 31, 7, 200];
        double[] expected =
        [
            .. pixels.Select((pixel, i) => ((pixel / 255.0) - Means[i % 3]) / Deviations[i % 3])
                .Select((value, i) => (value * (Deviations[i % 3] / 0.5)) + ((Means[i % 3] - 0.5) / 0.5)),
        ];
        PixelNormalization.TransformInput.Apply(pixels);
        RequireNear(expected, pixels);
    }

    private static void RequireNear(double[] expected, float[] actual)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.AreEqual(expected[i], actual[i], 1e-5);
        }
    }
}
