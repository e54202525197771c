using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Core.Tests.Data;

/// <summary>Normalisation by a mean image: a number for each value of a sample.</summary>
[TestClass]
public sealed class MeanImageTests
{
    private static readonly Shape Small = new(2, 2, 1);

    [TestMethod]
    public void A_mean_image_is_subtracted_from_each_sample_value_by_value()
    {
        PixelNormalization mean = new([1, 2, 3, 4], [1, 10, 1, 1]);
        Assert.IsTrue(mean.Fits(Small));
        Assert.IsFalse(mean.Fits(new Shape(2, 3, 1)));
        float[] samples = [1, 3, 3, 4, 10, 10, 10, 10];
        mean.Apply(samples);
        CollectionAssert.AreEqual(new[] { 0f, 10, 0, 0, 9, 80, 7, 6 }, samples);
    }

    [TestMethod]
    public void A_large_one_is_too()
    {
        Shape shape = new(20, 20, 3);
        float[] mean = [.. Enumerable.Range(0, shape.ElementCount).Select(i => (float)i)];
        float[] two = [.. mean, .. mean];
        new PixelNormalization(mean, Enumerable.Repeat(2f, mean.Length)).Apply(two);
        Assert.AreEqual(0, two.Max(Math.Abs));
    }

    /// <summary>Halves of a row of 0, 4: the new centres lie a quarter of a pixel from the old ones, and beyond the ends values stay.</summary>
    [TestMethod]
    public void Another_size_is_interpolated_between_centres()
    {
        PixelNormalization mean = new([0, 4, 0, 4], [1, 1, 1, 1]);
        PixelNormalization resized = mean.Resized(Small, new Shape(1, 4, 1));
        CollectionAssert.AreEqual(new[] { 0f, 1, 3, 4 }, resized.Offsets.ToArray());
        CollectionAssert.AreEqual(new[] { 1f, 1, 1, 1 }, resized.Scales.ToArray());
    }

    [TestMethod]
    public void Numbers_of_channels_are_the_same_at_any_size()
    {
        Assert.AreSame(PixelNormalization.ImageNet, PixelNormalization.ImageNet.Resized(new Shape(224, 224, 3), new Shape(64, 64, 3)));
        PixelNormalization mean = new([1, 2, 3, 4], [1, 1, 1, 1]);
        Assert.AreSame(mean, mean.Resized(Small, Small));
        Assert.Contains(
            "images of as many channels", Assert.ThrowsExactly<ArgumentException>(() => mean.Resized(Small, new Shape(4, 4, 3))).Message);
    }

    [TestMethod]
    public void A_sets_samples_are_normalised_by_it()
    {
        using InMemoryDataset set = new(Small, 2);
        set.Add([10f, 10, 10, 10], 0);
        float[] pixels = new float[4];
        new NormalizedDataset(set, [1, 2, 3, 4], [1, 1, 1, 1]).ReadSample(0, pixels);
        CollectionAssert.AreEqual(new[] { 9f, 8, 7, 6 }, pixels);
    }
}
