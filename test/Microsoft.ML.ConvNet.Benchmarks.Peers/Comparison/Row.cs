using System.Globalization;

namespace Microsoft.ML.ConvNet.Benchmarks.Peers.Comparison;

/// <summary>A row of the table: one work.</summary>
internal sealed record Row(Work Work)
{
    private const double BusyAfterTurns = 0.05;
    private const double BusyOthers = 0.1;
    private const double AllocatingEngine = 16;

    /// <summary>The engine's times; null where it was not timed.</summary>
    public Timing? Ours { get; init; }

    /// <summary>The peers' times.</summary>
    public IReadOnlyList<Timing> Peers { get; init; } = [];

    /// <summary>The processors that other programs kept busy; null where that is not known.</summary>
    public double? OtherLoad { get; init; }

    /// <summary>How far the results were apart; null where there were none.</summary>
    public double? MaximumError { get; init; }

    /// <summary>Which forms of a peer take no part, and why.</summary>
    public IReadOnlyList<string> Absent { get; init; } = [];

    /// <summary>What failed.</summary>
    public IReadOnlyList<string> Failures { get; init; } = [];

    /// <summary>The best peer's time divided by the engine's.</summary>
    public double? Ratio => Ours is { } ours && Peers.Count > 0 ? Peers.Min(peer => peer.Milliseconds) / ours.Milliseconds : null;

    /// <summary>The best time of the peers whose names begin so; null where there is none.</summary>
    public Timing? BestOf(string peer) => Peers
        .Where(timing => timing.Side.StartsWith(peer, StringComparison.Ordinal))
        .OrderBy(timing => timing.Milliseconds)
        .Select(timing => (Timing?)timing)
        .FirstOrDefault();

    /// <summary>What is to be known of the row: a failure, or what puts it in doubt.</summary>
    public IEnumerable<string> Remarks()
    {
        foreach (string failure in Failures)
        {
            yield return "FAILED: " + failure;
        }

        foreach (string absent in Absent)
        {
            yield return "ABSENT: " + absent;
        }

        foreach (Timing timing in Ours is { } own ? [own, .. Peers] : Peers)
        {
            if (timing.BusyAfterTurns > BusyAfterTurns)
            {
                yield return string.Create(
                    CultureInfo.InvariantCulture,
                    $"FLAG: {timing.BusyAfterTurns:F2} processors were still busy after the pause behind a turn of {timing.Side}");
            }
        }

        if (OtherLoad > BusyOthers)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"FLAG: other programs kept {OtherLoad:F2} processors busy");
        }

        if (Ours is { AllocatedBytes: > AllocatingEngine } ours)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"FLAG: the engine allocated {ours.AllocatedBytes:F0} bytes a run");
        }
    }
}
