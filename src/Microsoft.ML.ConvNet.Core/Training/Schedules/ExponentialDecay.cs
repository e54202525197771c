namespace Microsoft.ML.ConvNet.Training.Schedules;

/// <summary>The learning rate is multiplied by a factor after every epoch: factor^epoch, counted from 0.</summary>
/// <param name="Factor">The factor, more than 0 and at most 1.</param>
public sealed record ExponentialDecay(float Factor = 0.95f) : LearningRateSchedule
{
    /// <inheritdoc/>
    protected override float DecayAt(int epoch, long stepNumber, long totalSteps) => (float)Math.Pow(Factor, epoch);

    internal override void Check()
    {
        base.Check();
        Setting.RequireRange(Factor is > 0 and <= 1, "Exponential decay: the factor", "more than 0 and at most 1", Factor);
    }
}
