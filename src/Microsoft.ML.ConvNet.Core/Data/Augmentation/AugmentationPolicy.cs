using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Data.Augmentation;

/// <summary>
/// A rule by which operations are drawn for each image: <see cref="RandAugment"/> or <see cref="TrivialAugment"/>. Those that move pixels become
/// part of the image's one warp; the others follow it in the order in which they were drawn.
/// </summary>
public abstract record AugmentationPolicy
{
    /// <summary>The most operations an image.</summary>
    internal const int MostOperations = 8;

    private protected AugmentationPolicy()
    {
    }

    /// <summary>The number of magnitudes; 31 where not given, as in both papers' programs.</summary>
    public int MagnitudeBins { get; init; } = 31;

    /// <summary>Throws where a setting is out of its range.</summary>
    internal virtual void Check() => AugmentationSetting.Require(
        MagnitudeBins is >= 2 and <= 1000, $"{GetType().Name}.{nameof(MagnitudeBins)}", "from 2 to 1000", MagnitudeBins);

    /// <summary>Draws the operations of an image.</summary>
    /// <param name="random">What is drawn from.</param>
    /// <param name="height">The image's rows.</param>
    /// <param name="width">The image's columns.</param>
    /// <param name="steps">Receives them.</param>
    /// <returns>How many there are.</returns>
    internal abstract int Draw(ref RandomStream random, int height, int width, Span<PolicyStep> steps);

    /// <summary>How strong an operation is.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="level">Its level, from 0 to 1.</param>
    /// <param name="height">The image's rows.</param>
    /// <param name="width">The image's columns.</param>
    internal abstract float MagnitudeOf(PolicyOperation operation, float level, int height, int width);

    /// <summary>Draws an operation, of a level that is given, and the direction of those that have two.</summary>
    private protected PolicyStep DrawStep(ref RandomStream random, int? bin, int height, int width)
    {
        PolicyOperation operation = (PolicyOperation)random.NextIndex(PolicyStep.Operations);
        float level = (float)(bin ?? random.NextIndex(MagnitudeBins)) / (MagnitudeBins - 1);
        bool isTurned = random.NextIndex(2) == 1;
        float magnitude = MagnitudeOf(operation, level, height, width);
        return new PolicyStep(operation, isTurned && PolicyStep.IsSigned(operation) ? -magnitude : magnitude);
    }
}
