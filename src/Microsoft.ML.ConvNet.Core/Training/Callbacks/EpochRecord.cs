namespace Microsoft.ML.ConvNet.Training.Callbacks;

/// <summary>The numbers of an epoch as logs name them.</summary>
internal static class EpochRecord
{
    /// <summary>The names, in their order.</summary>
    public static IReadOnlyList<string> Names { get; } =
        ["epoch", "loss", "accuracy", "validation_loss", "validation_accuracy", "learning_rate", "seconds", "images_per_second"];

    /// <summary>The numbers of an epoch in the order of the names; null for what was not measured.</summary>
    public static double?[] Of(EpochMetrics epoch) =>
    [
        epoch.Epoch,
        epoch.Loss,
        epoch.Accuracy,
        epoch.ValidationLoss,
        epoch.ValidationAccuracy,
        // As short as it was written, and not with the digits that a float has no more.
        double.Parse(epoch.LearningRate.ToString("R", System.Globalization.CultureInfo.InvariantCulture), System.Globalization.CultureInfo.InvariantCulture),
        epoch.Duration.TotalSeconds,
        epoch.ImagesPerSecond,
    ];
}
