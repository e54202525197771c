using Microsoft.ML.ConvNet.Ops;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Layers;

/// <summary>
/// The input repeated along the dimensions in which it has 1 element. Input with dimensions that are those of <c>Shape</c> or 1; output
/// <c>Shape</c>.
/// </summary>
/// <param name="Shape">The shape of the output, without the batch; it may have more dimensions than the input, outermost.</param>
public sealed record Expand(Shape Shape) : Layer
{
    internal override string NamePrefix => "expand";

    /// <inheritdoc/>
    public override string Describe() => $"Expand to {Shape}";

    internal override Shape InferShape(LayerContext context)
    {
        Shape input = context.Input;
        Shape shape = AxisRule.RequireRank(context, Shape);
        int missing = shape.Rank - input.Rank;
        return missing >= 0 && Enumerable.Range(0, input.Rank).All(axis => input[axis] == 1 || input[axis] == shape[missing + axis])
            ? shape
            : throw context.Error($"each dimension of the input is that of the output or 1. Received: {input} for {shape}.");
    }

    internal override OpValue Lower(LoweringContext context)
    {
        Shape input = context.InputShapes[0];
        return input.ElementCount == Shape.ElementCount
            ? context.Input
            : context.Emit(new ExpansionOp(input, Shape, IsConstant: false));
    }
}
