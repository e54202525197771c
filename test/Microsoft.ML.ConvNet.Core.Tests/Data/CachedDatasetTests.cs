using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Core.Tests.Data;

/// <summary>Samples in memory within a budget, and past it in a file.</summary>
[TestClass]
public sealed class CachedDatasetTests
{
    private static readonly Shape Shape = new(5, 7, 3);

    [TestMethod]
    [DataRow(0L, DisplayName = "all in the file")]
    [DataRow(1000L, DisplayName = "some in the file")]
    [DataRow(1L << 30, DisplayName = "all in memory")]
    public void Samples_of_bytes_and_of_floats_are_read_as_they_were_added(long budget)
    {
        using ScratchFolder folder = new();
        using CachedDataset dataset = new(Shape, 4, budget, folder.Path);
        for (int i = 0; i < 40; i++)
        {
            int number = i % 3 == 0 ? dataset.Add(Floats(i), i % 4) : dataset.Add(Bytes(i), i % 4);
            Assert.AreEqual(i, number);
        }

        Assert.HasCount(0, Directory.GetFiles(folder.Path), "the file has no name");
        AssertSamples(dataset, [.. Enumerable.Range(0, 40)]);
        Assert.IsFalse(dataset.IsWeighted);
        Assert.AreEqual(budget <= 1000, dataset.BytesInFile > 0);
        Assert.AreEqual(budget > 0, dataset.BytesInMemory > 0);
        Assert.IsTrue(budget > 1000 || dataset.BytesInMemory <= budget);
    }

    [TestMethod]
    public void A_file_takes_a_byte_for_each_byte_and_four_for_each_float()
    {
        using CachedDataset dataset = new(Shape, 4, memoryBudget: 0);
        dataset.Add(Bytes(1), 0);
        dataset.Add(Bytes(2), 0);
        dataset.Add(Floats(3), 0);
        Assert.AreEqual(6L * 105, dataset.BytesInFile);
        Assert.AreEqual(0L, dataset.BytesInMemory);
    }

    [TestMethod]
    public void What_several_threads_add_is_brought_into_order()
    {
        using CachedDataset dataset = new(Shape, 4, memoryBudget: 2000);
        int[] numbers = new int[200];
        Parallel.For(0, numbers.Length, i => numbers[i] = dataset.Add(Bytes(i), i % 4, weight: i));
        dataset.Arrange(numbers);
        AssertSamples(dataset, [.. Enumerable.Range(0, 200)]);
        Assert.IsTrue(dataset.IsWeighted);
        Assert.AreEqual(17f, dataset.WeightOf(17));
        Parallel.For(0, 200, i => AssertSample(dataset, i, i));
    }

    [TestMethod]
    [DataRow(0L)]
    [DataRow(1L << 30)]
    public void Targets_that_are_numbers_come_with_their_samples(long budget)
    {
        using CachedDataset dataset = CachedDataset.WithTargets(Shape, 2, budget);
        int[] numbers = new int[60];
        Parallel.For(0, numbers.Length, i => numbers[i] = i % 2 == 0 ? dataset.Add(Bytes(i), [i, -i]) : dataset.Add(Floats(i), [i, -i]));
        dataset.Arrange(numbers);
        Assert.AreEqual(0, dataset.ClassCount);
        float[] target = new float[2];
        for (int i = 0; i < numbers.Length; i++)
        {
            dataset.ReadTarget(i, target);
            CollectionAssert.AreEqual(new float[] { i, -i }, target);
            Assert.AreEqual(-1, dataset.LabelOf(i));
        }

        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => dataset.Add(Bytes(1), 0)).Message, "2 target values. Received: a class");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => dataset.Add(Bytes(1), [1f])).Message, "Received: 1 target values");
        using CachedDataset ofClasses = new(Shape, 4, budget);
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => ofClasses.Add(Bytes(1), [1f, 2f])).Message, "a class. Received: 2 target values");
        Assert.ThrowsExactly<ArgumentException>(() => CachedDataset.WithTargets(Shape, 0, budget));
    }

    [TestMethod]
    public void An_order_without_each_number_once_is_refused()
    {
        using CachedDataset dataset = new(Shape, 4, memoryBudget: 2000);
        dataset.Add(Bytes(0), 0);
        dataset.Add(Bytes(1), 0);
        Assert.ThrowsExactly<ArgumentException>(() => dataset.Arrange([0]));
        Assert.ThrowsExactly<ArgumentException>(() => dataset.Arrange([1, 1]));
        Assert.ThrowsExactly<ArgumentException>(() => dataset.Arrange([1, 2]));
    }

    [TestMethod]
    public void Where_no_file_can_be_made_the_folder_and_what_would_do_are_named()
    {
        using ScratchFolder folder = new();
        string missing = Path.Combine(folder.Path, "missing");
        using CachedDataset dataset = new(Shape, 4, memoryBudget: 0, missing);
        IOException error = Assert.ThrowsExactly<IOException>(() => dataset.Add(Bytes(0), 0));
        StringAssert.Contains(error.Message, missing);
        StringAssert.Contains(error.Message, "TMPDIR");
    }

    [TestMethod]
    public void A_sample_that_does_not_fit_is_refused_and_so_is_any_after_the_end()
    {
        CachedDataset dataset = new(Shape, 4, memoryBudget: 0);
        Assert.ThrowsExactly<ArgumentException>(() => dataset.Add(new byte[104], 0));
        Assert.ThrowsExactly<ArgumentException>(() => dataset.Add(new float[104], 0));
        Assert.ThrowsExactly<ArgumentException>(() => dataset.Add(Bytes(0), 4));
        Assert.ThrowsExactly<ArgumentException>(() => dataset.Add(Bytes(0), 0, float.NaN));
        Assert.ThrowsExactly<ArgumentException>(() => dataset.Add(Bytes(0), 0, -1));
        dataset.Add(Bytes(0), 0);
        dataset.Dispose();
        dataset.Dispose();
        Assert.ThrowsExactly<ObjectDisposedException>(() => dataset.ReadSample(0, new float[105]));
        Assert.ThrowsExactly<ObjectDisposedException>(() => dataset.Add(Bytes(0), 0));
        Assert.ThrowsExactly<ArgumentException>(() => new CachedDataset(Shape, 4, -1));
        Assert.ThrowsExactly<ArgumentException>(() => new CachedDataset(Shape, 0, 1));
    }

    private static byte[] Bytes(int number) => [.. Enumerable.Range(0, Shape.ElementCount).Select(i => (byte)((31 * number) + (7 * i)))];

    private static float[] Floats(int number) => [.. Enumerable.Range(0, Shape.ElementCount).Select(i => number - (0.25f * i))];

    private static void AssertSamples(CachedDataset dataset, int[] numbers)
    {
        Assert.AreEqual(numbers.Length, dataset.Count);
        bool areMixed = !dataset.IsWeighted;
        for (int i = 0; i < numbers.Length; i++)
        {
            if (areMixed && numbers[i] % 3 == 0)
            {
                float[] pixels = new float[Shape.ElementCount];
                dataset.ReadSample(i, pixels);
                CollectionAssert.AreEqual(Floats(numbers[i]), pixels);
            }
            else
            {
                AssertSample(dataset, i, numbers[i]);
            }

            Assert.AreEqual(numbers[i] % 4, dataset.LabelOf(i));
        }
    }

    private static void AssertSample(CachedDataset dataset, int index, int number)
    {
        float[] pixels = new float[Shape.ElementCount];
        dataset.ReadSample(index, pixels);
        CollectionAssert.AreEqual(Bytes(number).Select(value => (float)value).ToArray(), pixels);
    }
}
