using System.Globalization;

namespace Microsoft.ML.ConvNet.Benchmarks.Peers;

/// <summary>A row of the table: one work with one batch.</summary>
internal sealed record PeerRow(PeerWork Work)
{
    // A peer that takes longer than this times its reference ran on another machine, or on one that was busy.
    private const double SlowPeer = 1.15;
    private const double BusyPeer = 0.02;
    private const double BusyOthers = 0.1;
    private const double AllocatingEngine = 16;

    /// <summary>The times; null where it failed.</summary>
    public PairOfTimes? Times { get; init; }

    /// <summary>How far the results were apart; null where there were none.</summary>
    public double? MaximumError { get; init; }

    /// <summary>In which form the peer ran, where it has several.</summary>
    public string Form { get; init; } = string.Empty;

    /// <summary>Why it failed; null where it did not.</summary>
    public string? Failure { get; init; }

    /// <summary>The peer's time divided by the engine's.</summary>
    public double? Ratio => Times is { } times ? times.PeerMilliseconds / times.EngineMilliseconds : null;

    /// <summary>What is to be known of the row: a failure, or what puts it in doubt.</summary>
    public IEnumerable<string> Remarks()
    {
        if (Failure != null)
        {
            yield return "FAILED: " + Failure;
        }

        if (Ratio < Work.Goal)
        {
            yield return "under its goal";
        }

        if (Times is { } times)
        {
            double? slowness = times.PeerMilliseconds / Work.ReferenceMilliseconds;
            if (slowness > SlowPeer)
            {
                yield return string.Create(
                    CultureInfo.InvariantCulture,
                    $"FLAG: the peer is {(slowness - 1) * 100:F0}% slower than its reference of {Work.ReferenceMilliseconds} ms");
            }

            if (times.PeerLoad > BusyPeer)
            {
                yield return string.Create(
                    CultureInfo.InvariantCulture,
                    $"FLAG: the peer kept {times.PeerLoad:F2} processors busy while the engine ran");
            }

            if (times.OtherLoad > BusyOthers)
            {
                yield return string.Create(
                    CultureInfo.InvariantCulture, $"FLAG: other programs kept {times.OtherLoad:F2} processors busy");
            }

            if (times.AllocatedBytes > AllocatingEngine)
            {
                yield return string.Create(
                    CultureInfo.InvariantCulture, $"FLAG: the engine allocated {times.AllocatedBytes:F0} bytes a run");
            }
        }

        if (Form.Length > 0)
        {
            yield return Form;
        }
    }
}
