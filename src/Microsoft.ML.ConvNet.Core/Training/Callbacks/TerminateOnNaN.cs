using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Training.Callbacks;

/// <summary>
/// Ends a training whose loss or weights are infinite or not a number with a <see cref="TrainingDivergedException"/>. Every training has
/// one.
/// </summary>
internal sealed class TerminateOnNaN : TrainingCallback
{
    /// <inheritdoc/>
    public override void OnStepEnd(TrainingState state, in TrainingProgress progress)
    {
        if (!double.IsFinite(state.StepLoss))
        {
            throw Diverged(state, "loss", state.Epoch, FormattableString.Invariant($", batch {state.Batch} (received: {state.StepLoss})"));
        }

        // The last steps of an epoch may have spoilt the weights without a loss that shows it.
        if (progress.Batch == progress.Batches)
        {
            RequireFinite(state);
        }
    }

    /// <summary>Throws where a weight is infinite or not a number.</summary>
    public static void RequireFinite(TrainingState state)
    {
        if (state.OptimizerState.Slots.Prepend(state.Weights).Select(FirstNotFinite).FirstOrDefault(name => name is not null) is { } name)
        {
            throw Diverged(state, "parameter \"" + name + "\"", state.Epoch, string.Empty);
        }
    }

    /// <summary>The name of a parameter that is infinite or not a number somewhere; null where there is none.</summary>
    public static string? FirstNotFinite(Weights weights) =>
        weights.Names.FirstOrDefault(name => FiniteNumbers.FirstOther(weights[name].Span) >= 0);

    private static TrainingDivergedException Diverged(TrainingState state, string what, int epoch, string place) =>
        new(FormattableString.Invariant($"The {what} is not finite in epoch {epoch + 1}{place}; a smaller learning rate than ")
            + FormattableString.Invariant($"{state.LearningRate}, inputs scaled to about -1 to 1, or a limit to the gradient ")
            + $"({nameof(TrainingOptions.ClipGradientNorm)}) may help.");
}
