namespace Microsoft.ML.ConvNet.Training.Losses;

/// <summary>
/// A loss of values: the mean over the outputs of a measure of each output and its target. Where the targets are classes, the target is 1 at the
/// class and 0 elsewhere.
/// </summary>
public abstract record ValueLoss : Loss
{
    private protected ValueLoss()
    {
    }

    internal sealed override bool TargetsAreClasses => false;

    internal sealed override double Measure(ReadOnlySpan<float> outputs, int label, bool areProbabilities)
    {
        double sum = 0;
        for (int i = 0; i < outputs.Length; i++)
        {
            sum += Of(outputs[i], i == label ? 1 : 0, areProbabilities);
        }

        return sum / outputs.Length;
    }

    internal sealed override double Measure(ReadOnlySpan<float> outputs, ReadOnlySpan<float> target, bool areProbabilities)
    {
        double sum = 0;
        for (int i = 0; i < outputs.Length; i++)
        {
            sum += Of(outputs[i], target[i], areProbabilities);
        }

        return sum / outputs.Length;
    }

    /// <summary>The measure of one output.</summary>
    /// <param name="output">What the network gives.</param>
    /// <param name="target">What it should give.</param>
    /// <param name="isProbability">Whether the output is the probability of a flag, for a loss of these.</param>
    private protected abstract double Of(double output, double target, bool isProbability);
}
