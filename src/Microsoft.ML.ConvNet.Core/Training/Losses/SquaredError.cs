using Microsoft.ML.ConvNet.Ops;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Training.Losses;

/// <summary>
/// The mean over the outputs of (output - target)^2: for regression. Where the targets are classes, the target is 1 at the class and 0
/// elsewhere.
/// </summary>
public sealed record SquaredError : Loss
{
    /// <inheritdoc/>
    public override string Name => "squared error";

    internal override bool TargetsAreClasses => false;

    internal override double Measure(ReadOnlySpan<float> outputs, int label, bool areProbabilities)
    {
        double sum = 0;
        for (int i = 0; i < outputs.Length; i++)
        {
            double difference = outputs[i] - (i == label ? 1 : 0);
            sum += difference * difference;
        }

        return sum / outputs.Length;
    }

    internal override double Measure(ReadOnlySpan<float> outputs, ReadOnlySpan<float> target, bool areProbabilities)
    {
        double sum = 0;
        for (int i = 0; i < outputs.Length; i++)
        {
            double difference = (double)outputs[i] - target[i];
            sum += difference * difference;
        }

        return sum / outputs.Length;
    }

    private protected override LossOp Lower(Shape outputs) => new SquaredErrorLossOp(outputs.ElementCount);
}
