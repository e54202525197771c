using System.Globalization;

namespace Microsoft.ML.ConvNet.Layers;

/// <summary>
/// How many zeros (for max pooling: how much of nothing) surround a sequence: none, a number at each end, or as many as keep the length
/// divided by the stride. A whole number converts to that many at both ends.
/// </summary>
/// <param name="Before">Steps before the first one.</param>
/// <param name="After">Steps after the last one.</param>
public readonly record struct Padding1D(int Before, int After)
{
    /// <summary>No padding: windows lie inside the input.</summary>
    public static Padding1D Valid => default;

    /// <summary>As much as makes the output ceil(input / stride); where that is odd, the further step is after the last one.</summary>
    public static Padding1D Same => new() { IsSame = true };

    /// <summary>Whether the amount follows from input, window and stride.</summary>
    public bool IsSame { get; init; }

    /// <summary>The same padding at both ends.</summary>
    public static implicit operator Padding1D(int padding) => new(padding, padding);

    /// <summary>The same padding at both ends.</summary>
    public static Padding1D FromInt32(int padding) => padding;

    /// <summary>The padding as it is written in a summary: <c>same</c>, one number, or before and after.</summary>
    public override string ToString() =>
        IsSame ? "same"
        : Before == After ? Before.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"({Before}, {After})");
}
