using Microsoft.ML.ConvNet.Running;

namespace Microsoft.ML.ConvNet.Cli.Reports;

/// <summary>Where time and memory go when a network scores or is trained.</summary>
/// <param name="Network">The network's name, if it has one.</param>
/// <param name="IsTraining">Whether it is a training step; else scoring.</param>
/// <param name="Batch">The images of a run.</param>
/// <param name="NumberOfThreads">The most threads that a run used.</param>
/// <param name="VectorBits">The width of the vectors that the kernels compute with.</param>
/// <param name="Runs">The runs of which the times are medians.</param>
/// <param name="Milliseconds">The time of a run.</param>
/// <param name="GigaflopsPerSecond">Billions of floating-point operations a second.</param>
/// <param name="PlannedBytes">The bytes of arena and constants.</param>
/// <param name="Memory">The native memory in its parts.</param>
/// <param name="Steps">The steps, in the order in which they run.</param>
internal sealed record ProfileReport(
    string? Network,
    bool IsTraining,
    int Batch,
    int NumberOfThreads,
    int VectorBits,
    int Runs,
    double Milliseconds,
    double GigaflopsPerSecond,
    long PlannedBytes,
    MemoryReport Memory,
    IReadOnlyList<StepReport> Steps)
{
    /// <summary>The report of a profile.</summary>
    public static ProfileReport Of(PlanProfile profile) => new(
        profile.Network.Name,
        profile.IsTraining,
        profile.Batch,
        profile.NumberOfThreads,
        profile.VectorBits,
        profile.Runs,
        profile.Time.TotalMilliseconds,
        profile.GigaflopsPerSecond,
        profile.Memory.PlannedBytes,
        new MemoryReport(
            profile.Memory.ArenaBytes,
            profile.Memory.LiveBytes,
            profile.Memory.ConstantBytes,
            profile.Memory.ParameterBytes,
            profile.Memory.GradientBytes,
            profile.Memory.OptimizerBytes,
            profile.Memory.ScratchBytes),
        [
            .. profile.Steps.Select(step => new StepReport(
                step.Layer,
                step.Kind.ToString(),
                step.Kernel,
                step.OutputShape.ToString(),
                step.WrittenBytes,
                step.MultiplyAdds,
                step.Time.TotalMilliseconds,
                step.GigaflopsPerSecond,
                profile.ShareOf(step))),
        ]);
}

/// <summary>The native memory of a network that scores or is trained, in bytes.</summary>
internal sealed record MemoryReport(
    long Arena, long LiveAtOnce, long PackedWeights, long Weights, long Gradients, long Optimizer, long Scratch);

/// <summary>One step of a profile.</summary>
internal sealed record StepReport(
    string Layer,
    string Step,
    string Kernel,
    string Output,
    long WrittenBytes,
    long MultiplyAdds,
    double Milliseconds,
    double GigaflopsPerSecond,
    double Share);
