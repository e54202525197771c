using System.Diagnostics;

namespace Microsoft.ML.ConvNet.Benchmarks.Peers.Comparison;

/// <summary>
/// Times a work on all sides in turn, so that what else the machine does strikes all: some runs of one, a pause in which its threads go to
/// sleep, some runs of the next, and so on. Each turn begins with the same numbers and with one run without the clock, for the other sides'
/// turns have filled the caches.
/// </summary>
internal sealed class InterleavedTiming
{
    private const double WarmUpSeconds = 2;
    private const double TurnSeconds = 0.5;
    private const double RowSeconds = 20;
    private const int LeastRounds = 5;
    private const int MostRounds = 12;
    private const int MostRuns = 400;
    private const int PauseMilliseconds = 50;
    private const int StillMilliseconds = 20;

    private readonly Side _side;
    private readonly double[] _turn;
    private readonly double _turnSeconds;
    private readonly List<double> _times = [];
    private TimeSpan _busyAfterTurns;
    private long _allocated;
    private int _turns;

    private InterleavedTiming(Side side)
    {
        _side = side;
        double fastest = WarmUp(side);
        _turn = new double[(int)Math.Clamp(TurnSeconds / fastest, 1, MostRuns)];
        _turnSeconds = fastest * (_turn.Length + 1);
    }

    /// <summary>Times a work; the timings are in the order of the sides.</summary>
    public static IReadOnlyList<Timing> Measure(IReadOnlyList<Side> sides)
    {
        InterleavedTiming[] timings = [.. sides.Select(side => new InterleavedTiming(side))];
        int rounds = (int)Math.Clamp(RowSeconds / timings.Sum(timing => timing._turnSeconds), LeastRounds, MostRounds);
        for (int round = 0; round < rounds; round++)
        {
            foreach (InterleavedTiming timing in timings)
            {
                timing.TakeTurn();
            }
        }

        return [.. timings.Select(timing => timing.Result())];
    }

    private void TakeTurn()
    {
        _allocated += Run(_side, _turn);
        _times.AddRange(_turn);
        _turns++;
        Thread.Sleep(PauseMilliseconds - StillMilliseconds);
        TimeSpan before = Environment.CpuUsage.TotalTime;
        Thread.Sleep(StillMilliseconds);
        _busyAfterTurns += Environment.CpuUsage.TotalTime - before;
    }

    private Timing Result() => new(
        _side.Name,
        Median(_times),
        _busyAfterTurns.TotalMilliseconds / (_turns * StillMilliseconds),
        _allocated / (double)_times.Count);

    /// <summary>Runs until the compiler has seen what is hot; the seconds of the fastest run.</summary>
    private static double WarmUp(Side side)
    {
        double fastest = double.MaxValue;
        double[] turn = new double[2];
        long start = Stopwatch.GetTimestamp();
        do
        {
            Run(side, turn);
            fastest = Math.Min(fastest, turn.Min() / 1e3);
        }
        while (Stopwatch.GetElapsedTime(start).TotalSeconds < WarmUpSeconds);
        return fastest;
    }

    /// <summary>Runs once, then as often as the array is long, with the clock on; the managed memory that those runs took.</summary>
    private static long Run(Side side, double[] times)
    {
        side.Reset();
        side.Run();
        long allocated = GC.GetTotalAllocatedBytes(precise: true);
        for (int i = 0; i < times.Length; i++)
        {
            long start = Stopwatch.GetTimestamp();
            side.Run();
            times[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }

        return GC.GetTotalAllocatedBytes(precise: true) - allocated;
    }

    private static double Median(List<double> times)
    {
        times.Sort();
        return (times[(times.Count - 1) / 2] + times[times.Count / 2]) / 2;
    }
}
