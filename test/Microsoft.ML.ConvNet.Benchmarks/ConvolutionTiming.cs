using System.Diagnostics;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Benchmarks;

/// <summary>
/// The rates of a workload's passes: each is run many times with a measurement of the peak before every run, and the best of both are
/// compared, since other work on the machine and its clock change both.
/// </summary>
/// <param name="Peak">The best rate of multiply-adds in registers meanwhile, in GFLOP/s.</param>
/// <param name="Passes">The passes that were asked for, in their order.</param>
internal sealed record ConvolutionTiming(double Peak, IReadOnlyList<PassTiming> Passes)
{
    /// <summary>Measures passes.</summary>
    /// <param name="gang">The threads.</param>
    /// <param name="floatingPointOperations">The operations of a pass.</param>
    /// <param name="passes">The passes.</param>
    /// <param name="secondsPerPass">For how long each pass is measured.</param>
    /// <param name="leastRuns">How often it is run at least.</param>
    public static ConvolutionTiming Measure(
        WorkerGang gang, double floatingPointOperations, IReadOnlyList<Action> passes, double secondsPerPass, int leastRuns)
    {
        double peak = 0;
        double[] best = new double[passes.Count];
        for (int pass = 0; pass < best.Length; pass++)
        {
            passes[pass]();
            best[pass] = double.PositiveInfinity;
            long start = Stopwatch.GetTimestamp();
            for (int run = 0; run < leastRuns || Stopwatch.GetElapsedTime(start).TotalSeconds < secondsPerPass; run++)
            {
                peak = Math.Max(peak, PeakBenchmark.Measure(gang));
                long from = Stopwatch.GetTimestamp();
                passes[pass]();
                best[pass] = Math.Min(best[pass], Stopwatch.GetElapsedTime(from).TotalSeconds);
            }
        }

        return new ConvolutionTiming(peak, [.. best.Select(seconds => new PassTiming(seconds, floatingPointOperations / seconds / 1e9, peak))]);
    }
}

/// <summary>The rate of one pass.</summary>
/// <param name="Seconds">The time of the best run.</param>
/// <param name="Gigaflops">Its rate in GFLOP/s, by the operations of the definition.</param>
/// <param name="Peak">The rate of multiply-adds in registers meanwhile.</param>
internal sealed record PassTiming(double Seconds, double Gigaflops, double Peak)
{
    /// <summary>The rate as a share of the peak; over 1 where the algorithm needs fewer operations than the definition.</summary>
    public double Share => Gigaflops / Peak;
}
