using Microsoft.ML.ConvNet.Ops;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Layers;

/// <summary>
/// log softmax(z)_j = z_j - log(sum over k of exp(z_k)), over the innermost dimension: logits become the logarithms of probabilities.
/// At the end of a network that is trained with cross-entropy, both are computed as one.
/// </summary>
public sealed record LogSoftmax : Layer
{
    internal override string NamePrefix => "log_softmax";

    internal override Shape InferShape(LayerContext context) => context.Input;

    internal override OpValue Lower(LoweringContext context) => context.Emit(new LogSoftmaxOp(context.OutputShape));
}
