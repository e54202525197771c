using Microsoft.ML.ConvNet.Kernels.Elementwise;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Training.Callbacks;

/// <summary>
/// Keeps an exponential moving average of the weights (Polyak and Juditsky, 1992), running statistics included: epochs are judged by it, and it is what
/// the training gives. average = d average + (1 - d) weights after each step, where d is the decay, less in the first steps:
/// min(decay, (1 + t) / (10 + t)) in step t.
/// </summary>
/// <param name="decay">How much of the average is kept, between 0 and 1.</param>
public sealed unsafe class WeightAverage(float decay = 0.999f) : TrainingCallback
{
    /// <inheritdoc/>
    public override void OnTrainingBegin(TrainingState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.AverageWeights ??= state.Weights.Clone();
    }

    /// <inheritdoc/>
    public override void OnStepEnd(TrainingState state, in TrainingProgress progress)
    {
        ArgumentNullException.ThrowIfNull(state);
        double kept = Math.Min(decay, (1.0 + state.Step) / (10.0 + state.Step));
        Weights average = state.AverageWeights!;
        using WorkerGang gang = WorkerPool.Shared.Lease(state.NumberOfThreads);
        ElementwiseKernels.Scale(gang, average.Pointer, average.Pointer, (float)kept, average.Length);
        ElementwiseKernels.AccumulateScaled(gang, state.Weights.Pointer, average.Pointer, (float)(1 - kept), average.Length);
    }

    internal override string? Effect => FormattableString.Invariant($"{nameof(WeightAverage)}({decay})");

    internal override void Check(TrainingOptions options, Network network, bool isValidated) =>
        Setting.RequireRange(decay is > 0 and < 1, "The decay of the average of weights", "between 0 and 1", decay);
}
