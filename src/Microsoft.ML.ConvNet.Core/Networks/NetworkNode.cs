using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Networks;

/// <summary>A layer at its place in a network.</summary>
/// <param name="Name">Its name, unique in the network.</param>
/// <param name="Layer">Its hyperparameters.</param>
/// <param name="Inputs">The numbers of the nodes that it reads; -1 for the network's input.</param>
/// <param name="OutputShape">The shape that it gives, without the batch.</param>
/// <param name="Notes">Remarks on how it fits its input, such as rows that no window reaches.</param>
public sealed record NetworkNode(
    string Name, Layer Layer, IReadOnlyList<int> Inputs, Shape OutputShape, IReadOnlyList<string> Notes)
{
    /// <summary>Whether the other node has the same name, hyperparameters and inputs.</summary>
    public bool Equals(NetworkNode? other) =>
        other is not null && Name == other.Name && Layer == other.Layer && Inputs.SequenceEqual(other.Inputs);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Layer);
}
