namespace Microsoft.ML.ConvNet.Benchmarks.Fit;

/// <summary>How long a training took and what came of it.</summary>
/// <param name="Seconds">The time.</param>
/// <param name="Loss">The training loss of the last epoch.</param>
/// <param name="Hash">A hash of the weights.</param>
internal sealed record FittedTime(double Seconds, double Loss, string Hash)
{
    /// <summary>The value in the middle of several.</summary>
    public static double Median(IEnumerable<double> values)
    {
        double[] ordered = [.. values.Order()];
        return ordered[ordered.Length / 2];
    }
}
