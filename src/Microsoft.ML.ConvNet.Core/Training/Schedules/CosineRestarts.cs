namespace Microsoft.ML.ConvNet.Training.Schedules;

/// <summary>
/// The learning rate falls along half a cosine again and again (Loshchilov and Hutter, "SGDR: stochastic gradient descent with warm restarts",
/// 2017): each cycle begins with the full value, and the last one ends with the training.
/// </summary>
/// <param name="Cycles">The number of cycles of the training, at least 1.</param>
/// <param name="Growth">How many times longer than the one before it a cycle is, at least 1.</param>
/// <param name="Minimum">The share of the learning rate that is left at the end of a cycle, from 0 to 1.</param>
public sealed record CosineRestarts(int Cycles, float Growth = 1, float Minimum = 0) : LearningRateSchedule
{
    /// <inheritdoc/>
    protected override float DecayAt(int epoch, long stepNumber, long totalSteps)
    {
        double lengths = 0;
        for (int cycle = 0; cycle < Cycles; cycle++)
        {
            lengths += Math.Pow(Growth, cycle);
        }

        double length = totalSteps / lengths;
        double step = Math.Min(stepNumber, totalSteps);
        for (int cycle = 1; cycle < Cycles && step >= length; cycle++)
        {
            step -= length;
            length *= Growth;
        }

        double progress = Math.Min(1.0, step / length);
        return (float)(Minimum + ((1.0 - Minimum) * 0.5 * (1.0 + Math.Cos(Math.PI * progress))));
    }

    internal override void Check()
    {
        base.Check();
        Setting.RequireRange(Cycles is >= 1 and <= 1000, "Cosine restarts: the number of cycles", "from 1 to 1000", Cycles);
        Setting.RequireRange(Growth is >= 1 and <= 10, "Cosine restarts: the growth of the cycles", "from 1 to 10", Growth);
        Setting.RequireRange(Minimum is >= 0 and <= 1, "Cosine restarts: the share left at the end", "from 0 to 1", Minimum);
    }
}
