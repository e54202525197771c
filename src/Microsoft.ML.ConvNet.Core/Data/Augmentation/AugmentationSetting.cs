using System.Globalization;

namespace Microsoft.ML.ConvNet.Data.Augmentation;

/// <summary>Refuses settings that are out of their range.</summary>
internal static class AugmentationSetting
{
    /// <summary>Throws where a setting is out of its range.</summary>
    /// <param name="isInRange">Whether it is in its range.</param>
    /// <param name="name">The setting.</param>
    /// <param name="range">The range, behind "is".</param>
    /// <param name="received">What the setting is.</param>
    /// <exception cref="ArgumentException">It is out of its range.</exception>
    public static void Require(bool isInRange, string name, string range, object? received)
    {
        if (!isInRange)
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"{name} is {range}. Received: {received}."));
        }
    }

    /// <summary>Throws where a range is empty, or reaches down to a limit or beyond another.</summary>
    /// <param name="range">The range.</param>
    /// <param name="name">The setting.</param>
    /// <param name="above">What the least is above.</param>
    /// <param name="greatest">What the greatest may be.</param>
    /// <exception cref="ArgumentException">It is.</exception>
    public static void Require(in AugmentationRange range, string name, float above, float greatest) => Require(
        range.Minimum > above && range.Minimum <= range.Maximum && range.Maximum <= greatest,
        name,
        string.Create(CultureInfo.InvariantCulture, $"a range with a minimum above {above} and a maximum of at most {greatest}"),
        string.Create(CultureInfo.InvariantCulture, $"{range.Minimum} to {range.Maximum}"));

    /// <summary>Throws where a range of factors of colours is empty, or has factors that cannot be used.</summary>
    /// <param name="range">The range.</param>
    /// <param name="name">The setting.</param>
    /// <exception cref="ArgumentException">It is.</exception>
    public static void RequireFactors(in AugmentationRange range, string name) => Require(
        range.Minimum >= 0 && range.Minimum <= range.Maximum && range.Maximum <= 100,
        name,
        "a range of factors from 0 to 100, the minimum first",
        string.Create(CultureInfo.InvariantCulture, $"{range.Minimum} to {range.Maximum}"));
}
