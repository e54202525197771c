namespace Microsoft.ML.ConvNet.Core.Tests.Oracles;

/// <summary>Softmax and the losses of one row by definition, in double.</summary>
internal static class LossOracle
{
    public static double[] Softmax(double[] x)
    {
        double max = x.Max();
        double sum = x.Sum(v => Math.Exp(v - max));
        return Array.ConvertAll(x, v => Math.Exp(v - max) / sum);
    }

    public static double CrossEntropy(double[] x, int target, double labelSmoothing)
    {
        double max = x.Max();
        double logSum = max + Math.Log(x.Sum(v => Math.Exp(v - max)));
        return ((1 - labelSmoothing) * (logSum - x[target])) + (labelSmoothing * (logSum - x.Average()));
    }

    public static double WeightedCrossEntropy(double[] x, int target, double labelSmoothing, double[] weights)
    {
        double max = x.Max();
        double logSum = max + Math.Log(x.Sum(v => Math.Exp(v - max)));
        double spread = x.Zip(weights, (v, w) => w * (logSum - v)).Sum() / x.Length;
        return ((1 - labelSmoothing) * weights[target] * (logSum - x[target])) + (labelSmoothing * spread);
    }

    public static double Focal(double[] x, int target, double gamma, double[] weights)
    {
        double p = Softmax(x)[target];
        return -weights[target] * Math.Pow(1 - p, gamma) * Math.Log(p);
    }

    public static double Huber(double[] x, double[] target, double delta) => x.Zip(target, (v, t) =>
    {
        double size = Math.Abs(v - t);
        return size <= delta ? size * size / 2 : delta * (size - (delta / 2));
    }).Average();

    public static double SquaredError(double[] x, double[] target) => x.Zip(target, (v, t) => (v - t) * (v - t)).Average();

    public static double BinaryCrossEntropy(double[] x, double[] target) =>
        x.Zip(target, (v, t) => (t * FunctionOracle.Softplus(-v)) + ((1 - t) * FunctionOracle.Softplus(v))).Average();

    /// <summary>The gradient by central differences.</summary>
    public static double[] Gradient(Func<double[], double> function, double[] x)
    {
        const double Step = 1e-5;
        double[] gradient = new double[x.Length];
        double[] moved = [.. x];
        for (int i = 0; i < x.Length; i++)
        {
            moved[i] = x[i] + Step;
            double above = function(moved);
            moved[i] = x[i] - Step;
            gradient[i] = (above - function(moved)) / (2 * Step);
            moved[i] = x[i];
        }

        return gradient;
    }
}
