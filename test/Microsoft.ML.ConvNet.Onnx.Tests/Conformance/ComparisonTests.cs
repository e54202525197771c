namespace Microsoft.ML.ConvNet.Onnx.Tests.Conformance;

/// <summary>What counts as equal when outputs are compared.</summary>
[TestClass]
public sealed class ComparisonTests
{
    [TestMethod]
    [DataRow(1f, float.PositiveInfinity, false)]
    [DataRow(float.NegativeInfinity, float.PositiveInfinity, false)]
    [DataRow(float.PositiveInfinity, 1f, false)]
    [DataRow(float.NaN, 1f, false)]
    [DataRow(1f, float.NaN, false)]
    [DataRow(float.PositiveInfinity, float.PositiveInfinity, true)]
    [DataRow(float.NaN, float.NaN, true)]
    [DataRow(1.0005f, 1f, true)]
    [DataRow(1.01f, 1f, false)]
    public void Infinity_is_near_nothing_but_itself(float computed, float expected, bool isWithin) => Assert.AreEqual(
        isWithin,
        OnnxComparison.Of(new OnnxTensor([1], [computed]), new OnnxTensor([1], [expected]), 1e-3, 1e-5).IsWithinTolerance);
}
