#nullable disable

namespace Microsoft.ML.Data;

/// <summary>How well the scores of a multiclass classifier fit the labels.</summary>
public sealed class MulticlassClassificationMetrics
{
    internal MulticlassClassificationMetrics(MulticlassCounters counters, int topKPredictionCount, IReadOnlyList<string> classNames)
    {
        MicroAccuracy = counters.MicroAccuracy;
        MacroAccuracy = counters.MacroAccuracy;
        LogLoss = counters.LogLoss;
        LogLossReduction = counters.LogLossReduction;
        TopKPredictionCount = topKPredictionCount;
        if (topKPredictionCount > 0)
        {
            TopKAccuracyForAllK = Array.AsReadOnly(counters.TopKAccuracies(topKPredictionCount));
        }

        PerClassLogLoss = Array.AsReadOnly(counters.PerClassLogLoss());
        ConfusionMatrix = new ConfusionMatrix(counters.Confusion, classNames);
    }

    /// <summary>The mean of -ln p, where p is the probability given to the true class, at least 1e-15.</summary>
    public double LogLoss { get; }

    /// <summary>(prior - LogLoss) / prior, where prior is the entropy of the labels: 1 is perfect, 0 is no better than the prior.</summary>
    public double LogLossReduction { get; }

    /// <summary>The mean of the accuracies of the classes that occur.</summary>
    public double MacroAccuracy { get; }

    /// <summary>The share of rows whose true class has the highest score.</summary>
    public double MicroAccuracy { get; }

    /// <summary>The share of rows whose true class is among the <see cref="TopKPredictionCount"/> highest scores.</summary>
    public double TopKAccuracy => TopKAccuracyForAllK?[^1] ?? 0;

    public int TopKPredictionCount { get; }

    /// <summary>The accuracy for the 1, 2, ... <see cref="TopKPredictionCount"/> highest scores; null when that is 0.</summary>
    public IReadOnlyList<double> TopKAccuracyForAllK { get; }

    /// <summary>The log-loss of the rows of each class; 0 for a class that does not occur.</summary>
    public IReadOnlyList<double> PerClassLogLoss { get; }

    public ConfusionMatrix ConfusionMatrix { get; }
}
