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
    /// <inheritdoc/>
    protected override float DecayAt(int epoch, long stepNumber, long totalSteps)
    {
        double initial = 1.0 / InitialDivisor;
        double last = totalSteps - 1;
        double step = Math.Min(stepNumber, last);

        // The step of the greatest rate need not be a whole one; in a training of few steps it is before the first.
        double top = Math.Max((RisingShare * (double)totalSteps) - 1.0, 0);
        return (float)(step <= top
            ? Between(initial, 1, top == 0 ? 1 : step / top)
            : Between(1, initial / FinalDivisor, (step - top) / (last - top)));
    }

    internal override void Check()
    {
        base.Check();
        Setting.RequireRange(RisingShare is > 0 and < 1, "One cycle: the share in which the rate rises", "more than 0 and less than 1", RisingShare);
        Setting.RequireRange(
            InitialDivisor is >= 1 and < float.PositiveInfinity, "One cycle: the first step's divisor", "at least 1", InitialDivisor);
        Setting.RequireRange(FinalDivisor is >= 1 and < float.PositiveInfinity, "One cycle: the last step's divisor", "at least 1", FinalDivisor);
    }

    private static double Between(double start, double end, double share) =>
        end + ((start - end) * 0.5 * (1.0 + Math.Cos(Math.PI * share)));
}
