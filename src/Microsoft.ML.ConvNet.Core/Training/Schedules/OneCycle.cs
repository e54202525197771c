namespace Microsoft.ML.ConvNet.Training.Schedules;

/// <summary>
/// The learning rate rises from a share of its full value to that, and falls to nearly nothing, both along half a cosine (Smith and Topin,
/// "Super-convergence: very fast training of neural networks using large learning rates", 2018, with the shape of PyTorch's
/// <c>OneCycleLR</c>): the learning rate of the options is the greatest.
/// </summary>
/// <param name="RisingShare">The share of the training in which it rises, more than 0 and less than 1.</param>
/// <param name="InitialDivisor">What the learning rate is divided by in the first step, at least 1.</param>
/// <param name="FinalDivisor">What that of the first step is divided by in the last one, at least 1.</param>
public sealed record OneCycle(float RisingShare = 0.3f, float InitialDivisor = 25, float FinalDivisor = 1e4f) : LearningRateSchedule
{
    /// <summary>
    /// Whether the momentum falls from <see cref="MaximumMomentum"/> to <see cref="MinimumMomentum"/> while the learning rate rises, and rises again
    /// while that falls (Smith, "A disciplined approach to neural network hyper-parameters", 2018), in place of the optimizer's own: the momentum of
    /// <see cref="Optimizers.Sgd"/> and <see cref="Optimizers.RmsProp"/>, beta1 of the others. False where not given; PyTorch does it where nothing is said.
    /// </summary>
    public bool MomentumCycle { get; init; }

    /// <summary>The momentum at the greatest learning rate; 0.85 where not given.</summary>
    public float MinimumMomentum { get; init; } = 0.85f;

    /// <summary>The momentum at the beginning and the end; 0.95 where not given.</summary>
    public float MaximumMomentum { get; init; } = 0.95f;

    internal override bool CyclesMomentum => MomentumCycle;

    /// <inheritdoc/>
    protected override float DecayAt(int epoch, long stepNumber, long totalSteps)
    {
        double initial = 1.0 / InitialDivisor;
        return (float)At(stepNumber, totalSteps, initial, 1, initial / FinalDivisor);
    }

    internal override float? MomentumAt(long stepNumber, long totalSteps) => MomentumCycle
        ? (float)At(
            Math.Max(stepNumber - WarmupSteps, 0), Math.Max(totalSteps - WarmupSteps, 1), MaximumMomentum, MinimumMomentum, MaximumMomentum)
        : null;

    internal override void Check()
    {
        base.Check();
        Setting.RequireRange(RisingShare is > 0 and < 1, "One cycle: the share in which the rate rises", "more than 0 and less than 1", RisingShare);
        Setting.RequireRange(
            InitialDivisor is >= 1 and < float.PositiveInfinity, "One cycle: the first step's divisor", "at least 1", InitialDivisor);
        Setting.RequireRange(FinalDivisor is >= 1 and < float.PositiveInfinity, "One cycle: the last step's divisor", "at least 1", FinalDivisor);
        Setting.RequireRange(
            MinimumMomentum > 0 && MinimumMomentum <= MaximumMomentum,
            "One cycle: the smallest momentum",
            FormattableString.Invariant($"more than 0 and at most the greatest, {MaximumMomentum}"),
            MinimumMomentum);
        Setting.RequireRange(MaximumMomentum < 1, "One cycle: the greatest momentum", "less than 1", MaximumMomentum);
    }

    /// <summary>A value that goes from the first to the second with the rising rate, and to the third with the falling one.</summary>
    private double At(long stepNumber, long totalSteps, double first, double second, double third)
    {
        double last = totalSteps - 1;
        double step = Math.Min(stepNumber, last);

        // The step of the greatest rate need not be a whole one; in a training of few steps it is before the first.
        double top = Math.Max((RisingShare * (double)totalSteps) - 1.0, 0);
        return step <= top ? Between(first, second, top == 0 ? 1 : step / top) : Between(second, third, (step - top) / (last - top));
    }

    private static double Between(double start, double end, double share) =>
        end + ((start - end) * 0.5 * (1.0 + Math.Cos(Math.PI * share)));
}
