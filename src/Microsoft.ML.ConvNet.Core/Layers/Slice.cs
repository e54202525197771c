using Microsoft.ML.ConvNet.Kernels.Layout;
using Microsoft.ML.ConvNet.Ops;
using Microsoft.ML.ConvNet.Tensors;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Layers;

/// <summary>
/// A part of the input along some axes: from a start, in steps, to before an end, as in NumPy and ONNX. Negative starts and ends count
/// from the end of the axis, and what lies beyond the axis is cut; negative steps go backwards, and then an end of <c>int.MinValue</c> includes
/// the first element. Along the other axes all elements stay.
/// </summary>
/// <param name="Axes">The axes, counted without the batch; negative ones from the end.</param>
/// <param name="Starts">Where the part begins along each axis.</param>
/// <param name="Ends">Before what the part ends along each axis; <c>int.MaxValue</c> for the end of the axis.</param>
/// <param name="Steps">The step along each axis; 1 where none are given.</param>
public sealed record Slice(Integers Axes, Integers Starts, Integers Ends, Integers Steps = default) : Layer
{
    internal override string NamePrefix => "slice";

    /// <inheritdoc/>
    public override string Describe() =>
        $"Slice {Axes} from {Starts} to {Ends}{(Steps.Count == 0 ? string.Empty : $", steps {Steps}")}";

    internal override Shape InferShape(LayerContext context)
    {
        if (Axes.Count == 0 || Starts.Count != Axes.Count || Ends.Count != Axes.Count
            || (Steps.Count != 0 && Steps.Count != Axes.Count) || Steps.Contains(0))
        {
            throw context.Error(
                "has a start, an end and a step that is not 0 for each of its axes. "
                + $"Received: axes {Axes}, starts {Starts}, ends {Ends}, steps {Steps}.");
        }

        Shape input = AxisRule.RequireRank(context, context.Input);
        int[] axes = AxisRule.ResolveAll(context, Axes);
        int[] dimensions = input.ToArray();
        for (int i = 0; i < axes.Length; i++)
        {
            dimensions[axes[i]] = PositionsAlong(input, i).Length;
            if (dimensions[axes[i]] == 0)
            {
                throw context.Error(
                    Invariant($"a part has at least one element along each axis. Received: {Starts[i]} to {Ends[i]} in steps of {Step(i)} along axis ")
                    + Invariant($"{axes[i]} of {input}."));
            }
        }

        return new Shape(dimensions);
    }

    internal override OpValue Lower(LoweringContext context)
    {
        Shape input = context.InputShapes[0];
        int[]?[] positions = new int[]?[input.Rank];
        for (int i = 0; i < Axes.Count; i++)
        {
            int axis = AxisRule.Resolve(Axes[i], input.Rank);
            int[] along = PositionsAlong(input, i);
            positions[axis] = along.Length == input[axis] && Step(i) > 0 ? null : along;
        }

        return positions.All(list => list == null)
            ? context.Input
            : context.Emit(new IndexingOp("slice", new IndexingPlan(input, positions)));
    }

    private int Step(int i) => Steps.Count == 0 ? 1 : Steps[i];

    private int[] PositionsAlong(Shape input, int i)
    {
        long length = input[AxisRule.Resolve(Axes[i], input.Rank)];
        long step = Step(i);
        long start = Starts[i] < 0 ? Starts[i] + length : Starts[i];
        long end = Ends[i] < 0 ? Ends[i] + length : Ends[i];
        start = Math.Clamp(start, 0, step > 0 ? length : length - 1);
        end = Math.Clamp(end, step > 0 ? 0 : -1, step > 0 ? length : length - 1);
        long count = step > 0 ? (end - start + step - 1) / step : (start - end - step - 1) / -step;
        int[] positions = new int[Math.Max(count, 0)];
        for (int k = 0; k < positions.Length; k++)
        {
            positions[k] = (int)(start + (k * step));
        }

        return positions;
    }
}
