using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Core.Tests.Data;

/// <summary>The division into training and validation samples, and the order of the samples.</summary>
[TestClass]
public sealed class DatasetSplitTests
{
    [TestMethod]
    public void Every_class_gives_its_share()
    {
        using InMemoryDataset dataset = WithLabels(10, [.. Enumerable.Range(0, 1000).Select(i => i % 10 < 5 ? 0 : i % 10)]);
        DatasetSplit split = DatasetSplit.Stratified(dataset, 0.2, seed: 1);
        Assert.AreEqual(100, Count(split.Validation, 0));
        foreach (int label in Enumerable.Range(5, 5))
        {
            Assert.AreEqual(20, Count(split.Validation, label));
            Assert.AreEqual(80, Count(split.Training, label));
        }
    }

    [TestMethod]
    public void The_two_parts_have_each_sample_once()
    {
        DatasetSplit split = DatasetSplit.Stratified(new NumberedSamples(333), 0.3, seed: 2);
        CollectionAssert.AreEqual(
            Enumerable.Range(0, 333).ToArray(), split.Training.Indices.Concat(split.Validation.Indices).Order().ToArray());
    }

    [TestMethod]
    public void A_set_without_classes_is_divided_at_random()
    {
        using InMemoryDataset dataset = InMemoryDataset.WithTargets(new Shape(1), 1);
        for (int i = 0; i < 200; i++)
        {
            dataset.Add([i], [i]);
        }

        DatasetSplit split = DatasetSplit.Random(dataset, 0.25, seed: 2);
        Assert.AreEqual(50, split.Validation.Count);
        CollectionAssert.AreEqual(
            Enumerable.Range(0, 200).ToArray(), split.Training.Indices.Concat(split.Validation.Indices).Order().ToArray());
        CollectionAssert.AreEqual(split.Validation.Indices.ToArray(), DatasetSplit.Random(dataset, 0.25, seed: 2).Validation.Indices.ToArray());
        CollectionAssert.AreNotEqual(split.Validation.Indices.ToArray(), DatasetSplit.Random(dataset, 0.25, seed: 3).Validation.Indices.ToArray());
        Assert.AreNotEqual(50, split.Validation.Indices[^1] - split.Validation.Indices[0] + 1);
    }

    [TestMethod]
    public void Many_small_classes_give_their_share_together()
    {
        using InMemoryDataset dataset = WithLabels(100, [.. Enumerable.Range(0, 300).Select(i => i / 3)]);
        DatasetSplit split = DatasetSplit.Stratified(dataset, 0.1, seed: 3);
        Assert.AreEqual(30, split.Validation.Count);
        Assert.IsTrue(Enumerable.Range(0, 100).All(label => Count(split.Training, label) >= 2));
    }

    [TestMethod]
    public void Every_class_keeps_a_sample_to_train_with()
    {
        using InMemoryDataset dataset = WithLabels(3, [0, 0, 1, 2, 2, 2]);
        DatasetSplit split = DatasetSplit.Stratified(dataset, 0.99, seed: 4);
        Assert.IsTrue(Enumerable.Range(0, 3).All(label => Count(split.Training, label) == 1));
        Assert.AreEqual(3, split.Validation.Count);
    }

    [TestMethod]
    public void A_small_share_is_at_least_one_sample()
    {
        using InMemoryDataset dataset = WithLabels(2, [0, 1, 1, 1]);
        DatasetSplit split = DatasetSplit.Stratified(dataset, 0.01, seed: 5);
        Assert.AreEqual(1, Count(split.Validation, 1));
        Assert.AreEqual(1, split.Validation.Count);
    }

    [TestMethod]
    public void The_division_is_a_function_of_the_seed()
    {
        NumberedSamples samples = new(200);
        DatasetSplit first = DatasetSplit.Stratified(samples, 0.25, seed: 6);
        DatasetSplit second = DatasetSplit.Stratified(samples, 0.25, seed: 6);
        DatasetSplit other = DatasetSplit.Stratified(samples, 0.25, seed: 7);
        CollectionAssert.AreEqual(first.Validation.Indices.ToArray(), second.Validation.Indices.ToArray());
        CollectionAssert.AreNotEqual(first.Validation.Indices.ToArray(), other.Validation.Indices.ToArray());
    }

    [TestMethod]
    public void A_list_of_labels_is_divided_as_the_set_that_has_them()
    {
        int[] labels = [.. Enumerable.Range(0, 90).Select(i => i * i % 7)];
        using InMemoryDataset dataset = WithLabels(7, labels);
        DatasetSplit split = DatasetSplit.Stratified(dataset, 0.2, seed: 8);
        StratifiedDivision division = StratifiedDivision.Of(labels, 0.2, seed: 8);
        CollectionAssert.AreEqual(split.Training.Indices.ToArray(), division.Kept.ToArray());
        CollectionAssert.AreEqual(split.Validation.Indices.ToArray(), division.HeldOut.ToArray());
        Assert.AreEqual(18, division.HeldOut.Count);
    }

    [TestMethod]
    public void What_cannot_be_divided_is_refused()
    {
        using InMemoryDataset dataset = WithLabels(2, [0, 1]);
        Assert.Contains(
            "Received: 2 samples", Assert.ThrowsExactly<ArgumentException>(() => DatasetSplit.Stratified(dataset, 0.1, 0)).Message);
        foreach (double fraction in new[] { 0, 1, -0.5, double.NaN })
        {
            Assert.ThrowsExactly<ArgumentException>(() => DatasetSplit.Stratified(dataset, fraction, 0));
        }
    }

    [TestMethod]
    public void Each_epoch_has_an_order_of_its_own_that_the_seed_fixes()
    {
        BatchOrder order = new(500, seed: 1);
        BatchOrder again = new(500, seed: 1);
        order.Shuffle(0);
        int[] first = order.Indices.ToArray();
        order.Shuffle(1);
        int[] second = order.Indices.ToArray();
        again.Shuffle(1);
        CollectionAssert.AreEqual(second, again.Indices.ToArray());
        CollectionAssert.AreNotEqual(first, second);
        CollectionAssert.AreEqual(Enumerable.Range(0, 500).ToArray(), second.Order().ToArray());
    }

    private static InMemoryDataset WithLabels(int classCount, int[] labels)
    {
        InMemoryDataset dataset = new(new Shape(1), classCount);
        foreach (int label in labels)
        {
            dataset.Add([0f], label);
        }

        return dataset;
    }

    private static int Count(ImageDataset dataset, int label) => Enumerable.Range(0, dataset.Count).Count(i => dataset.LabelOf(i) == label);
}
