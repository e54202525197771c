
namespace Microsoft.ML.ConvNet.Core.Tests.Layers;

/// <summary>A function of each element, with its derivative.</summary>
internal sealed class ActivationLayerOracle(Func<double, double> function, Func<double, double> derivative) : LayerOracle
{
    /// <summary>The function.</summary>
    public Func<double, double> Function { get; } = function;

    /// <summary>Its derivative.</summary>
    public Func<double, double> Derivative { get; } = derivative;

    public override double[] Forward(OracleCall call) => [.. call.Inputs[0].Select(Function)];

    public override OracleGradients Backward(OracleCall call, double[] dy) =>
        new([[.. call.Inputs[0].Zip(dy, (x, gradient) => gradient * Derivative(x))]], []);

    /// <summary>The error function, by a series without cancellation: 2 / sqrt(pi) exp(-x^2) sum of 2^n x^(2n+1) / (1 3 5 ... (2n+1)).</summary>
    public static double ErrorFunction(double x)
    {
        double term = x;
        double sum = x;
        for (int n = 1; n < 200; n++)
        {
            term *= 2 * x * x / ((2 * n) + 1);
            sum += term;
        }

        return 2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x) * sum;
    }

    /// <summary>The logistic function.</summary>
    public static double Logistic(double x) => 1 / (1 + Math.Exp(-x));
}
