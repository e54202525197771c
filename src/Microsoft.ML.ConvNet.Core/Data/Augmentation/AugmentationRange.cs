namespace Microsoft.ML.ConvNet.Data.Augmentation;

/// <summary>Where a number is drawn from, evenly; a pair of numbers can be written in its place.</summary>
/// <param name="Minimum">The least.</param>
/// <param name="Maximum">The greatest.</param>
public readonly record struct AugmentationRange(float Minimum, float Maximum)
{
    /// <summary>The factor 1, which changes nothing.</summary>
    public static AugmentationRange One { get; } = new(1, 1);

    /// <summary>A range as a pair.</summary>
    /// <param name="range">The least and the greatest.</param>
    public static implicit operator AugmentationRange((float Minimum, float Maximum) range) => FromValueTuple(range);

    /// <summary>A range from a pair.</summary>
    /// <param name="range">The least and the greatest.</param>
    public static AugmentationRange FromValueTuple((float Minimum, float Maximum) range) => new(range.Minimum, range.Maximum);

    /// <summary>A factor of 1 more or less: from 1 - <paramref name="share"/> to 1 + <paramref name="share"/>.</summary>
    /// <param name="share">How much more or less, such as 0.2.</param>
    public static AugmentationRange Around1(float share) => new(1 - share, 1 + share);
}
