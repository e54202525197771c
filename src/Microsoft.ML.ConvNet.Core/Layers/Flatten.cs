using Microsoft.ML.ConvNet.Ops;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Layers;

/// <summary>
/// An image as a vector: input <c>[H, W, C]</c>, output <c>[H * W * C]</c>, rows first and channels innermost. (A framework that keeps
/// channels first orders the elements otherwise.)
/// </summary>
public sealed record Flatten : Layer
{
    internal override string NamePrefix => "flatten";

    internal override Shape InferShape(LayerContext context) => [context.Input.ElementCount];

    internal override OpValue Lower(LoweringContext context) => context.Input;
}
