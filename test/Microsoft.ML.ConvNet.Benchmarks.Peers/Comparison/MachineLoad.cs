using System.Diagnostics;
using System.Globalization;

namespace Microsoft.ML.ConvNet.Benchmarks.Peers.Comparison;

/// <summary>
/// How busy other programs keep the machine. They strike unevenly, so that ratios mean little: threads that wait for each other in a tight
/// loop, as the peers' do, lose more than the share of the processors that is taken from them.
/// </summary>
internal sealed class MachineLoad
{
    private const string Statistics = "/proc/stat";
    private const double TicksPerSecond = 100;

    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly double _others = Others();

    /// <summary>The processors that others have kept busy since this was made; null where the system does not tell.</summary>
    public double? OfOthers => File.Exists(Statistics)
        ? Math.Max(0, (Others() - _others) / Stopwatch.GetElapsedTime(_start).TotalSeconds)
        : null;

    /// <summary>The processor time of all other programs since the system started, in seconds.</summary>
    private static double Others()
    {
        if (!File.Exists(Statistics))
        {
            return 0;
        }

        // The first line: "cpu", then ticks of user, nice, system, idle, waiting, interrupts, soft interrupts, stolen.
        double[] ticks = [.. File.ReadLines(Statistics).First()
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Skip(1)
            .Take(8)
            .Select(text => double.Parse(text, CultureInfo.InvariantCulture))];
        double busy = ticks.Sum() - ticks[3] - ticks[4];
        return (busy / TicksPerSecond) - Environment.CpuUsage.TotalTime.TotalSeconds;
    }
}
