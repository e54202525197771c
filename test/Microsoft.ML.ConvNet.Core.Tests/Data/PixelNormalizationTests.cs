using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Core.Tests.Data;

/// <summary>What brings pixels to the range that networks learn well from.</summary>
[TestClass]
public sealed class PixelNormalizationTests
{
    [TestMethod]
    public void Normalisation_subtracts_and_scales_by_channel()
    {
        using InMemoryDataset dataset = new(new Shape(1, 2, 3), 1);
        dataset.Add([1, 2, 3, 4, 5, 6], 0);
        CollectionAssert.AreEqual(new[] { 0f, 0.5f, 1, 1.5f, 2, 2.5f }, Sample(new NormalizedDataset(dataset, 1, 0.5f)));
        CollectionAssert.AreEqual(
            new[] { 0f, 0, 0, 3, 30, 300 }, Sample(new NormalizedDataset(dataset, [1, 2, 3], [1, 10, 100])));
        Assert.ThrowsExactly<ArgumentException>(() => new NormalizedDataset(dataset, [1, 2], [1, 2]));
        Assert.ThrowsExactly<ArgumentException>(() => new NormalizedDataset(dataset, [1, 2, 3], [1]));
        Assert.ThrowsExactly<ArgumentException>(() => new NormalizedDataset(dataset, 0, float.NaN));
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(3)]
    [DataRow(4)]
    [DataRow(7)]
    [DataRow(64)]
    [DataRow(65)]
    [DataRow(390)] // A mean image of 13x10x3.
    public void Every_value_gets_the_offset_and_the_scale_of_its_channel(int period)
    {
        float[] offsets = [.. Enumerable.Range(0, period).Select(i => (i * 0.37f) - 3)];
        float[] scales = [.. Enumerable.Range(0, period).Select(i => 1 / (i + 1.5f))];
        PixelNormalization normalization = new(offsets, scales);
        foreach (int length in new[] { period, 3 * period, 390 * period, 5 })
        {
            float[] pixels = [.. Enumerable.Range(0, length).Select(i => i % 251 * 1.013f)];
            float[] expected = [.. pixels.Select((pixel, i) => (pixel - offsets[i % period]) * scales[i % period])];
            normalization.Apply(pixels);
            CollectionAssert.AreEqual(expected, pixels, $"{length} values");
        }
    }

    [TestMethod]
    public void Measured_channels_get_mean_zero_and_deviation_one()
    {
        // Channel one: 1, 3, 1, 3, of mean 2 and deviation 1. Channel two: 10, 10, 30, 30, of mean 20 and deviation 10.
        using InMemoryDataset dataset = new(new Shape(1, 2, 2), 1);
        dataset.Add([1, 10, 3, 10], 0);
        dataset.Add([1, 30, 3, 30], 0);
        PixelNormalization measured = PixelNormalization.Measure(dataset);
        CollectionAssert.AreEqual(new[] { 2f, 20 }, measured.Offsets.ToArray());
        CollectionAssert.AreEqual(new[] { 1f, 0.1f }, measured.Scales.ToArray());
    }

    [TestMethod]
    public void What_is_measured_is_the_same_at_any_number_of_threads_and_that_of_a_sum_in_double()
    {
        NumberedSamples samples = new(700, side: 5);
        PixelNormalization one = PixelNormalization.Measure(samples, numberOfThreads: 1);
        foreach (int threads in new[] { 2, 4, 0 })
        {
            PixelNormalization several = PixelNormalization.Measure(samples, threads);
            CollectionAssert.AreEqual(one.Offsets.ToArray(), several.Offsets.ToArray());
            CollectionAssert.AreEqual(one.Scales.ToArray(), several.Scales.ToArray());
        }

        List<double> all = [];
        float[] pixels = new float[samples.Shape.ElementCount];
        for (int i = 0; i < samples.Count; i++)
        {
            samples.ReadSample(i, pixels);
            all.AddRange(pixels.Select(pixel => (double)pixel));
        }

        double mean = all.Average();
        Assert.AreEqual(mean, one.Offsets[0], 1e-4 * Math.Abs(mean));
        double scale = 1 / Math.Sqrt(all.Average(value => (value - mean) * (value - mean)));
        Assert.AreEqual(scale, one.Scales[0], 1e-4 * scale);
    }

    [TestMethod]
    public void Measuring_is_cancelled_before_the_next_sample()
    {
        using CancellationTokenSource source = new();
        using InMemoryDataset images = new(new Shape(2, 2, 1), 1);
        for (int i = 0; i < 400; i++)
        {
            images.Add([1, 2, 3, 4], 0);
        }

        int reads = 0;
        CountedSamples counted = new(images, () =>
        {
            if (Interlocked.Increment(ref reads) == 10)
            {
                source.Cancel();
            }
        });
        Assert.ThrowsExactly<OperationCanceledException>(() => PixelNormalization.Measure(counted, 2, source.Token));
        Assert.IsLessThanOrEqualTo(11, reads, "those of two threads");
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(4)]
    public void Of_several_samples_that_cannot_be_read_the_first_is_named_whichever_was_met_first(int threads)
    {
        using InMemoryDataset images = new(new Shape(2, 2, 1), 1);
        for (int i = 0; i < 100; i++)
        {
            images.Add([1, 2, 3, 4], 0);
        }

        Assert.AreEqual("sample 7", Assert.ThrowsExactly<InvalidDataException>(() => PixelNormalization.Measure(new BadSamples(images), threads)).Message);
    }

    [TestMethod]
    public void What_is_the_same_everywhere_is_not_blown_up()
    {
        using InMemoryDataset dataset = new(new Shape(3), 1);
        dataset.Add([7, 7, 7], 0);
        PixelNormalization measured = PixelNormalization.Measure(dataset);
        Assert.AreEqual(7, measured.Offsets.Single());
        Assert.AreEqual(1, measured.Scales.Single());
    }

    [TestMethod]
    public void One_number_serves_all_channels_and_what_is_left_out_changes_nothing()
    {
        PixelNormalization both = PixelNormalization.Of([1, 2, 3], [0.5f]);
        CollectionAssert.AreEqual(new[] { 0.5f, 0.5f, 0.5f }, both.Scales.ToArray());
        PixelNormalization scaled = PixelNormalization.Of(null, [0.5f]);
        CollectionAssert.AreEqual(new[] { 0f }, scaled.Offsets.ToArray());
        PixelNormalization shifted = PixelNormalization.Of([3, 4], null);
        CollectionAssert.AreEqual(new[] { 1f, 1 }, shifted.Scales.ToArray());
    }

    private static float[] Sample(NormalizedDataset dataset)
    {
        float[] pixels = new float[dataset.Shape.ElementCount];
        dataset.ReadSample(0, pixels);
        return pixels;
    }

    [TestMethod]
    public void Pixels_too_small_for_normal_numbers_have_a_finite_scale()
    {
        using InMemoryDataset dataset = new(new Shape(1, 2, 1), 1);
        dataset.Add([0f, 1e-42f], 0);
        dataset.Add([2e-42f, 3e-42f], 0);
        PixelNormalization normalization = PixelNormalization.Measure(dataset);
        float[] pixels = [0f, 3e-42f];
        normalization.Apply(pixels);
        Assert.IsTrue(pixels.All(float.IsFinite));
        Assert.IsGreaterThan(pixels[0], pixels[1], "They can still be told apart.");
    }

    private sealed class BadSamples(ImageDataset source) : ImageDataset
    {
        public override int Count => source.Count;

        public override Shape Shape => source.Shape;

        public override int ClassCount => source.ClassCount;

        public override void ReadSample(int index, Span<float> pixels)
        {
            if (index is 7 or 90)
            {
                Thread.Sleep(index == 7 ? 50 : 0);
                throw new InvalidDataException($"sample {index}");
            }

            source.ReadSample(index, pixels);
        }

        public override int LabelOf(int index) => source.LabelOf(index);
    }

    private sealed class CountedSamples(ImageDataset source, Action reading) : ImageDataset
    {
        public override int Count => source.Count;

        public override Shape Shape => source.Shape;

        public override int ClassCount => source.ClassCount;

        public override void ReadSample(int index, Span<float> pixels)
        {
            reading();
            source.ReadSample(index, pixels);
        }

        public override int LabelOf(int index) => source.LabelOf(index);
    }
}
