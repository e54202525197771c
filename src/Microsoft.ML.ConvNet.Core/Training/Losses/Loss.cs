using Microsoft.ML.ConvNet.Kernels.Losses;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Ops;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Training.Losses;

/// <summary>What training makes small: the mean over the samples of a measure of how far the outputs are from the targets.</summary>
public abstract record Loss : ILossFunction
{
    private protected Loss()
    {
    }

    /// <summary>What it is called.</summary>
    public abstract string Name { get; }

    /// <summary>Whether the targets are classes; else they are values, one an output.</summary>
    internal abstract bool TargetsAreClasses { get; }

    /// <summary>Whether it is one of flags, and takes the logits before a sigmoid at the end of the network.</summary>
    internal virtual bool TakesLogitsOfFlags => false;

    bool ILossFunction.ReplacesSoftmax => TargetsAreClasses;

    bool ILossFunction.ReplacesSigmoid => TakesLogitsOfFlags;

    bool? ILossFunction.OutputsAreProbabilities => DeclaredOutputs is { } declared ? declared == OutputKind.Probabilities : null;

    /// <summary>What the user says that the outputs are; null where that follows from how the network makes them.</summary>
    internal virtual OutputKind? DeclaredOutputs => null;

    LossOp ILossFunction.Lower(Shape outputs) => Lower(outputs) with { ClassWeights = WeightsOfClasses?.Values.ToArray() };

    /// <summary>The weights of the classes; null where all count alike.</summary>
    internal virtual ClassWeights? WeightsOfClasses => null;

    /// <summary>What a sample counts in the mean: the weight of its class, 1 where classes have none.</summary>
    internal double WeightOf(int label) => WeightsOfClasses is { } weights && label >= 0 ? weights.Values[label] : 1;

    /// <summary>What a sample counts in the mean whose target is two classes.</summary>
    internal double WeightOf(in ClassTarget target) => target.Share == 1
        ? WeightOf(target.First)
        : (target.Share * WeightOf(target.First)) + ((1.0 - target.Share) * WeightOf(target.Second));

    /// <summary>Throws where a setting is out of its range.</summary>
    /// <param name="outputs">The number of outputs of the network.</param>
    internal virtual void Check(int outputs)
    {
    }

    /// <summary>The op that computes the loss and its gradient.</summary>
    private protected abstract LossOp Lower(Shape outputs);

    /// <summary>The loss of one sample with a class, times the weight of that, from a network's outputs.</summary>
    /// <param name="outputs">What the network gives.</param>
    /// <param name="label">The class.</param>
    /// <param name="areProbabilities">Whether they are probabilities whose sum is 1, or those of flags; else logits.</param>
    internal abstract double Measure(ReadOnlySpan<float> outputs, int label, bool areProbabilities);

    /// <summary>The loss of one sample with target values, from a network's outputs.</summary>
    /// <param name="outputs">What the network gives.</param>
    /// <param name="target">What it should give.</param>
    /// <param name="areProbabilities">Whether they are probabilities of flags, for a loss of these; else logits, or just values.</param>
    internal abstract double Measure(ReadOnlySpan<float> outputs, ReadOnlySpan<float> target, bool areProbabilities);
}
