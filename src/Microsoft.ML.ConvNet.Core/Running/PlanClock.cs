using System.Diagnostics;
using Microsoft.ML.ConvNet.Kernels.Simd;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Ops;
using Microsoft.ML.ConvNet.Planning;

namespace Microsoft.ML.ConvNet.Running;

/// <summary>Runs a plan with a look at the clock between its steps, again and again, and takes the medians.</summary>
/// <param name="plan">The plan.</param>
internal sealed class PlanClock(Plan plan)
{
    private const int LeastWarmUps = 3;
    private const int LeastRuns = 5;
    private const int MostRuns = 101;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(3);

    private readonly List<long> _runs = [];
    private readonly List<long>[] _steps = [.. Enumerable.Range(0, plan.Steps.Count + 1).Select(_ => new List<long>())];
    private readonly long[] _current = new long[plan.Steps.Count + 1];

    /// <summary>How many runs were measured.</summary>
    public int Runs => _runs.Count;

    /// <summary>The median time of a whole run.</summary>
    public TimeSpan Time => Median(_runs);

    /// <summary>The median time of what follows the plan's steps.</summary>
    public TimeSpan TimeAfterSteps => Median(_steps[^1]);

    /// <summary>Demands a number of runs, or 0.</summary>
    public static void RequireRuns(int runs)
    {
        if (runs < 0)
        {
            throw new ArgumentOutOfRangeException(
                nameof(runs), runs, "The number of runs is at least 1, or 0 for as many as a few seconds have room for.");
        }
    }

    /// <summary>Lets something run until the code is compiled and caches are warm, and then measures it.</summary>
    /// <param name="run">Runs the plan once, with <see cref="RunSteps"/>.</param>
    /// <param name="runs">The number of runs to measure; 0 for as many as some seconds have room for.</param>
    public void Measure(Action run, int runs)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < LeastWarmUps || (runs == 0 && Stopwatch.GetElapsedTime(start) < WarmUp); i++)
        {
            run();
        }

        start = Stopwatch.GetTimestamp();
        while (runs > 0 ? Runs < runs : Runs < LeastRuns || (Runs < MostRuns && Stopwatch.GetElapsedTime(start) < Duration))
        {
            Array.Clear(_current);
            long from = Stopwatch.GetTimestamp();
            run();
            _runs.Add(Stopwatch.GetTimestamp() - from);
            for (int step = 0; step < _steps.Length; step++)
            {
                _steps[step].Add(_current[step]);
            }
        }
    }

    /// <summary>Runs all steps; several times in one run where a batch is taken in parts.</summary>
    public void RunSteps(in Execution execution)
    {
        long from = Stopwatch.GetTimestamp();
        for (int i = 0; i < plan.Steps.Count; i++)
        {
            plan.Steps[i].Run(execution);
            long to = Stopwatch.GetTimestamp();
            _current[i] += to - from;
            from = to;
        }

        plan.MoveStatistics(execution);
        _current[^1] += Stopwatch.GetTimestamp() - from;
    }

    /// <summary>Runs what follows the steps.</summary>
    public void RunAfterSteps(Action action)
    {
        long from = Stopwatch.GetTimestamp();
        action();
        _current[^1] += Stopwatch.GetTimestamp() - from;
    }

    /// <summary>The profile.</summary>
    /// <param name="network">The network.</param>
    /// <param name="batch">The samples of a run.</param>
    /// <param name="part">The samples that are taken at a time, where a batch is taken in parts.</param>
    /// <param name="numberOfThreads">The most threads that a run used.</param>
    /// <param name="isTraining">Whether it was a training step.</param>
    /// <param name="memory">The memory.</param>
    public PlanProfile ToProfile(Network network, int batch, int part, int numberOfThreads, bool isTraining, MemoryProfile memory) => new()
    {
        Network = network,
        IsTraining = isTraining,
        Batch = batch,
        NumberOfThreads = numberOfThreads,
        VectorBits = 8 * sizeof(float) * SimdTier.Width,
        Runs = Runs,
        Time = Time,
        Memory = memory,
        Steps =
        [
            .. plan.Steps.Select((step, index) => new StepProfile(
                step.Node.Name,
                PlanStepCost.Kind(step),
                PlanStepCost.Kernel(step),
                step.Node.Output.Shape,
                PlanStepCost.WrittenBytes(plan, step, part),
                PlanStepCost.MultiplyAdds(step, batch),
                Median(_steps[index]))),
        ],
    };

    private static TimeSpan Median(List<long> ticks)
    {
        long[] sorted = [.. ticks.Order()];
        double middle = (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2.0;
        return TimeSpan.FromSeconds(middle / Stopwatch.Frequency);
    }
}
