using Microsoft.ML.ConvNet.Layers;

namespace Microsoft.ML.ConvNet.Networks;

/// <content>Every element times a number.</content>
public sealed partial class SymbolicTensor
{
    /// <inheritdoc cref="Layers.Scale"/>
    /// <param name="factor">The number, at least 0.</param>
    /// <param name="name">The layer's name.</param>
    /// <exception cref="NetworkDefinitionException">The factor is negative or not finite.</exception>
    public SymbolicTensor Scale(float factor, string? name = null) => Apply(new Scale(factor), name);
}
