namespace Microsoft.ML.ConvNet.Core.Tests.Oracles;

/// <summary>Elementary functions in double, by definition, and derivatives by central differences.</summary>
internal static class FunctionOracle
{
    public static double Sigmoid(double x) => x < 0 ? Math.Exp(x) / (1 + Math.Exp(x)) : 1 / (1 + Math.Exp(-x));

    public static double Softplus(double x) => Math.Max(x, 0) + LogOnePlus(Math.Exp(-Math.Abs(x)));

    public static double Silu(double x) => double.IsNegativeInfinity(x) ? 0 : x * Sigmoid(x);

    public static double Gelu(double x) => double.IsNegativeInfinity(x) ? 0 : x * NormalCumulative(x);

    public static double Elu(double x, double alpha) => x < 0 ? alpha * ExpMinusOne(x) : x;

    /// <summary>The normal distribution's cumulative function: erfc(-x / sqrt 2) / 2.</summary>
    public static double NormalCumulative(double x)
    {
        double tail = 0.5 * Erfc(Math.Abs(x) / Math.Sqrt(2));
        return x > 0 ? 1 - tail : tail;
    }

    /// <summary>
    /// The complementary error function of z of at least 0: near 0 by the series 2 / sqrt(pi) e^(-z^2) sum 2^n z^(2n+1) / (2n+1)!!, else by its
    /// continued fraction (Abramowitz and Stegun 7.1.6 and 7.1.14).
    /// </summary>
    public static double Erfc(double z)
    {
        if (double.IsNaN(z) || z > 30)
        {
            return double.IsNaN(z) ? z : 0;
        }

        double scale = Math.Exp(-z * z) / Math.Sqrt(Math.PI);
        if (z < 2.5)
        {
            double term = z;
            double sum = z;
            for (int n = 1; n < 100; n++)
            {
                term *= 2 * z * z / ((2 * n) + 1);
                sum += term;
            }

            return 1 - (2 * scale * sum);
        }

        double fraction = z;
        for (int n = 200; n > 0; n--)
        {
            fraction = z + (n / 2.0 / fraction);
        }

        return scale / fraction;
    }

    /// <summary>ln(1 + u) without cancellation (Goldberg, 1991).</summary>
    public static double LogOnePlus(double u) => 1 + u == 1 ? u : Math.Log(1 + u) * u / (1 + u - 1);

    /// <summary>e^x - 1 without cancellation: tanh(x / 2) (e^x + 1).</summary>
    public static double ExpMinusOne(double x) => Math.Abs(x) > 1 ? Math.Exp(x) - 1 : Math.Tanh(x / 2) * (Math.Exp(x) + 1);

    /// <summary>(f(x + h) - f(x - h)) / 2h.</summary>
    public static double Derivative(Func<double, double> f, double x)
    {
        const double Step = 1e-5;
        return (f(x + Step) - f(x - Step)) / (2 * Step);
    }
}
