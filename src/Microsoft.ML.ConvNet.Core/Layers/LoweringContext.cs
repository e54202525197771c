using Microsoft.ML.ConvNet.Ops;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Layers;

/// <summary>Where a layer stands while it is turned into ops.</summary>
/// <param name="Graph">The graph that receives the ops.</param>
/// <param name="Name">The layer's name.</param>
/// <param name="Index">The layer's number in the network.</param>
/// <param name="Inputs">The values that the layer reads.</param>
/// <param name="InputShapes">
/// The shapes of the inputs as the layers before gave them: a value that was flattened is still one of an image.
/// </param>
/// <param name="Parameters">The layer's parameters, in the order in which it lists them.</param>
/// <param name="OutputShape">The shape that the layer inferred.</param>
internal sealed record LoweringContext(
    OpGraph Graph,
    string Name,
    int Index,
    IReadOnlyList<OpValue> Inputs,
    IReadOnlyList<Shape> InputShapes,
    IReadOnlyList<OpValue> Parameters,
    Shape OutputShape)
{
    /// <summary>The first input.</summary>
    public OpValue Input => Inputs[0];

    /// <summary>Adds an op that reads the inputs and all parameters and gives the layer's output.</summary>
    public OpValue Emit(Op op) => Graph.Add(op, [.. Inputs, .. Parameters], OutputShape, Name);
}
