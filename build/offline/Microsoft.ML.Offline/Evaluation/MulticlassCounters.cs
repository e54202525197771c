namespace Microsoft.ML.Data;

/// <summary>Sums over rows what the multiclass metrics are made of.</summary>
internal sealed class MulticlassCounters(int classCount)
{
    /// <summary>The least probability that a log-loss is taken of.</summary>
    private const float SmallestProbability = 1e-15f;

    private readonly double[] _rowsOfClass = new double[classCount];
    private readonly double[] _logLossOfClass = new double[classCount];

    // _rowsAtRank[r]: rows whose true class has the (r + 1)-th highest score; the last place is for labels beyond the scores.
    private readonly double[] _rowsAtRank = new double[classCount + 1];
    private double _rows;
    private double _correct;
    private double _logLoss;

    /// <summary>Confusion[truth][predicted].</summary>
    public double[][] Confusion { get; } = [.. Enumerable.Range(0, classCount).Select(_ => new double[classCount])];

    public double MicroAccuracy => _rows > 0 ? _correct / _rows : 0;

    public double MacroAccuracy
    {
        get
        {
            IEnumerable<int> occurring = Enumerable.Range(0, classCount).Where(c => _rowsOfClass[c] > 0);
            return occurring.Select(c => Confusion[c][c] / _rowsOfClass[c]).DefaultIfEmpty(0).Average();
        }
    }

    public double LogLoss => _rows > 0 ? _logLoss / _rows : 0;

    public double LogLossReduction
    {
        get
        {
            double entropy = _rowsOfClass.Where(rows => rows != 0).Sum(rows => rows * Math.Log(rows / _rows)) / -_rows;
            return (entropy - LogLoss) / entropy;
        }
    }

    public double[] PerClassLogLoss() =>
        [.. _logLossOfClass.Select((loss, c) => _rowsOfClass[c] > 0 ? loss / _rowsOfClass[c] : 0)];

    public double[] TopKAccuracies(int k)
    {
        var accuracies = new double[k];
        double sum = 0;
        for (int rank = 0; rank < k; rank++)
        {
            sum += _rowsAtRank[rank] / _rows;
            accuracies[rank] = sum;
        }

        return accuracies;
    }

    /// <param name="label">The true class, from 0; it may lie beyond the classes that have scores.</param>
    /// <param name="scores">A probability a class.</param>
    public void Add(int label, ReadOnlySpan<float> scores)
    {
        bool isKnown = label < classCount;
        float score = isKnown ? scores[label] : 0;
        double logLoss = -Math.Log(isKnown ? Math.Min(1, Math.Max(SmallestProbability, score)) : SmallestProbability);

        // Among equal scores the first counts as the highest.
        int rank = 0;
        int predicted = 0;
        for (int c = 0; c < scores.Length; c++)
        {
            if (scores[c] > score || (scores[c] == score && c < label))
            {
                rank++;
            }

            if (scores[c] > scores[predicted])
            {
                predicted = c;
            }
        }

        _rows++;
        _logLoss += logLoss;
        _rowsAtRank[rank]++;
        if (isKnown)
        {
            _rowsOfClass[label]++;
            _logLossOfClass[label] += logLoss;
            _correct += rank == 0 ? 1 : 0;
            Confusion[label][rank == 0 ? label : predicted]++;
        }
    }
}
