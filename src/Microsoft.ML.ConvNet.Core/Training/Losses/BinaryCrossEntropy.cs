using Microsoft.ML.ConvNet.Ops;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Training.Losses;

/// <summary>
/// The binary cross-entropy of flags t, from 0 to 1, and the sigmoid p of the outputs: the mean over the outputs of -t log p - (1 - t) log(1 - p),
/// for labels that do not exclude one another. It takes logits; a sigmoid at the end of the network is computed together with it, which loses no
/// precision. Where the targets are classes, the flag of the class is 1 and those of the others 0.
/// </summary>
public sealed record BinaryCrossEntropy : ValueLoss
{
    /// <inheritdoc/>
    public override string Name => "binary cross-entropy";

    internal override bool TakesLogitsOfFlags => true;

    private protected override LossOp Lower(Shape outputs) => new BinaryCrossEntropyLossOp(outputs.ElementCount);

    private protected override double Of(double output, double target, bool isProbability)
    {
        if (isProbability)
        {
            // A probability that is 0 or 1 as a float counts as the nearest that is not.
            double least = MathF.BitDecrement(1) - 1.0;
            double logarithm = Math.Log(Math.Max(output, float.Epsilon));
            double ofRest = Math.Log(Math.Max(1.0 - output, -least));
            return (-target * logarithm) - ((1.0 - target) * ofRest);
        }

        return Math.Max(output, 0) - (target * output) + Math.Log(1.0 + Math.Exp(-Math.Abs(output)));
    }
}
