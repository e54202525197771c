namespace Microsoft.ML.ConvNet.Core.Tests.Oracles;

/// <summary>What the oracles themselves stand on: central differences and numbers known from elsewhere.</summary>
[TestClass]
public sealed class KernelOracleTests
{
    [TestMethod]
    public void The_gradient_of_batch_normalisation_is_that_of_central_differences()
    {
        const int Rows = 5;
        const int Channels = 3;
        Random random = new(1);
        double[] x = Numbers(random, Rows * Channels);
        double[] weights = Numbers(random, Rows * Channels);
        double[] gamma = Numbers(random, Channels);
        double[] beta = Numbers(random, Channels);
        double Loss(double[] input, double[] scale, double[] shift) =>
            BatchNormalizationOracle.Forward(Rows, Channels, input, scale, shift, 1e-3).Zip(weights, (y, w) => y * w).Sum();

        (double[] dx, double[] dgamma, double[] dbeta) = BatchNormalizationOracle.Backward(Rows, Channels, x, weights, gamma, 1e-3);
        AssertClose(LossOracle.Gradient(v => Loss(v, gamma, beta), x), dx);
        AssertClose(LossOracle.Gradient(v => Loss(x, v, beta), gamma), dgamma);
        AssertClose(LossOracle.Gradient(v => Loss(x, gamma, v), beta), dbeta);
    }

    [TestMethod]
    public void The_complementary_error_function_has_the_values_of_the_tables()
    {
        // Abramowitz and Stegun, tables 7.1 and 7.3.
        Assert.AreEqual(1 - 0.5204998778, FunctionOracle.Erfc(0.5), 1e-10);
        Assert.AreEqual(1 - 0.9953222650, FunctionOracle.Erfc(2), 1e-10);
        Assert.AreEqual(1.541725790e-8, FunctionOracle.Erfc(4), 1e-16);
        Assert.AreEqual(FunctionOracle.Erfc(2.5 - 1e-12), FunctionOracle.Erfc(2.5), 1e-13);
    }

    private static double[] Numbers(Random random, int count)
    {
        double[] numbers = new double[count];
        for (int i = 0; i < count; i++)
        {
            numbers[i] = (random.NextDouble() * 2) - 1;
        }

        return numbers;
    }

    private static void AssertClose(double[] expected, double[] received)
    {
        double scale = expected.Max(Math.Abs);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.AreEqual(expected[i], received[i], 1e-6 * scale);
        }
    }
}
