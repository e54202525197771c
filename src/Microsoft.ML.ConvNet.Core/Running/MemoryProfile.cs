namespace Microsoft.ML.ConvNet.Running;

/// <summary>The native memory that a plan and its numbers take, in bytes.</summary>
/// <param name="ArenaBytes">The arena of activations, gradients and working memory, in which what lives at different times shares places.</param>
/// <param name="LiveBytes">What lives in the arena during the step that needs most: no arrangement takes less.</param>
/// <param name="ConstantBytes">Folded and packed weights, computed once and shared by all runs; 0 in training, which packs in the arena.</param>
/// <param name="ParameterBytes">The weights themselves.</param>
/// <param name="GradientBytes">The gradients of the weights; 0 in inference.</param>
/// <param name="OptimizerBytes">What the optimizer remembers; 0 in inference.</param>
/// <param name="ScratchBytes">Working memory of the threads, which all models of the process share.</param>
public sealed record MemoryProfile(
    long ArenaBytes,
    long LiveBytes,
    long ConstantBytes,
    long ParameterBytes,
    long GradientBytes,
    long OptimizerBytes,
    long ScratchBytes)
{
    /// <summary>What the plan takes for one run at a time: the arena and the constants.</summary>
    public long PlannedBytes => ArenaBytes + ConstantBytes;

    /// <summary>All of it.</summary>
    public long TotalBytes => PlannedBytes + ParameterBytes + GradientBytes + OptimizerBytes + ScratchBytes;
}
