using Microsoft.ML.ConvNet.Ops;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Layers;

/// <summary>
/// Products of matrices, as NumPy's matmul: inputs <c>[..., M, K]</c> and <c>[..., K, N]</c>; output <c>[..., M, N]</c>, the dimensions
/// before the matrices broadcast to each other. A vector <c>[K]</c> is a row on the left and a column on the right, and its dimension of 1 is
/// dropped from the output; of two vectors the output is <c>[1]</c>.
/// </summary>
public sealed record MatMul : Layer
{
    internal override string NamePrefix => "matmul";

    internal override int MinimumInputs => 2;

    internal override int MaximumInputs => 2;

    internal override Shape InferShape(LayerContext context)
    {
        (Shape left, Shape right) = (AxisRule.RequireRank(context, context.Input), AxisRule.RequireRank(context, context.Inputs[1]));
        (int rows, int depth) = Left(left);
        (int other, int columns) = Right(right);
        if (depth != other || BroadcastMatrices(left, right) is not { } matrices)
        {
            throw context.Error(
                "the columns of the first matrices are as many as the rows of the second, and the dimensions before them are the same or 1. "
                + $"Received: {left}, {right}.");
        }

        int[] dimensions =
        [
            .. Math.Max(left.Rank, right.Rank) > 2 ? matrices.ToArray() : [],
            .. left.Rank > 1 ? new[] { rows } : [],
            .. right.Rank > 1 ? new[] { columns } : [],
        ];
        return dimensions.Length == 0 ? [1] : new Shape(dimensions);
    }

    internal override OpValue Lower(LoweringContext context)
    {
        (Shape left, Shape right) = (context.InputShapes[0], context.InputShapes[1]);
        (int rows, int depth) = Left(left);
        int columns = Right(right).Columns;
        Shape first = MatricesOf(left);
        Shape second = MatricesOf(right);
        return context.Emit(second.ElementCount == 1
            ? new BatchedProductOp([1], [1], [1], first.ElementCount * rows, depth, columns)
            : new BatchedProductOp(BroadcastMatrices(left, right)!.Value, first, second, rows, depth, columns));
    }

    private static (int Rows, int Columns) Left(Shape shape) => shape.Rank == 1 ? (1, shape[0]) : (shape[shape.Rank - 2], shape.Channels);

    private static (int Rows, int Columns) Right(Shape shape) => shape.Rank == 1 ? (shape[0], 1) : (shape[shape.Rank - 2], shape.Channels);

    // The dimensions before the matrices; one of 1 where there are none.
    private static Shape MatricesOf(Shape shape) => shape.Rank <= 2 ? [1] : new Shape(shape.AsSpan()[..^2]);

    private static Shape? BroadcastMatrices(Shape left, Shape right)
    {
        (Shape first, Shape second) = (MatricesOf(left), MatricesOf(right));
        int rank = Math.Max(first.Rank, second.Rank);
        return BroadcastLayer.Join(Aligned(first, rank), Aligned(second, rank));
    }

    private static Shape Aligned(Shape shape, int rank) => new([.. Enumerable.Repeat(1, rank - shape.Rank), .. shape]);
}
