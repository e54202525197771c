using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Cli.Commands;

/// <summary>The real numbers that an option takes.</summary>
/// <param name="Minimum">The least.</param>
/// <param name="Maximum">The most.</param>
internal readonly record struct RealRange(double Minimum, double Maximum)
{
    /// <summary>Whether the most is itself too much.</summary>
    public bool IsUnderMaximum { get; init; }

    /// <summary>Whether a number is one of them; NaN is in no range.</summary>
    public bool Contains(double value) => value >= Minimum && (IsUnderMaximum ? value < Maximum : value <= Maximum);

    /// <summary>The range as it is said of a number, such as "from 0 to under 1".</summary>
    public override string ToString() => Invariant($"from {Minimum} to {(IsUnderMaximum ? "under " : string.Empty)}{Maximum}");
}
