using Microsoft.ML.ConvNet.Ops;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Training.Losses;

/// <summary>
/// The focal loss of classes (Lin et al., "Focal loss for dense object detection", 2017), -w (1 - p)^gamma log p, where p is the softmax of the
/// outputs at the class of the sample and w the weight of that: samples that are found already count little. As <see cref="SoftmaxCrossEntropy"/>
/// does, it takes the logits before a softmax at the end of the network, or the logarithms of probabilities.
/// </summary>
/// <param name="Gamma">How little a sample counts that is found already, at least 0; with 0 it is the cross-entropy.</param>
public sealed record FocalLoss(float Gamma = 2) : ClassLoss
{
    /// <inheritdoc/>
    public override string Name => "focal loss";

    internal override void Check(int outputs)
    {
        base.Check(outputs);
        Setting.RequireRange(Gamma is >= 0 and < float.PositiveInfinity, "The focal loss: gamma", "at least 0", Gamma);
    }

    internal override double Measure(ReadOnlySpan<float> outputs, int label, bool areProbabilities)
    {
        // A probability that is zero as a float counts as the smallest that is not.
        double logarithm = areProbabilities
            ? Math.Log(Math.Max(outputs[label], float.Epsilon))
            : outputs[label] - SoftmaxCrossEntropy.LogSumOfExponentials(outputs);
        return -WeightOf(label) * Math.Pow(Math.Max(0, 1.0 - Math.Exp(logarithm)), Gamma) * logarithm;
    }

    private protected override LossOp Lower(Shape outputs) => new FocalLossOp(outputs.ElementCount, Gamma);
}
