namespace Microsoft.ML.ConvNet.Training;

/// <summary>How well a network does on samples.</summary>
/// <param name="Count">The number of samples with a target.</param>
/// <param name="Loss">The mean loss.</param>
/// <param name="Accuracy">The share of samples whose class was found; null where the targets are numbers.</param>
/// <param name="Confusion">
/// The number of samples by class, first, and by class found, second; empty where the targets are numbers, or where there are over
/// 10,000 classes, whose table would take gigabytes.
/// </param>
/// <param name="Duration">The time taken, reading included.</param>
public sealed record EvaluationResult(int Count, double Loss, double? Accuracy, long[,] Confusion, TimeSpan Duration)
{
    /// <summary>
    /// The mean over the samples of -ln p, where p is the probability that the outputs give the class of the sample; null where the targets are numbers,
    /// or the loss is not one of classes, so that nobody knows what the outputs are.
    /// </summary>
    public double? LogLoss { get; init; }

    /// <summary>
    /// For each class the share of its samples for which it was found, TP / (TP + FN); not a number for a class without samples. Empty where
    /// <see cref="Confusion"/> is.
    /// </summary>
    public IReadOnlyList<double> Recalls => [.. Classes.Select(c => (double)Confusion[c, c] / SamplesOf(c))];

    /// <summary>
    /// For each class the share of the samples for which it was found that are its own, TP / (TP + FP); not a number for a class that was never
    /// found. Empty where <see cref="Confusion"/> is.
    /// </summary>
    public IReadOnlyList<double> Precisions => [.. Classes.Select(c => (double)Confusion[c, c] / FindsOf(c))];

    /// <summary>
    /// The mean over the classes of F1, 2 TP / (2 TP + FP + FN), the harmonic mean of precision and recall; classes without samples that were never
    /// found do not count. Null where <see cref="Confusion"/> is empty.
    /// </summary>
    public double? MacroF1
    {
        get
        {
            double[] scores =
            [
                .. Classes.Where(c => SamplesOf(c) + FindsOf(c) > 0).Select(c => 2.0 * Confusion[c, c] / (SamplesOf(c) + FindsOf(c))),
            ];
            return scores.Length == 0 ? null : scores.Average();
        }
    }

    /// <summary>How many samples have their class at each place, from 0, of the outputs in falling order.</summary>
    internal IReadOnlyList<long> Ranks { get; init; } = [];

    private IEnumerable<int> Classes => Enumerable.Range(0, Confusion.GetLength(0));

    /// <summary>
    /// The share of samples whose class is among the k with the greatest outputs; of equal ones the first counts as the greater.
    /// </summary>
    /// <param name="k">The number of classes, at least 1.</param>
    /// <returns>The share; null where the targets are numbers.</returns>
    public double? TopKAccuracy(int k)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        return Accuracy is null || Count == 0 ? Accuracy : (double)Ranks.Take(k).Sum() / Count;
    }

    private long SamplesOf(int c) => Classes.Sum(found => Confusion[c, found]);

    private long FindsOf(int c) => Classes.Sum(own => Confusion[own, c]);

    /// <summary>The most classes whose confusion is counted: 800 MB.</summary>
    internal const int MostClassesOfConfusion = 10_000;
}
