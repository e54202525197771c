using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Networks;

/// <summary>A parameter at its place in a network.</summary>
/// <param name="Name">The layer's name, a dot and the parameter's: conv1.weight.</param>
/// <param name="Node">The number of the layer's node.</param>
/// <param name="Definition">Its shape and its initial values.</param>
public sealed record NetworkParameter(string Name, int Node, LayerParameter Definition)
{
    /// <summary>Its shape.</summary>
    public Shape Shape => Definition.Shape;
}
