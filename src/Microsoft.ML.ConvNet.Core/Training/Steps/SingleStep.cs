namespace Microsoft.ML.ConvNet.Training.Steps;

/// <summary>The weights follow the gradient of every batch.</summary>
internal sealed class SingleStep(TrainingState state, TrainingOptions options, int maximumBatch) : TrainingStep(state, options, maximumBatch)
{
    /// <inheritdoc/>
    public override int Batches => 1;

    /// <inheritdoc/>
    public override bool Run(BatchSource source, CancellationToken cancellationToken)
    {
        if (ComputeGradient(source, State.Batch, cancellationToken) == 0)
        {
            return false;
        }

        CompleteStep(source, batches: 1);
        return true;
    }
}
