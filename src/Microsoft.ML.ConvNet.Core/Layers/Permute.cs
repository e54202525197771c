using Microsoft.ML.ConvNet.Ops;
using Microsoft.ML.ConvNet.Tensors;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Layers;

/// <summary>
/// The input with its dimensions in another order: dimension i of the output is dimension <c>Axes[i]</c> of the input. Input
/// <c>[H, W, C]</c> with axes <c>[2, 0, 1]</c> gives <c>[C, H, W]</c>. The batch stays outermost and is not counted.
/// </summary>
/// <param name="Axes">Each axis of the input once, counted without the batch; negative ones from the end.</param>
public sealed record Permute(Integers Axes) : Layer
{
    internal override string NamePrefix => "permute";

    /// <inheritdoc/>
    public override string Describe() => $"Permute {Axes}";

    internal override Shape InferShape(LayerContext context)
    {
        Shape input = AxisRule.RequireRank(context, context.Input);
        int[] axes = AxisRule.ResolveAll(context, Axes);
        return axes.Length == input.Rank
            ? new Shape([.. axes.Select(axis => input[axis])])
            : throw context.Error(Invariant($"has each of the {input.Rank} axes of its input {input} once. Received: {Axes}."));
    }

    internal override OpValue Lower(LoweringContext context)
    {
        Shape input = context.InputShapes[0];
        PermutationOp op = new(input, [.. Axes.Select(axis => AxisRule.Resolve(axis, input.Rank))]);
        return op.IsIdentity ? context.Input : context.Emit(op);
    }
}
