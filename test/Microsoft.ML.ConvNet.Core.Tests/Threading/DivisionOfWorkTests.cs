using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Core.Tests.Threading;

[TestClass]
public sealed class DivisionOfWorkTests
{
    [TestMethod]
    [DataRow(0, 3, new[] { 0, 0, 0, 0 })]
    [DataRow(2, 3, new[] { 0, 0, 1, 2 })]
    [DataRow(10, 4, new[] { 0, 2, 5, 7, 10 })]
    [DataRow(int.MaxValue, 4, new[] { 0, 536_870_911, 1_073_741_823, 1_610_612_735, int.MaxValue })]
    public void Shares_follow_each_other_and_hold_all_things(int total, int shares, int[] borders)
    {
        for (int share = 0; share < shares; share++)
        {
            Assert.AreEqual(borders[share], Share.Start(total, share, shares), $"start of share {share}");
            Assert.AreEqual(borders[share + 1], Share.End(total, share, shares), $"end of share {share}");
        }
    }

    [TestMethod]
    [DataRow(14, 14, new[] { 14 })]
    [DataRow(15, 14, new[] { 8, 7 })]
    [DataRow(29, 14, new[] { 10, 10, 9 })]
    [DataRow(0, 14, new int[0])]
    public void Even_parts_are_as_few_as_can_be_and_the_larger_come_first(int total, int most, int[] lengths)
    {
        EvenParts parts = new(total, most);
        Assert.AreEqual(lengths.Length, parts.Count);
        int start = 0;
        for (int part = 0; part < lengths.Length; part++)
        {
            Assert.AreEqual(start, parts.Start(part), $"start of part {part}");
            Assert.AreEqual(lengths[part], parts.Length(part), $"length of part {part}");
            start += lengths[part];
        }
    }

    [TestMethod]
    [DataRow(0, 0, 0)]
    [DataRow(1, 1, 16)]
    [DataRow(16, 1, 16)]
    [DataRow(17, 2, 32)]
    public void Lengths_are_rounded_up_to_whole_lines_of_the_cache(int length, int lines, int rounded)
    {
        Assert.AreEqual(lines, Rounding.DivideUp(length, Rounding.CacheLine));
        Assert.AreEqual(rounded, Rounding.ToCacheLines(length));
    }
}
