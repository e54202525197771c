using Microsoft.ML.ConvNet.Ops;
using Microsoft.ML.ConvNet.Tensors;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Layers;

/// <summary>
/// Two or more inputs one behind the other along an axis, by default the channels: inputs <c>[H, W, C1]</c>, <c>[H, W, C2]</c>, ...; output
/// <c>[H, W, C1 + C2 + ...]</c>.
/// </summary>
public sealed record Concat : Layer
{
    /// <summary>The axis, counted without the batch; a negative one from the end.</summary>
    public int Axis { get; init; } = -1;

    internal override string NamePrefix => "concat";

    internal override int MinimumInputs => 2;

    internal override int MaximumInputs => int.MaxValue;

    /// <inheritdoc/>
    public override string Describe() => Axis == -1 ? Kind : Invariant($"{Kind} along axis {Axis}");

    internal override Shape InferShape(LayerContext context)
    {
        int axis = AxisRule.Resolve(context, Axis);
        Shape first = context.Input;
        string what = axis == first.Rank - 1 ? "channels" : Invariant($"axis {axis}");
        long length = 0;
        foreach (Shape shape in context.Inputs)
        {
            if (shape.Rank != first.Rank
                || Enumerable.Range(0, first.Rank).Any(dimension => dimension != axis && shape[dimension] != first[dimension]))
            {
                throw context.Error(
                    $"all inputs have the same shape but for their {what}. Received: {string.Join(", ", context.Inputs)}.");
            }

            length += shape[axis];
        }

        int[] dimensions = first.ToArray();
        dimensions[axis] = length <= int.MaxValue
            ? (int)length
            : throw context.Error(
                axis == first.Rank - 1
                    ? Invariant($"there are at most {int.MaxValue:N0} channels. Received: {length:N0}.")
                    : Invariant($"an axis has at most {int.MaxValue:N0} elements. Received: {length:N0}."));
        return new Shape(dimensions);
    }

    /// <remarks>Rows of what lies along the axis and inside it.</remarks>
    internal override OpValue Lower(LoweringContext context)
    {
        int axis = AxisRule.Resolve(Axis, context.OutputShape.Rank);
        int outer = 1;
        for (int dimension = 0; dimension < axis; dimension++)
        {
            outer *= context.OutputShape[dimension];
        }

        return context.Emit(new ConcatenationOp(
            [outer, context.OutputShape.ElementCount / outer], [.. context.InputShapes.Select(shape => shape.ElementCount / outer)]));
    }
}
