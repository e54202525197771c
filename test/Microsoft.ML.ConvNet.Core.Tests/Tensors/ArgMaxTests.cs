using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Core.Tests.Tensors;

/// <summary>The place of the largest number.</summary>
[TestClass]
public sealed class ArgMaxTests
{
    [TestMethod]
    [DataRow(0, new[] { 3f })]
    [DataRow(2, new[] { -3f, -2f, -1f })]
    [DataRow(1, new[] { 0f, 5f, 5f, 4f }, DisplayName = "of equal ones the first")]
    [DataRow(0, new[] { float.PositiveInfinity, 1f })]
    [DataRow(2, new[] { float.NaN, 1f, 3f, float.NaN, 2f })]
    [DataRow(0, new[] { float.NaN, float.NaN })]
    public void It_is_the_position_of_the_largest(int expected, float[] numbers) => Assert.AreEqual(expected, ArgMax.Of(numbers));

    [TestMethod]
    public void Of_no_numbers_there_is_no_largest() => Assert.ThrowsExactly<ArgumentException>(() => ArgMax.Of([]));
}
