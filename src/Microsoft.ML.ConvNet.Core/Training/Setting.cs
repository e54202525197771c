using System.Globalization;

namespace Microsoft.ML.ConvNet.Training;

/// <summary>Refuses settings of a training that cannot be used.</summary>
internal static class Setting
{
    /// <summary>Throws where a condition on a setting is not met.</summary>
    /// <exception cref="ArgumentException">It is not.</exception>
    public static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new ArgumentException(message);
        }
    }

    /// <summary>Throws where a setting is out of its range.</summary>
    /// <param name="isInRange">Whether it is in its range.</param>
    /// <param name="setting">The setting, as the beginning of a sentence.</param>
    /// <param name="range">The range, behind "is".</param>
    /// <param name="received">What the setting is.</param>
    /// <exception cref="ArgumentException">It is out of its range.</exception>
    public static void RequireRange(bool isInRange, string setting, string range, object? received) =>
        Require(isInRange, string.Create(CultureInfo.InvariantCulture, $"{setting} is {range}. Received: {received}."));
}
