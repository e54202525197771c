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

    bool ILossFunction.ReplacesSoftmax => TargetsAreClasses;

    bool? ILossFunction.OutputsAreProbabilities => DeclaredOutputs is { } declared ? declared == OutputKind.Probabilities : null;

    /// <summary>What the user says that the outputs are; null where that follows from how the network makes them.</summary>
    internal virtual OutputKind? DeclaredOutputs => null;

    LossOp ILossFunction.Lower(Shape outputs) => Lower(outputs);

    /// <summary>Throws where a setting is out of its range.</summary>
    internal virtual void Check()
    {
    }

    /// <summary>The op that computes the loss and its gradient.</summary>
    private protected abstract LossOp Lower(Shape outputs);

    /// <summary>The loss of one sample with a class, from a network's outputs.</summary>
    /// <param name="outputs">What the network gives.</param>
    /// <param name="label">The class.</param>
    /// <param name="areProbabilities">Whether they are probabilities whose sum is 1; else logits.</param>
    internal abstract double Measure(ReadOnlySpan<float> outputs, int label, bool areProbabilities);

    /// <summary>The loss of one sample with target values, from a network's outputs.</summary>
    internal abstract double Measure(ReadOnlySpan<float> outputs, ReadOnlySpan<float> target);
}
