using Microsoft.ML.ConvNet.Data;

namespace Microsoft.ML.ConvNet.Core.Tests.Data;

[TestClass]
public class StratifiedDivisionTests
{
    [TestMethod]
    public void Many_small_classes_give_their_share_together()
    {
        // Ten classes of three samples: a fifth of 30 is 6.
        int[] labels = [.. Enumerable.Range(0, 30).Select(i => i % 10)];
        StratifiedDivision division = StratifiedDivision.Of(labels, 0.2, seed: 1);
        Assert.HasCount(6, division.HeldOut);
        Assert.IsTrue(division.HeldOut.GroupBy(i => labels[i]).All(taken => taken.Count() == 1));
    }

    [TestMethod]
    public void What_classes_of_one_sample_cannot_give_is_not_taken_from_another_class()
    {
        // A fifth of the last class is 20, and one more makes good what rounding denied those before.
        int[] labels = [.. Enumerable.Range(0, 100), .. Enumerable.Repeat(100, 100)];
        StratifiedDivision division = StratifiedDivision.Of(labels, 0.2, seed: 1);
        Assert.HasCount(21, division.HeldOut);
        Assert.IsTrue(division.HeldOut.All(i => labels[i] == 100));
    }

    [TestMethod]
    public void As_many_samples_of_each_class_are_held_out_as_asked_for_where_it_has_more()
    {
        int[] labels = [.. Enumerable.Range(0, 60).Select(i => i % 20), 20];
        StratifiedDivision division = StratifiedDivision.Of(labels, 0.1, seed: 1, leastOfClass: 1);
        CollectionAssert.AreEqual(Enumerable.Range(0, 20).ToArray(), division.HeldOut.Select(i => labels[i]).Order().ToArray());
        Assert.HasCount(41, division.Kept);
    }

    [TestMethod]
    public void Samples_of_which_no_two_are_of_a_class_are_not_divided()
    {
        ArgumentException error = Assert.ThrowsExactly<ArgumentException>(() => StratifiedDivision.Of([0, 1, 2], 0.5, seed: 1));
        Assert.AreEqual("labels", error.ParamName);
        StringAssert.Contains(error.Message, "Received: 3 samples");
    }
}
