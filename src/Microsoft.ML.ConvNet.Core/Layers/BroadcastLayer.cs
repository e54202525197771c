using Microsoft.ML.ConvNet.Kernels.Arrays;
using Microsoft.ML.ConvNet.Ops;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Layers;

/// <summary>
/// A layer that joins its inputs element by element. All have the same number of dimensions; in each they have the same size, or 1, and
/// what has 1 is repeated: <c>[H, W, C]</c> and <c>[1, 1, C]</c> give <c>[H, W, C]</c>.
/// </summary>
public abstract record BroadcastLayer : Layer
{
    internal override int MinimumInputs => 2;

    internal override int MaximumInputs => 2;

    internal override Shape InferShape(LayerContext context)
    {
        Shape shape = AxisRule.RequireRank(context, context.Input);
        foreach (Shape input in context.Inputs.Skip(1))
        {
            shape = Join(shape, input) ?? throw context.Error(
                "all inputs have the same number of dimensions, and in each the same size or 1. "
                + $"Received: {string.Join(", ", context.Inputs)}.");
        }

        return shape;
    }

    /// <summary>The shape to which two are broadcast; null where they do not fit.</summary>
    internal static Shape? Join(Shape left, Shape right)
    {
        if (left.Rank != right.Rank)
        {
            return null;
        }

        int[] dimensions = new int[left.Rank];
        for (int i = 0; i < dimensions.Length; i++)
        {
            if (left[i] != right[i] && left[i] != 1 && right[i] != 1)
            {
                return null;
            }

            dimensions[i] = Math.Max(left[i], right[i]);
        }

        return new Shape(dimensions);
    }

    /// <summary>Joins the inputs one after the other.</summary>
    private protected static OpValue Chain<TOperator>(LoweringContext context)
        where TOperator : struct, IBroadcastOperator
    {
        OpValue value = context.Input;
        Shape shape = context.InputShapes[0];
        for (int i = 1; i < context.Inputs.Count; i++)
        {
            Shape next = context.InputShapes[i];
            Shape joined = Join(shape, next)!.Value;
            value = context.Graph.Add(
                new BroadcastOp<TOperator>(joined, shape, next), [value, context.Inputs[i]], joined, context.Name);
            shape = joined;
        }

        return value;
    }
}
