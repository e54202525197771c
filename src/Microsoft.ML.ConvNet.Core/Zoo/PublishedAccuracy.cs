namespace Microsoft.ML.ConvNet.Zoo;

/// <summary>How well an architecture was published to do on the validation images of ImageNet's classification task of 2012.</summary>
/// <param name="Top1">The share of images whose class has the highest score, in percent, if it was published.</param>
/// <param name="Top5">The share of images whose class is among the five highest scores, in percent, if it was published.</param>
/// <param name="Source">Where the numbers stand, and how images were taken: a table of the paper, and the number of crops an image.</param>
public sealed record PublishedAccuracy(double? Top1, double? Top5, string Source)
{
    /// <summary>The accuracies that belong to published error rates, in percent.</summary>
    internal static PublishedAccuracy OfErrors(double? top1, double? top5, string source) => new(
        top1 is { } first ? Math.Round(100 - first, 3) : null,
        top5 is { } fifth ? Math.Round(100 - fifth, 3) : null,
        source);
}
