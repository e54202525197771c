using Microsoft.ML.ConvNet.Tensors;
using Microsoft.ML.ConvNet.Training.Losses;

namespace Microsoft.ML.ConvNet.Core.Tests.Training.Losses;

/// <summary>The losses of single samples, by hand.</summary>
[TestClass]
public sealed class LossTests
{
    [TestMethod]
    public void Equal_scores_of_ten_classes_lose_the_logarithm_of_ten()
    {
        SoftmaxCrossEntropy loss = new();
        float[] equal = [.. Enumerable.Repeat(0.1f, 10)];
        Assert.AreEqual(2.302585, loss.Measure(equal, 3, areProbabilities: true), 1e-6);
        Assert.AreEqual(2.302585, loss.Measure(equal, 3, areProbabilities: false), 1e-6);
    }

    [TestMethod]
    public void Logits_and_probabilities_give_the_same_loss()
    {
        // softmax(0, ln 3) = (1/4, 3/4); -ln 1/4 = 1.386294
        SoftmaxCrossEntropy loss = new();
        Assert.AreEqual(1.386294, loss.Measure([0, 1.0986123f], 0, areProbabilities: false), 1e-6);
        Assert.AreEqual(1.386294, loss.Measure([0.25f, 0.75f], 0, areProbabilities: true), 1e-6);
        Assert.AreEqual(1000, loss.Measure([0, 1000], 0, areProbabilities: false), 1e-6);
        Assert.IsTrue(double.IsFinite(loss.Measure([0, 1], 0, areProbabilities: true)));
    }

    [TestMethod]
    public void Label_smoothing_spreads_part_of_the_target()
    {
        // Targets 0.1 and 0.9: 0.1 ln 4 + 0.9 ln 4/3 = 0.1386294 + 0.2589139
        Assert.AreEqual(0.3975433, new SoftmaxCrossEntropy(0.2f).Measure([0.25f, 0.75f], 1, areProbabilities: true), 1e-6);
    }

    [TestMethod]
    public void The_squared_error_is_the_mean_over_the_outputs()
    {
        Assert.AreEqual(2.5, new SquaredError().Measure([1, 2], [2, 4], areProbabilities: false), 1e-9);
        // (1 - 1)^2, (0.5 - 0)^2 over 2
        Assert.AreEqual(0.125, new SquaredError().Measure([1, 0.5f], 0, areProbabilities: false), 1e-9);
    }

    [TestMethod]
    public void Label_smoothing_out_of_range_is_named()
    {
        Loss loss = new SoftmaxCrossEntropy(1);
        Assert.Contains("Received: 1", Assert.ThrowsExactly<ArgumentException>(() => loss.Check(2)).Message);
    }

    [TestMethod]
    public void Numbers_that_are_not_finite_are_found()
    {
        float[] numbers = new float[37];
        Assert.AreEqual(-1, FiniteNumbers.FirstOther(numbers));
        foreach (int position in new[] { 0, 5, 16, 36 })
        {
            foreach (float value in new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity })
            {
                float[] spoilt = [.. numbers];
                spoilt[position] = value;
                Assert.AreEqual(position, FiniteNumbers.FirstOther(spoilt));
            }
        }

        numbers.AsSpan().Fill(float.MaxValue);
        Assert.AreEqual(-1, FiniteNumbers.FirstOther(numbers));
    }
}
