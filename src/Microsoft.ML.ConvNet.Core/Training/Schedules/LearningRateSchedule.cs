namespace Microsoft.ML.ConvNet.Training.Schedules;

/// <summary>How the learning rate changes in the course of a training: a factor for every step.</summary>
public abstract record LearningRateSchedule
{
    /// <summary>
    /// The number of first steps in which the learning rate rises evenly from near zero (Goyal et al., 2017); the schedule proper begins
    /// after them. None where not given.
    /// </summary>
    public long WarmupSteps { get; init; }

    /// <summary>What the learning rate is multiplied by.</summary>
    /// <param name="epoch">The epoch, from 0.</param>
    /// <param name="stepNumber">The step, from 0, counted through all epochs.</param>
    /// <param name="totalSteps">The number of steps of the whole training.</param>
    public float FactorAt(int epoch, long stepNumber, long totalSteps) => stepNumber < WarmupSteps
        ? (float)((stepNumber + 1.0) / WarmupSteps)
        : DecayAt(epoch, stepNumber - WarmupSteps, Math.Max(1, totalSteps - WarmupSteps));

    /// <summary>What the learning rate is multiplied by after the warm-up.</summary>
    /// <param name="epoch">The epoch, from 0.</param>
    /// <param name="stepNumber">The step, from 0 after the warm-up.</param>
    /// <param name="totalSteps">The number of steps after the warm-up.</param>
    protected abstract float DecayAt(int epoch, long stepNumber, long totalSteps);

    /// <summary>Whether it changes the momentum, too.</summary>
    internal virtual bool CyclesMomentum => false;

    /// <summary>The momentum of a step, in place of the optimizer's; null for that.</summary>
    /// <param name="stepNumber">The step, from 0, counted through all epochs.</param>
    /// <param name="totalSteps">The number of steps of the whole training.</param>
    internal virtual float? MomentumAt(long stepNumber, long totalSteps) => null;

    /// <summary>Throws where a setting is out of its range.</summary>
    internal virtual void Check() =>
        Setting.RequireRange(WarmupSteps >= 0, "The number of warm-up steps", "at least 0", WarmupSteps);
}
