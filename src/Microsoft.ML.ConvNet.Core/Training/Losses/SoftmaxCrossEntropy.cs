using Microsoft.ML.ConvNet.Ops;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Training.Losses;

/// <summary>
/// The cross-entropy of the classes and the softmax of the outputs, -log softmax(x)[class]: for classification. A softmax at the end
/// of the network is computed together with it, on the logits, which loses no precision. Outputs that are probabilities in another way
/// get no second softmax: their logarithms are taken for logits, so that the loss is -log(p[class] / sum of p).
/// </summary>
/// <param name="LabelSmoothing">
/// The share s of the target that is spread evenly over all classes, from 0 to less than 1 (Szegedy et al., "Rethinking the Inception
/// architecture", 2015).
/// </param>
public sealed record SoftmaxCrossEntropy(float LabelSmoothing = 0) : ClassLoss
{
    /// <inheritdoc/>
    public override string Name => "softmax cross-entropy";

    internal override void Check(int outputs)
    {
        base.Check(outputs);
        Setting.RequireRange(LabelSmoothing is >= 0 and < 1, "The label smoothing", "at least 0 and less than 1", LabelSmoothing);
    }

    internal override double Measure(ReadOnlySpan<float> outputs, int label, bool areProbabilities)
    {
        double offset = areProbabilities ? 0 : LogSumOfExponentials(outputs);
        double loss = 0;
        double spread = (double)LabelSmoothing / outputs.Length;
        for (int i = 0; i < outputs.Length; i++)
        {
            double target = (i == label ? 1.0 - LabelSmoothing : 0) + spread;
            if (target > 0)
            {
                // A probability that is zero as a float counts as the smallest that is not.
                double logarithm = areProbabilities ? Math.Log(Math.Max(outputs[i], float.Epsilon)) : outputs[i] - offset;
                loss -= target * WeightOf(i) * logarithm;
            }
        }

        return loss;
    }

    /// <summary>log(sum of e^x).</summary>
    internal static double LogSumOfExponentials(ReadOnlySpan<float> logits)
    {
        double maximum = double.NegativeInfinity;
        foreach (float logit in logits)
        {
            maximum = Math.Max(maximum, logit);
        }

        double sum = 0;
        foreach (float logit in logits)
        {
            sum += Math.Exp(logit - maximum);
        }

        return maximum + Math.Log(sum);
    }

    private protected override LossOp Lower(Shape outputs) => new CrossEntropyLossOp(outputs.ElementCount, LabelSmoothing);
}
