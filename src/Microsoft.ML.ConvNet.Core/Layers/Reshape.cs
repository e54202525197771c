using Microsoft.ML.ConvNet.Ops;
using Microsoft.ML.ConvNet.Tensors;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Layers;

/// <summary>The same elements in the same order under another shape; nothing is computed. Input of any shape; output <c>Shape</c>.</summary>
/// <param name="Shape">The shape of the output, without the batch; it has as many elements as the input.</param>
public sealed record Reshape(Shape Shape) : Layer
{
    internal override string NamePrefix => "reshape";

    /// <inheritdoc/>
    public override string Describe() => $"Reshape to {Shape}";

    internal override Shape InferShape(LayerContext context) =>
        AxisRule.RequireRank(context, Shape).ElementCount == context.Input.ElementCount
            ? Shape
            : throw context.Error(
                Invariant($"the output has as many elements as the input. Received: {context.Input} = {context.Input.ElementCount} elements for ")
                + Invariant($"{Shape} = {Shape.ElementCount}."));

    internal override OpValue Lower(LoweringContext context) => context.Input;
}
