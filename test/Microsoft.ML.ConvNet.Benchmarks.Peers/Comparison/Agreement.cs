using System.Globalization;
using Microsoft.ML.ConvNet.Networks;

namespace Microsoft.ML.ConvNet.Benchmarks.Peers.Comparison;

/// <summary>Whether a peer's results are the engine's, which they have to be before a work is timed.</summary>
/// <param name="Largest">The tensor in which they differ most.</param>
/// <param name="Failure">What is wrong; null where they agree.</param>
internal readonly record struct Agreement(Disagreement Largest, string? Failure)
{
    // A step is small beside the weights, so that equal weights say little of it: steps are compared, too. They cannot agree to 1e-3 in
    // a deep network: an element that is zero but for rounding falls on either side of the rectifier, and takes its gradient with it.
    // For ResNet-18, PyTorch's own steps in float and in double differ by up to 0.006.
    private const double StepTolerance = 0.03;

    /// <summary>Compares all tensors; those that are parameters also by their way from the starting weights.</summary>
    public static Agreement Between(
        IReadOnlyList<(string Name, float[] Numbers)> ours, IReadOnlyList<(string Name, float[] Numbers)> peers, Weights start)
    {
        Disagreement largest = default;
        string? failure = null;
        for (int i = 0; i < ours.Count; i++)
        {
            (string name, float[] numbers) = ours[i];
            largest = Disagreement.Larger(largest, Disagreement.Between(name, numbers, peers[i].Numbers));
            double step = start.Names.Contains(name) ? StepError(numbers, peers[i].Numbers, start[name].Span) : 0;
            if (!(step <= StepTolerance))
            {
                failure ??= string.Create(
                    CultureInfo.InvariantCulture, $"the steps of {name} differ by {step:G2} of their length, more than {StepTolerance}");
            }
        }

        return largest.IsTolerable
            ? new Agreement(largest, failure)
            : new Agreement(largest, string.Create(
                CultureInfo.InvariantCulture,
                $"the results differ in {largest.Where} by {largest.Error:G2}, more than {Disagreement.Tolerance}"));
    }

    /// <summary>The distance between the two sides' steps from the starting weights, relative to the peer's (Euclidean norms).</summary>
    private static double StepError(ReadOnlySpan<float> ours, ReadOnlySpan<float> peers, ReadOnlySpan<float> start)
    {
        double difference = 0;
        double length = 0;
        for (int i = 0; i < ours.Length; i++)
        {
            double apart = (double)ours[i] - peers[i];
            double step = (double)peers[i] - start[i];
            difference += apart * apart;
            length += step * step;
        }

        return difference == 0 ? 0 : Math.Sqrt(difference / length);
    }
}
