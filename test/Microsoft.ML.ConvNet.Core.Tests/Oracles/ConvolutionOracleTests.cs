using Microsoft.ML.ConvNet.Core.Tests.Kernels.Convolution;
using Microsoft.ML.ConvNet.Kernels.Convolution;

namespace Microsoft.ML.ConvNet.Core.Tests.Oracles;

[TestClass]
public class ConvolutionOracleTests
{
    [TestMethod]
    public void The_oracle_gives_the_hand_calculated_sums_of_a_2x2_window()
    {
        // x = [[1, 2, 3], [4, 5, 6], [7, 8, 9]], w = [[1, 10], [100, 1000]]: the first window is 1 + 20 + 400 + 5000.
        ConvolutionShape shape = new(3, 3, 1, 2, 2, 1, 2, 2, 1, 1, 1, 1, 0, 0, 1);
        double[] y = ConvolutionOracle.Forward(shape, 1, [1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 10, 100, 1000]);
        CollectionAssert.AreEqual(new double[] { 5421, 6532, 8754, 9865 }, y);
    }

    [TestMethod]
    public void The_oracle_pads_with_zeros_and_steps_by_the_stride()
    {
        // A 3x3 window of ones over a 3x3 image of ones, padding 1, stride 2: the corners see 4 pixels each.
        ConvolutionShape shape = new(3, 3, 1, 2, 2, 1, 3, 3, 2, 2, 1, 1, 1, 1, 1);
        double[] ones = [1, 1, 1, 1, 1, 1, 1, 1, 1];
        CollectionAssert.AreEqual(new double[] { 4, 4, 4, 4 }, ConvolutionOracle.Forward(shape, 1, ones, ones));
    }

    [TestMethod]
    [DynamicData(nameof(ConvolutionCases.Small), typeof(ConvolutionCases))]
    public void The_oracle_s_gradients_agree_with_central_differences(ConvolutionCase test)
    {
        ConvolutionShape s = test.Shape();
        const int batch = 2;
        double[] x = Numbers(1, ConvolutionOracle.InputLength(s, batch));
        double[] w = Numbers(2, ConvolutionOracle.WeightsLength(s));
        double[] dy = Numbers(3, ConvolutionOracle.OutputLength(s, batch));
        double[] dx = ConvolutionOracle.BackwardData(s, batch, dy, w);
        double[] dw = ConvolutionOracle.BackwardWeights(s, batch, x, dy);
        double Loss() => ConvolutionOracle.Forward(s, batch, x, w).Zip(dy, (a, b) => a * b).Sum();
        AssertGradient(x, dx, Loss);
        AssertGradient(w, dw, Loss);
    }

    private static void AssertGradient(double[] at, double[] gradient, Func<double> loss)
    {
        const double step = 1e-3;
        for (int i = 0; i < at.Length; i += 1 + (at.Length / 12))
        {
            double value = at[i];
            at[i] = value + step;
            double above = loss();
            at[i] = value - step;
            double below = loss();
            at[i] = value;
            double numeric = (above - below) / (2 * step);
            Assert.AreEqual(numeric, gradient[i], 1e-6 * Math.Max(1, Math.Abs(numeric)), $"element {i}");
        }
    }

    private static double[] Numbers(int seed, int count)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (random.NextDouble() * 2) - 1)];
    }
}
