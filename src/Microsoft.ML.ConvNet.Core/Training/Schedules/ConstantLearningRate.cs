namespace Microsoft.ML.ConvNet.Training.Schedules;

/// <summary>The learning rate stays as it is.</summary>
public sealed record ConstantLearningRate : LearningRateSchedule
{
    /// <inheritdoc/>
    protected override float DecayAt(int epoch, long stepNumber, long totalSteps) => 1;
}
