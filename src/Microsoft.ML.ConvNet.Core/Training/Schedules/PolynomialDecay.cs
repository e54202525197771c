namespace Microsoft.ML.ConvNet.Training.Schedules;

/// <summary>
/// The learning rate falls from its full value to a share of it as a power of what is left of the training, evenly where the power is 1:
/// minimum + (1 - minimum) (1 - step / steps)^power.
/// </summary>
/// <param name="Power">The power, more than 0.</param>
/// <param name="Minimum">The share of the learning rate that is left at the end, from 0 to 1.</param>
public sealed record PolynomialDecay(float Power = 1, float Minimum = 0) : LearningRateSchedule
{
    /// <inheritdoc/>
    protected override float DecayAt(int epoch, long stepNumber, long totalSteps)
    {
        double left = 1.0 - Math.Min(1.0, (double)stepNumber / totalSteps);
        return (float)(Minimum + ((1.0 - Minimum) * Math.Pow(left, Power)));
    }

    internal override void Check()
    {
        base.Check();
        Setting.RequireRange(Power is > 0 and < float.PositiveInfinity, "Polynomial decay: the power", "more than 0", Power);
        Setting.RequireRange(Minimum is >= 0 and <= 1, "Polynomial decay: the share left at the end", "from 0 to 1", Minimum);
    }
}
