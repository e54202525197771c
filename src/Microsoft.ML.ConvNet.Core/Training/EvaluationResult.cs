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
    /// <summary>The most classes whose confusion is counted: 800 MB.</summary>
    internal const int MostClassesOfConfusion = 10_000;
}
