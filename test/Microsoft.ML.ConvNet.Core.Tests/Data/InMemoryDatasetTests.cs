using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Core.Tests.Data;

/// <summary>Sets in memory, and the views of other sets.</summary>
[TestClass]
public sealed class InMemoryDatasetTests
{
    [TestMethod]
    public void A_copy_has_the_weights_of_the_samples()
    {
        using CachedDataset weighted = new(new Shape(1), 2, memoryBudget: 1000);
        weighted.Add([1f], 0, 0.5f);
        weighted.Add([2f], 1);
        using InMemoryDataset copy = InMemoryDataset.Copy(weighted);
        Assert.IsTrue(copy.IsWeighted);
        Assert.AreEqual(0.5f, copy.WeightOf(0));
        Assert.AreEqual(1f, copy.WeightOf(1));
    }

    [TestMethod]
    public void Bytes_and_floats_are_read_as_they_were_added()
    {
        using InMemoryDataset dataset = new(new Shape(1, 2, 1), 3);
        dataset.Add([0.5f, -1], 2);
        dataset.Add(new byte[] { 7, 255 }, 0);
        dataset.Add([3, 4], -1);

        CollectionAssert.AreEqual(new[] { 0.5f, -1 }, Sample(dataset, 0));
        CollectionAssert.AreEqual(new[] { 7f, 255 }, Sample(dataset, 1));
        CollectionAssert.AreEqual(new[] { 3f, 4 }, Sample(dataset, 2));
        CollectionAssert.AreEqual(new[] { 2, 0, -1 }, Enumerable.Range(0, 3).Select(dataset.LabelOf).ToArray());
        CollectionAssert.AreEqual(new[] { 0f, 0, 1 }, Target(dataset, 0, 3));
        CollectionAssert.AreEqual(new[] { 0f, 0, 0 }, Target(dataset, 2, 3));
    }

    // Of every length up to some vectors and beyond; a cached set reads them into the end of the floats that are made of them.
    [TestMethod]
    public void Bytes_of_any_number_are_read_as_floats_and_as_bytes()
    {
        foreach (int length in Enumerable.Range(1, 140).Append(784))
        {
            byte[] bytes = [.. Enumerable.Range(0, length).Select(i => (byte)(255 - (i * 7)))];
            using InMemoryDataset dataset = new(new Shape(length), 1);
            using CachedDataset cached = new(new Shape(length), 1, memoryBudget: 10_000);
            dataset.Add(bytes, 0);
            cached.Add(bytes, 0);
            float[] expected = [.. bytes.Select(value => (float)value)];
            float[] values = new float[length];
            dataset.ReadSample(0, values);
            CollectionAssert.AreEqual(expected, values, $"{length}");
            Array.Fill(values, -1);
            cached.ReadSample(0, values);
            CollectionAssert.AreEqual(expected, values, $"{length}, cached");
            byte[] read = new byte[length];
            dataset.ReadBytes(0, read);
            CollectionAssert.AreEqual(bytes, read);
        }
    }

    [TestMethod]
    public void Samples_of_floats_have_no_bytes()
    {
        using InMemoryDataset dataset = new(new Shape(2), 1);
        dataset.Add([0.5f, 1], 0);
        Assert.ThrowsExactly<InvalidOperationException>(() => dataset.ReadBytes(0, new byte[2]));
        Assert.ThrowsExactly<ArgumentException>(() => dataset.ReadBytes(0, new byte[3]));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => dataset.ReadBytes(1, new byte[2]));
    }

    [TestMethod]
    public void It_grows_over_many_chunks_and_is_read_by_many_threads()
    {
        const int Count = 40;
        const int Length = 300_000;
        using InMemoryDataset dataset = new(new Shape(Length), 2);
        float[] pixels = new float[Length];
        for (int i = 0; i < Count; i++)
        {
            pixels.AsSpan().Fill(i);
            dataset.Add(pixels, i % 2);
        }

        Parallel.For(0, Count, i =>
        {
            float[] sample = Sample(dataset, i);
            Assert.AreEqual(-1, sample.AsSpan().IndexOfAnyExcept(i));
        });
    }

    [TestMethod]
    public void Targets_that_are_numbers_are_kept()
    {
        using InMemoryDataset dataset = InMemoryDataset.WithTargets(new Shape(2), 3);
        dataset.Add([1, 2], [3, 4, 5]);
        Assert.AreEqual(0, dataset.ClassCount);
        Assert.AreEqual(-1, dataset.LabelOf(0));
        CollectionAssert.AreEqual(new[] { 3f, 4, 5 }, Target(dataset, 0, 3));
        Assert.ThrowsExactly<ArgumentException>(() => dataset.Add([1, 2], 0));
        Assert.ThrowsExactly<ArgumentException>(() => dataset.Add([1, 2], [3, 4]));
    }

    [TestMethod]
    public void A_copy_has_the_same_samples()
    {
        NumberedSamples samples = new(12);
        using InMemoryDataset copy = InMemoryDataset.Copy(samples);
        Assert.AreEqual(12, copy.Count);
        CollectionAssert.AreEqual(Sample(samples, 7), Sample(copy, 7));
        Assert.AreEqual(7, copy.LabelOf(7));
    }

    [TestMethod]
    public void What_does_not_fit_is_refused()
    {
        using InMemoryDataset dataset = new(new Shape(2, 2, 1), 10);
        Assert.Contains("Received: 3", Assert.ThrowsExactly<ArgumentException>(() => dataset.Add([1, 2, 3], 0)).Message);
        Assert.Contains(
            "Sample 0: a label is from 0 to 9, or -1 for none. Received: 10.",
            Assert.ThrowsExactly<ArgumentException>(() => dataset.Add([1, 2, 3, 4], 10)).Message);
        Assert.ThrowsExactly<ArgumentException>(() => dataset.Add(new byte[4], -2));
        Assert.AreEqual(0, dataset.Count);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => dataset.LabelOf(0));
        Assert.ThrowsExactly<ArgumentException>(() => new InMemoryDataset(new Shape(2), 0));
    }

    [TestMethod]
    public void A_subset_shows_the_samples_that_it_names()
    {
        NumberedSamples samples = new(20);
        DatasetSubset subset = new(samples, [13, 2]);
        Assert.AreEqual(2, subset.Count);
        Assert.AreEqual(3, subset.LabelOf(0));
        CollectionAssert.AreEqual(Sample(samples, 2), Sample(subset, 1));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => subset.LabelOf(2));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new DatasetSubset(samples, [20]));
    }

    private static float[] Sample(ImageDataset dataset, int index)
    {
        float[] pixels = new float[dataset.Shape.ElementCount];
        dataset.ReadSample(index, pixels);
        return pixels;
    }

    private static float[] Target(ImageDataset dataset, int index, int length)
    {
        float[] target = new float[length];
        dataset.ReadTarget(index, target);
        return target;
    }
}
