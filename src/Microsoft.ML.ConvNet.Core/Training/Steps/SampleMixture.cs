using Microsoft.ML.ConvNet.Data.Augmentation;

namespace Microsoft.ML.ConvNet.Training.Steps;

/// <summary>What a sample is mixed with.</summary>
/// <param name="Partner">The number of the other sample; that of the sample itself where it stays as it is.</param>
/// <param name="Share">What the sample itself counts, from 0 to 1; the other one the rest.</param>
/// <param name="Region">The rectangle that the other one has, where <paramref name="IsCut"/>.</param>
/// <param name="IsCut">Whether the other one has a rectangle, rather than a share of every value.</param>
internal readonly record struct SampleMixture(int Partner, float Share, ImageRegion Region = default, bool IsCut = false);
