namespace Microsoft.ML.ConvNet.Training.Schedules;

/// <summary>
/// The learning rate falls along half a cosine from its full value to a share of it (Loshchilov and Hutter, "SGDR", 2017, without
/// restarts).
/// </summary>
/// <param name="Minimum">The share of the learning rate that is left at the end, from 0 to 1.</param>
public sealed record CosineDecay(float Minimum = 0) : LearningRateSchedule
{
    /// <inheritdoc/>
    protected override float DecayAt(int epoch, long stepNumber, long totalSteps)
    {
        double progress = Math.Min(1.0, (double)stepNumber / totalSteps);
        return (float)(Minimum + ((1.0 - Minimum) * 0.5 * (1.0 + Math.Cos(Math.PI * progress))));
    }

    internal override void Check()
    {
        base.Check();
        Setting.RequireRange(Minimum is >= 0 and <= 1, "Cosine decay: the share left at the end", "from 0 to 1", Minimum);
    }
}
