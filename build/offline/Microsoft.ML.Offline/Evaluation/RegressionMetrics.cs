#nullable disable

namespace Microsoft.ML.Data;

/// <summary>How well the scores of a regression fit the labels.</summary>
public sealed class RegressionMetrics
{
    internal RegressionMetrics(
        double meanAbsoluteError, double meanSquaredError, double rootMeanSquaredError, double lossFunction, double rSquared)
    {
        MeanAbsoluteError = meanAbsoluteError;
        MeanSquaredError = meanSquaredError;
        RootMeanSquaredError = rootMeanSquaredError;
        LossFunction = lossFunction;
        RSquared = rSquared;
    }

    /// <summary>The mean of |label - score|.</summary>
    public double MeanAbsoluteError { get; }

    /// <summary>The mean of (label - score)^2.</summary>
    public double MeanSquaredError { get; }

    public double RootMeanSquaredError { get; }

    /// <summary>The mean of the loss function, which is the squared error, in single precision.</summary>
    public double LossFunction { get; }

    /// <summary>The coefficient of determination: 1 - squared error / variance of the labels; NaN where the labels do not vary.</summary>
    public double RSquared { get; }
}
