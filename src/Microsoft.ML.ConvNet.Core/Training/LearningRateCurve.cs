namespace Microsoft.ML.ConvNet.Training;

/// <summary>What a <see cref="LearningRateFinder"/> found: how the loss went while the learning rate grew.</summary>
public sealed class LearningRateCurve
{
    private const int NeighboursOfSlope = 2;
    private const float ShareOfLowest = 0.1f;

    /// <summary>Takes the steps.</summary>
    /// <param name="points">The steps, in their order.</param>
    public LearningRateCurve(IReadOnlyList<LearningRatePoint> points)
    {
        ArgumentNullException.ThrowIfNull(points);
        Points = points;
        Lowest = points.Where(point => double.IsFinite(point.SmoothedLoss)).MinBy(point => point.SmoothedLoss);
        Steepest = FindSteepest();
        Suggestion = Steepest is { } steepest ? Math.Max(steepest.LearningRate, ShareOfLowest * Lowest!.LearningRate) : null;
    }

    /// <summary>The steps, in their order: up to the last one, or to that at which the loss had grown too much or was no number.</summary>
    public IReadOnlyList<LearningRatePoint> Points { get; }

    /// <summary>The step of the lowest smoothed loss; null where there is none.</summary>
    public LearningRatePoint? Lowest { get; }

    /// <summary>The step around which the smoothed loss falls fastest, by the logarithm of the rate; null where it does not fall.</summary>
    public LearningRatePoint? Steepest { get; }

    /// <summary>
    /// A learning rate to begin a training with, or the greatest of a <see cref="Schedules.OneCycle"/>: a tenth of that of the lowest loss, where it is about
    /// to grow (Howard and Gugger, "Deep learning for coders with fastai and PyTorch", 2020, chapter 5), or that of the fastest fall where it is greater.
    /// Null where the loss does not fall.
    /// </summary>
    public float? Suggestion { get; }

    /// <summary>The step, before that of the lowest loss, around which the loss falls most.</summary>
    private LearningRatePoint? FindSteepest()
    {
        int end = Lowest is null ? 0 : Points.ToList().IndexOf(Lowest);
        LearningRatePoint? steepest = null;
        double least = 0;
        for (int i = NeighboursOfSlope; i + NeighboursOfSlope <= end; i++)
        {
            double fall = Points[i + NeighboursOfSlope].SmoothedLoss - Points[i - NeighboursOfSlope].SmoothedLoss;
            if (fall < least)
            {
                (least, steepest) = (fall, Points[i]);
            }
        }

        return steepest;
    }
}
