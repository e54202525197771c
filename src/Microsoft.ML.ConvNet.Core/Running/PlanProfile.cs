using System.Globalization;
using System.Text;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Planning;

namespace Microsoft.ML.ConvNet.Running;

/// <summary>
/// Where the time and the memory of a plan go: its steps with their kernels, shapes, memory, multiply-adds and times. Times are medians
/// over the runs, taken without anything else between the steps than a look at the clock.
/// </summary>
public sealed record PlanProfile
{
    /// <summary>The network.</summary>
    public required Network Network { get; init; }

    /// <summary>Whether it was a training step; else scoring.</summary>
    public required bool IsTraining { get; init; }

    /// <summary>The number of samples of a run.</summary>
    public required int Batch { get; init; }

    /// <summary>The most threads that a run used.</summary>
    public required int NumberOfThreads { get; init; }

    /// <summary>The bits of the vectors that the kernels compute with: 512, 256 or 128, or 32 for one number at a time.</summary>
    public required int VectorBits { get; init; }

    /// <summary>How many runs were measured, after some that were not.</summary>
    public required int Runs { get; init; }

    /// <summary>The median time of a whole run: its steps, and what brings samples in and results out.</summary>
    public required TimeSpan Time { get; init; }

    /// <summary>The steps, in the order in which they run.</summary>
    public required IReadOnlyList<StepProfile> Steps { get; init; }

    /// <summary>The native memory.</summary>
    public required MemoryProfile Memory { get; init; }

    /// <summary>The sum of the steps' times.</summary>
    public TimeSpan StepTime => new(Steps.Sum(step => step.Time.Ticks));

    /// <summary>Multiplications with addition of a run.</summary>
    public long MultiplyAdds => Steps.Sum(step => step.MultiplyAdds);

    /// <summary>Billions of floating-point operations a second over the whole run.</summary>
    public double GigaflopsPerSecond => Gigaflops(MultiplyAdds, Time);

    /// <summary>Samples a second.</summary>
    public double SamplesPerSecond => Time > TimeSpan.Zero ? Batch / Time.TotalSeconds : 0;

    /// <summary>The step's share of the sum of all steps' times, from 0 to 1.</summary>
    public double ShareOf(StepProfile step)
    {
        ArgumentNullException.ThrowIfNull(step);
        return StepTime > TimeSpan.Zero ? step.Time / StepTime : 0;
    }

    /// <summary>The steps as a table, and the totals.</summary>
    public override string ToString()
    {
        StringBuilder text = new();
        text.Append(
            CultureInfo.InvariantCulture,
            $"{Network.Name ?? "network"}: {(IsTraining ? "training step" : "inference")}, batch {Batch}, at most {NumberOfThreads} ");
        text.Append(CultureInfo.InvariantCulture, $"{(NumberOfThreads == 1 ? "thread" : "threads")}, {VectorBits}-bit vectors, medians of {Runs} runs\n\n");
        TextTable table = new(leftColumns: 4);
        table.Add("layer", "step", "kernel", "output", "memory", "multiply-adds", "time", "GFLOP/s", "share", string.Empty);
        foreach (StepProfile step in Steps)
        {
            table.Add(
                step.Layer,
                NameOf(step.Kind),
                step.Kernel,
                step.OutputShape.ToString(),
                TextTable.Bytes(step.WrittenBytes),
                TextTable.Number(step.MultiplyAdds),
                Milliseconds(step.Time),
                Rate(step.GigaflopsPerSecond),
                Share(ShareOf(step)),
                string.Empty);
        }

        table.Add(
            "total",
            string.Empty,
            string.Empty,
            string.Empty,
            string.Empty,
            TextTable.Number(MultiplyAdds),
            Milliseconds(StepTime),
            Rate(Gigaflops(MultiplyAdds, StepTime)),
            Share(1),
            string.Empty);
        table.AppendTo(text);
        AppendTotals(text);
        return text.ToString();
    }

    /// <summary>Billions of floating-point operations a second.</summary>
    internal static double Gigaflops(long multiplyAdds, TimeSpan time) =>
        time > TimeSpan.Zero ? 2.0 * multiplyAdds / time.TotalSeconds / 1e9 : 0;

    private static string NameOf(StepKind kind) => kind switch
    {
        StepKind.Pack => "pack",
        StepKind.Forward => "forward",
        StepKind.PackForBackward => "pack for backward",
        StepKind.Backward => "backward",
        _ => "update",
    };

    private static string Milliseconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:N3} ms");

    private static string Rate(double gigaflops) =>
        gigaflops > 0 ? gigaflops.ToString("N1", CultureInfo.InvariantCulture) : string.Empty;

    private static string Share(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:N1}%");

    private void AppendTotals(StringBuilder text)
    {
        text.Append(CultureInfo.InvariantCulture, $"\nTime: {Milliseconds(Time)} a run, {SamplesPerSecond:N0} samples a second");
        text.Append(MultiplyAdds > 0 ? $", {Rate(GigaflopsPerSecond)} GFLOP/s" : string.Empty);
        text.Append(CultureInfo.InvariantCulture, $"\nMemory: {TextTable.Bytes(Memory.PlannedBytes)} planned");
        text.Append(CultureInfo.InvariantCulture, $" (arena {TextTable.Bytes(Memory.ArenaBytes)}, of which at most ");
        text.Append(CultureInfo.InvariantCulture, $"{TextTable.Bytes(Memory.LiveBytes)} live at once; packed weights {TextTable.Bytes(Memory.ConstantBytes)})");
        text.Append(CultureInfo.InvariantCulture, $"; weights {TextTable.Bytes(Memory.ParameterBytes)}");
        if (IsTraining)
        {
            text.Append(CultureInfo.InvariantCulture, $"; gradients {TextTable.Bytes(Memory.GradientBytes)}");
            text.Append(CultureInfo.InvariantCulture, $"; optimizer {TextTable.Bytes(Memory.OptimizerBytes)}");
        }

        text.Append(CultureInfo.InvariantCulture, $"; scratch of the threads {TextTable.Bytes(Memory.ScratchBytes)}\n");
    }
}
