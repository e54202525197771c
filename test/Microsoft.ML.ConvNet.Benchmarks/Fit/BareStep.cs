using Microsoft.ML.ConvNet.Training;
using Microsoft.ML.ConvNet.Training.Steps;

namespace Microsoft.ML.ConvNet.Benchmarks.Fit;

/// <summary>
/// Steps on samples that lie in memory, normalised and in the order of the epoch: nothing is read, only copied to where the session takes it.
/// </summary>
/// <param name="state">The training.</param>
/// <param name="options">How it is trained.</param>
/// <param name="batches">How an epoch is divided.</param>
/// <param name="samples">The samples of the epoch.</param>
internal sealed unsafe class BareStep(TrainingState state, TrainingOptions options, EpochBatches batches, OrderedSamples samples)
    : TrainingStep(state, options, batches.Largest)
{
    /// <inheritdoc/>
    public override int Batches => 1;

    /// <inheritdoc/>
    public override bool Run(BatchSource source, CancellationToken cancellationToken)
    {
        (int first, int length) = batches[State.Batch];
        samples.PixelsOf(first, length).CopyTo(new Span<float>(Session.Inputs, length * samples.Length));
        for (int i = 0; i < length; i++)
        {
            Session.SampleIds[i] = (uint)samples.NumberOf(first + i);
            Session.TargetClasses[i] = samples.LabelOf(first + i);
        }

        if (!Session.Step(length, (uint)State.Epoch, clock: null, cancellationToken))
        {
            return false;
        }

        RunningMetrics metrics = State.Metrics;
        for (int i = 0; i < length; i++)
        {
            metrics.Add(Session.Losses[i], weight: 1, isCorrect: false);
        }

        State.Metrics = metrics;
        CompleteStep(source, batches: 1);
        return true;
    }
}
