using Microsoft.ML.ConvNet.Networks;

namespace Microsoft.ML.ConvNet.Training.Losses;

/// <summary>
/// A loss of classes that exclude one another: it takes the logits before a softmax at the end of the network, which is computed together with it
/// and loses no precision. Outputs that are probabilities in another way get no second softmax: their logarithms are taken for logits.
/// </summary>
public abstract record ClassLoss : Loss
{
    private protected ClassLoss()
    {
    }

    /// <summary>What the outputs are; found out by <see cref="OutputAnalysis"/> where nothing is said.</summary>
    public OutputKind? Outputs { get; init; }

    /// <summary>
    /// The weight w of each class, one an output; all count alike where not given. The mean over samples is sum(w l) / sum(w), with the weight of each
    /// sample's own class below, as that of PyTorch's <c>CrossEntropyLoss(weight)</c>.
    /// </summary>
    public ClassWeights? ClassWeights { get; init; }

    internal sealed override bool TargetsAreClasses => true;

    internal sealed override OutputKind? DeclaredOutputs => Outputs;

    internal sealed override ClassWeights? WeightsOfClasses => ClassWeights;

    internal override void Check(int outputs) => ClassWeights?.Check(outputs);

    internal sealed override double Measure(ReadOnlySpan<float> outputs, ReadOnlySpan<float> target, bool areProbabilities) =>
        throw new NotSupportedException($"The {Name} is one of classes.");
}
