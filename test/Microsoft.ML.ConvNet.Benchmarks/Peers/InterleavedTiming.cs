using System.Diagnostics;

namespace Microsoft.ML.ConvNet.Benchmarks.Peers;

/// <summary>
/// Times a work on both sides in turn, so that what else the machine does strikes both: some runs of the peer, a pause in which its
/// threads go to sleep, some runs of the engine, a pause, and so on. Each turn begins with the same numbers and with one run without the
/// clock, for the other side's turn has filled the caches.
/// </summary>
internal static class InterleavedTiming
{
    private const double WarmUpSeconds = 2;
    private const double TurnSeconds = 0.5;
    private const double RowSeconds = 14;
    private const int LeastRounds = 5;
    private const int MostRounds = 12;
    private const int MostRuns = 400;
    private const int PauseMilliseconds = 50;

    /// <summary>Times a work.</summary>
    public static PairOfTimes Measure(PeerProcess peer, EngineWork engine)
    {
        WarmUp(engine);
        double peerRun = peer.Run(2).Min() / 1e3;
        double[] turn = new double[2];
        RunEngine(engine, turn);
        double engineRun = turn.Min() / 1e3;
        int peerRuns = RunsOf(peerRun);
        turn = new double[RunsOf(engineRun)];
        double round = ((peerRuns + 1) * peerRun) + ((turn.Length + 1) * engineRun);
        int rounds = (int)Math.Clamp(RowSeconds / round, LeastRounds, MostRounds);
        List<double> peerTimes = [];
        List<double> engineTimes = [];
        TimeSpan peerAtWork = TimeSpan.Zero;
        TimeSpan engineTurns = TimeSpan.Zero;
        long allocated = 0;
        MachineLoad load = new(peer);
        for (int i = 0; i < rounds; i++)
        {
            peerTimes.AddRange(peer.Run(peerRuns));
            Thread.Sleep(PauseMilliseconds);
            TimeSpan before = peer.ProcessorTime;
            long start = Stopwatch.GetTimestamp();
            allocated += RunEngine(engine, turn);
            engineTurns += Stopwatch.GetElapsedTime(start);
            peerAtWork += peer.ProcessorTime - before;
            engineTimes.AddRange(turn);
            Thread.Sleep(PauseMilliseconds);
        }

        double? others = load.OfOthers;
        return new PairOfTimes(
            Median(peerTimes), Median(engineTimes), peerAtWork / engineTurns, others, allocated / (double)engineTimes.Count);
    }

    private static int RunsOf(double seconds) => (int)Math.Clamp(TurnSeconds / seconds, 1, MostRuns);

    /// <summary>Until the compiler has seen what is hot.</summary>
    private static void WarmUp(EngineWork engine)
    {
        long start = Stopwatch.GetTimestamp();
        do
        {
            RunEngine(engine, new double[4]);
        }
        while (Stopwatch.GetElapsedTime(start).TotalSeconds < WarmUpSeconds);
    }

    /// <summary>Runs once, then as often as the array is long, with the clock on; the managed memory that those runs took.</summary>
    private static long RunEngine(EngineWork engine, double[] times)
    {
        engine.Reset();
        engine.Run();
        long allocated = GC.GetTotalAllocatedBytes(precise: true);
        for (int i = 0; i < times.Length; i++)
        {
            long start = Stopwatch.GetTimestamp();
            engine.Run();
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
