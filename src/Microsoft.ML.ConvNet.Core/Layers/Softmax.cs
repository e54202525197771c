using Microsoft.ML.ConvNet.Ops;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Layers;

/// <summary>
/// softmax(z)_j = exp(z_j) / sum over k of exp(z_k), over the innermost dimension: logits become probabilities. At the end of a network
/// that is trained with cross-entropy, both are computed as one.
/// </summary>
public sealed record Softmax : Layer
{
    internal override string NamePrefix => "softmax";

    internal override Shape InferShape(LayerContext context) => context.Input;

    internal override OpValue Lower(LoweringContext context) => context.Emit(new SoftmaxOp(context.OutputShape));
}
