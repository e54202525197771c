using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Training;

/// <summary>Which of two epochs is the better one, by a metric.</summary>
/// <param name="Metric">The metric.</param>
/// <param name="MinimumChange">By how much one has to be better to count as such.</param>
internal readonly record struct EpochComparison(TrainingMetric Metric, double MinimumChange = 0)
{
    /// <summary>Whether one epoch is better than another.</summary>
    public bool IsBetter(EpochMetrics epoch, EpochMetrics other) => Metric switch
    {
        TrainingMetric.Loss => IsSmaller(epoch.Loss, other.Loss),
        TrainingMetric.Accuracy => IsSmaller(-epoch.Accuracy, -other.Accuracy),
        TrainingMetric.ValidationLoss => IsSmaller(epoch.ValidationLoss, other.ValidationLoss),
        TrainingMetric.ValidationAccuracy => IsSmaller(-epoch.ValidationAccuracy, -other.ValidationAccuracy),
        _ when epoch.ValidationLoss is null || other.ValidationLoss is null => IsSmaller(epoch.Loss, other.Loss),
        _ => IsSmaller(epoch.ValidationLoss, other.ValidationLoss),
    };

    /// <summary>The best of some epochs, the first of equals; null where there is none.</summary>
    public EpochMetrics? BestOf(IEnumerable<EpochMetrics> epochs)
    {
        EpochMetrics? best = null;
        foreach (EpochMetrics epoch in epochs)
        {
            best = best is null || IsBetter(epoch, best) ? epoch : best;
        }

        return best;
    }

    /// <summary>Throws where a training does not measure the metric.</summary>
    public void Check(TrainingOptions options, bool isValidated, string whose)
    {
        Setting.Require(Enum.IsDefined(Metric), Invariant($"{whose}: the metric is one of {nameof(TrainingMetric)}. Received: {(int)Metric}."));
        Setting.RequireRange(
            MinimumChange is >= 0 and < double.PositiveInfinity, $"{whose}: the smallest change that counts", "at least 0", MinimumChange);
        Setting.Require(
            Metric is not (TrainingMetric.ValidationLoss or TrainingMetric.ValidationAccuracy) || isValidated,
            $"{whose}: {Metric} needs a validation set. Received: none.");
        bool isAccuracy = Metric is TrainingMetric.Accuracy or TrainingMetric.ValidationAccuracy;
        Setting.Require(!isAccuracy || options.Loss.TargetsAreClasses, $"{whose}: {Metric} needs targets that are classes. Received: numbers.");
    }

    // What is not a number is worse than any number.
    private bool IsSmaller(double? value, double? than) =>
        value is { } number && !double.IsNaN(number) && (than is not { } other || double.IsNaN(other) || number < other - MinimumChange);
}
