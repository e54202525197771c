#nullable disable

namespace Microsoft.ML.Data;

/// <summary>How often each true class was predicted as each class.</summary>
public sealed class ConfusionMatrix
{
    private readonly Lazy<string> _table;

    /// <param name="counts">counts[truth][predicted].</param>
    /// <param name="classNames">A name a class.</param>
    internal ConfusionMatrix(double[][] counts, IReadOnlyList<string> classNames)
    {
        NumberOfClasses = counts.Length;
        ClassNames = classNames;
        Counts = Array.AsReadOnly(Array.ConvertAll(counts, row => (IReadOnlyList<double>)Array.AsReadOnly(row)));
        IEnumerable<int> classes = Enumerable.Range(0, NumberOfClasses);
        PerClassPrecision = Array.AsReadOnly(classes.Select(c => Share(counts[c][c], counts.Sum(row => row[c]))).ToArray());
        PerClassRecall = Array.AsReadOnly(classes.Select(c => Share(counts[c][c], counts[c].Sum())).ToArray());
        _table = new Lazy<string>(() => ConfusionTable.Format(this));
    }

    /// <summary>Of the rows predicted as a class, the share that is of it; 0 where none is predicted.</summary>
    public IReadOnlyList<double> PerClassPrecision { get; }

    /// <summary>Of the rows of a class, the share that is predicted as it; 0 where there is none.</summary>
    public IReadOnlyList<double> PerClassRecall { get; }

    /// <summary>Counts[truth][predicted].</summary>
    public IReadOnlyList<IReadOnlyList<double>> Counts { get; }

    public int NumberOfClasses { get; }

    internal IReadOnlyList<string> ClassNames { get; }

    /// <summary>The matrix as a text table with recall at the right and precision below.</summary>
    public string GetFormattedConfusionTable() => _table.Value;

    public double GetCountForClassPair(int predictedClassIndicatorIndex, int actualClassIndicatorIndex)
    {
        CheckIndex(predictedClassIndicatorIndex, nameof(predictedClassIndicatorIndex));
        CheckIndex(actualClassIndicatorIndex, nameof(actualClassIndicatorIndex));
        return Counts[actualClassIndicatorIndex][predictedClassIndicatorIndex];
    }

    private static double Share(double part, double whole) => whole > 0 ? part / whole : 0;

    private void CheckIndex(int index, string name)
    {
        if (index < 0 || index >= NumberOfClasses)
        {
            throw new ArgumentOutOfRangeException(
                name, $"Invalid index. Should be non-negative, less than the number of classes. Received: {index} of {NumberOfClasses}");
        }
    }
}
