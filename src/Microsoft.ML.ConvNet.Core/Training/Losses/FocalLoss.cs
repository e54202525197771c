using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Ops;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Training.Losses;

/// <summary>
/// The focal loss of classes (Lin et al., "Focal loss for dense object detection", 2017), -w (1 - p)^gamma log p, where p is the softmax of the
/// outputs at the class of the sample and w the weight of that: samples that are found already count little. As <see cref="SoftmaxCrossEntropy"/>
/// does, it takes the logits before a softmax at the end of the network, or the logarithms of probabilities.
/// </summary>
/// <param name="Gamma">How little a sample counts that is found already, at least 0; with 0 it is the cross-entropy.</param>
public sealed record FocalLoss(float Gamma = 2) : Loss
{
    /// <summary>What the outputs are; found out by <see cref="OutputAnalysis"/> where nothing is said.</summary>
    public OutputKind? Outputs { get; init; }

    /// <summary>
    /// The weight w of each class, one an output (alpha of the paper); all count alike where not given. The mean over samples is
    /// sum(w l) / sum(w).
    /// </summary>
    public ClassWeights? ClassWeights { get; init; }

    /// <inheritdoc/>
    public override string Name => "focal loss";

    internal override bool TargetsAreClasses => true;

    internal override OutputKind? DeclaredOutputs => Outputs;

    internal override ClassWeights? WeightsOfClasses => ClassWeights;

    internal override void Check(int outputs)
    {
        Setting.RequireRange(Gamma is >= 0 and < float.PositiveInfinity, "The focal loss: gamma", "at least 0", Gamma);
        ClassWeights?.Check(outputs);
    }

    internal override double Measure(ReadOnlySpan<float> outputs, int label, bool areProbabilities)
    {
        // A probability that is zero as a float counts as the smallest that is not.
        double logarithm = areProbabilities
            ? Math.Log(Math.Max(outputs[label], float.Epsilon))
            : outputs[label] - SoftmaxCrossEntropy.LogSumOfExponentials(outputs);
        return -WeightOf(label) * Math.Pow(Math.Max(0, 1.0 - Math.Exp(logarithm)), Gamma) * logarithm;
    }

    internal override double Measure(ReadOnlySpan<float> outputs, ReadOnlySpan<float> target, bool areProbabilities) =>
        throw new NotSupportedException("The focal loss is one of classes.");

    private protected override LossOp Lower(Shape outputs) => new FocalLossOp(outputs.ElementCount, Gamma);
}
