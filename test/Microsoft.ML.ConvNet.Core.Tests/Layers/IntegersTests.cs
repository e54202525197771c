using Microsoft.ML.ConvNet.Layers;

namespace Microsoft.ML.ConvNet.Core.Tests.Layers;

[TestClass]
public class IntegersTests
{
    [TestMethod]
    public void Lists_are_equal_when_their_numbers_are()
    {
        Integers list = [2, 0, 1];
        Assert.AreEqual(new Integers(2, 0, 1), list);
        Assert.AreEqual(list.GetHashCode(), new Integers(2, 0, 1).GetHashCode());
        Assert.IsTrue(list != new[] { 2, 1, 0 });
        Assert.IsFalse(list == new Integers(2, 0));
        Assert.AreEqual(new Integers(), default);
        Assert.AreEqual(new Permute([1, 0]), new Permute([1, 0]));
        Assert.AreNotEqual(new Permute([1, 0]), new Permute([0, 1]));
    }

    [TestMethod]
    public void A_list_has_its_numbers_and_is_written_in_brackets()
    {
        Integers list = [4, -1];
        Assert.AreEqual(2, list.Count);
        Assert.AreEqual(-1, list[1]);
        CollectionAssert.AreEqual(new[] { 4, -1 }, list.ToArray());
        Assert.AreEqual("[4, -1]", list.ToString());
        Assert.AreEqual("[]", default(Integers).ToString());
        Assert.AreEqual(0, default(Integers).Count);
        StringAssert.EndsWith(new Integers([.. Enumerable.Range(0, 100)]).ToString(), "14, 15, ... 100 in all]");
    }

    [TestMethod]
    public void A_list_does_not_change_with_the_array_it_was_made_of()
    {
        int[] numbers = [1, 2];
        Integers list = numbers;
        numbers[0] = 5;
        Assert.AreEqual(1, list[0]);
    }
}
