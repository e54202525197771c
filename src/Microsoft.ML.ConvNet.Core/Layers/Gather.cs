using Microsoft.ML.ConvNet.Kernels.Layout;
using Microsoft.ML.ConvNet.Ops;
using Microsoft.ML.ConvNet.Tensors;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Layers;

/// <summary>
/// Chosen positions of one axis, in any order and any number of times. Input of any shape; in the output the axis is as long as the list.
/// </summary>
/// <param name="Axis">The axis, counted without the batch; a negative one from the end.</param>
/// <param name="Indices">The positions; negative ones from the end.</param>
public sealed record Gather(int Axis, Integers Indices) : Layer
{
    internal override string NamePrefix => "gather";

    /// <inheritdoc/>
    public override string Describe() => Invariant($"Gather {Indices} of axis {Axis}");

    internal override Shape InferShape(LayerContext context)
    {
        Shape input = AxisRule.RequireRank(context, context.Input);
        int axis = AxisRule.Resolve(context, Axis);
        int length = input[axis];
        if (Indices.Count == 0 || Indices.Any(index => index < -length || index >= length))
        {
            throw context.Error(
                Invariant($"takes at least one position from {-length} to {length - 1} of axis {axis} of {input}. Received: {Indices}."));
        }

        int[] dimensions = input.ToArray();
        dimensions[axis] = Indices.Count;
        return new Shape(dimensions);
    }

    internal override OpValue Lower(LoweringContext context)
    {
        Shape input = context.InputShapes[0];
        int[]?[] positions = new int[]?[input.Rank];
        int axis = AxisRule.Resolve(Axis, input.Rank);
        positions[axis] = [.. Indices.Select(index => AxisRule.Resolve(index, input[axis]))];
        return context.Emit(new IndexingOp("gather", new IndexingPlan(input, positions)));
    }
}
