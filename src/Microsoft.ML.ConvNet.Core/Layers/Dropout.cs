using Microsoft.ML.ConvNet.Ops;
using Microsoft.ML.ConvNet.Tensors;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Layers;

/// <summary>
/// Dropout (Srivastava et al., 2014): in training each element is set to zero with probability <paramref name="Rate"/> and the others are
/// divided by 1 - rate; in inference nothing happens.
/// </summary>
/// <param name="Rate">The probability of an element to be dropped, from 0 to less than 1.</param>
public sealed record Dropout(float Rate = 0.5f) : Layer
{
    internal override string NamePrefix => "dropout";

    /// <inheritdoc/>
    public override string Describe() => FormattableString.Invariant($"Dropout {Rate}");

    internal override Shape InferShape(LayerContext context) => Rate is >= 0 and < 1
        ? context.Input
        : throw context.Error(Invariant($"the rate is at least 0 and less than 1. Received: {Rate}."));

    internal override OpValue Lower(LoweringContext context) =>
        context.Emit(new DropoutOp(context.OutputShape, Rate, (uint)context.Index));
}
