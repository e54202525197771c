namespace Microsoft.ML.ConvNet.Threading;

/// <summary>Random numbers from 0 to 1 of a beta distribution with two equal parameters.</summary>
internal static class SymmetricBeta
{
    /// <summary>Draws a number: x / (x + y) of two gamma variables, by their logarithms, since those of small parameters are smaller than any float.</summary>
    /// <param name="random">What is drawn from.</param>
    /// <param name="alpha">Both parameters, more than 0: with 1 all numbers are as likely; below, those near 0 and 1 are likelier.</param>
    public static double Draw(ref RandomStream random, double alpha)
    {
        double x = LogarithmOfGamma(ref random, alpha);
        double y = LogarithmOfGamma(ref random, alpha);
        return 1.0 / (1.0 + Math.Exp(y - x));
    }

    // Marsaglia and Tsang, "A simple method for generating gamma variables", 2000; parameters below 1 by their section 6: G(a) = G(a + 1) U^(1 / a).
    private static double LogarithmOfGamma(ref RandomStream random, double alpha)
    {
        double boost = alpha < 1 ? Math.Log(1.0 - random.NextSingle()) / alpha : 0;
        double d = (alpha < 1 ? alpha + 1 : alpha) - (1.0 / 3);
        double c = 1.0 / Math.Sqrt(9 * d);
        while (true)
        {
            double normal = random.NextNormal();
            double root = 1.0 + (c * normal);
            if (root <= 0)
            {
                continue;
            }

            double v = root * root * root;
            double logarithm = Math.Log(v);
            if (Math.Log(1.0 - random.NextSingle()) < (0.5 * normal * normal) + (d * (1.0 - v + logarithm)))
            {
                return Math.Log(d) + logarithm + boost;
            }
        }
    }
}
