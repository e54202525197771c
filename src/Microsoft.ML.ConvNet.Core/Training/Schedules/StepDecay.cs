namespace Microsoft.ML.ConvNet.Training.Schedules;

/// <summary>The learning rate is multiplied by a factor every few epochs.</summary>
/// <param name="Epochs">The number of epochs between two changes.</param>
/// <param name="Factor">The factor of a change, more than 0 and at most 1.</param>
public sealed record StepDecay(int Epochs, float Factor = 0.1f) : LearningRateSchedule
{
    /// <inheritdoc/>
    protected override float DecayAt(int epoch, long stepNumber, long totalSteps) => (float)Math.Pow(Factor, epoch / Epochs);

    internal override void Check()
    {
        base.Check();
        Setting.RequireRange(Epochs >= 1, "Step decay: the number of epochs between changes", "at least 1", Epochs);
        Setting.RequireRange(Factor is > 0 and <= 1, "Step decay: the factor", "more than 0 and at most 1", Factor);
    }
}
