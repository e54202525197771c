using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Building;

/// <summary>
/// What a fully connected layer in a pipeline can be told: <see cref="Weights"/> that are given, or how many outputs are to be learnt (<see cref="Units"/>,
/// <see cref="Learning"/>).
/// </summary>
public sealed class DenseOptions : BuildingOptions
{
    private const string Name = "dense";

    /// <summary>The weight of each input for each output: <c>weights[input, output]</c>, inputs in the order of the column's values, of images <c>[H, W, C]</c>.</summary>
    public float[,]? Weights { get; set; }

    /// <summary>What is added to each output; nothing where not given.</summary>
    public IReadOnlyList<float>? Biases { get; set; }

    /// <summary>How many outputs are learnt.</summary>
    public int? Units { get; set; }

    /// <summary>
    /// How weights are learnt: the layer is trained with a classifier behind it, of the classes of a label column, and kept. The network and the columns of the images are this
    /// layer's, whatever is said of them.
    /// </summary>
    public ConvNetMulticlassTrainer.Options? Learning { get; set; }

    internal override ConvNetMulticlassTrainer.Options? Training => Units is null ? null : Learning ?? new ConvNetMulticlassTrainer.Options();

    internal override bool TakesVectors => true;

    internal override void Check()
    {
        if ((Weights is null) == (Units is null))
        {
            throw new ArgumentException(
                $"A fully connected layer has one of {nameof(Weights)} and {nameof(Units)}. Received: {(Weights is null ? "none" : "both")} of them.");
        }

        if (Units is < 1 || Weights is { Length: 0 })
        {
            throw new ArgumentException(FormattableString.Invariant($"A fully connected layer has at least one input and output. Received: {Units ?? 0}."));
        }

        if ((Learning is not null && Units is null) || (Biases is not null && Units is not null))
        {
            throw new ArgumentException(
                $"{nameof(Learning)} is for {nameof(Units)}, and {nameof(Biases)} for {nameof(Weights)}. Received: {(Units is null ? nameof(Learning) : nameof(Biases))}.");
        }

        if (Weights is { } weights && Biases is { } biases && biases.Count != weights.GetLength(1))
        {
            throw new ArgumentException(
                FormattableString.Invariant($"{nameof(Biases)} are one an output. Received: {biases.Count} for {weights.GetLength(1)} outputs."));
        }
    }

    internal override bool GivesImages()
    {
        SymbolicTensor output = Network.Input(new Shape(Weights?.GetLength(1) ?? Units!.Value));
        return Behind is not null && Behind(output) is { Shape.IsImage: true };
    }

    internal override SymbolicTensor Layer(SymbolicTensor input)
    {
        SymbolicTensor flat = input.Shape.Rank == 1 ? input : input.Flatten();
        int inputs = flat.Shape.ElementCount;
        return Weights is null || Weights.GetLength(0) == inputs
            ? flat.Dense(Weights?.GetLength(1) ?? Units!.Value, name: Name)
            : throw new ArgumentException(
                FormattableString.Invariant($"{nameof(Weights)} are those of each input, {inputs}. Received: those of {Weights.GetLength(0)}."));
    }

    internal override void SetWeights(Weights weights)
    {
        Tensor tensor = weights[$"{Name}.weight"];
        int at = 0;
        foreach (float value in Weights!)
        {
            tensor.Span[at++] = value;
        }

        Biases?.ToArray().CopyTo(weights[$"{Name}.bias"].Span);
    }

    internal override SymbolicTensor Head(SymbolicTensor output, int classes) => (Behind is null ? output.Relu() : output).Dense(classes).Softmax();
}
