using Microsoft.ML.ConvNet.Ops;
using Microsoft.ML.ConvNet.Tensors;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Layers;

/// <summary>
/// The mean, sum, maximum or minimum over some axes. Input of any shape; output the same with 1 in these dimensions, or without them (a
/// single number is <c>[1]</c>).
/// </summary>
/// <param name="Function">What is computed.</param>
/// <param name="Axes">The axes, counted without the batch; negative ones from the end.</param>
public sealed record Reduce(ReduceFunction Function, Integers Axes) : Layer
{
    /// <summary>Whether the output keeps the dimensions, with 1 element each.</summary>
    public bool KeepDimensions { get; init; } = true;

    internal override string NamePrefix => "reduce";

    /// <inheritdoc/>
    public override string Describe() => $"Reduce {Function} over {Axes}{(KeepDimensions ? string.Empty : ", dropped")}";

    internal override Shape InferShape(LayerContext context)
    {
        if (!Enum.IsDefined(Function))
        {
            throw context.Error(
                Invariant($"the function is one of {string.Join(", ", Enum.GetNames<ReduceFunction>())}. Received: {(int)Function}."));
        }

        if (Axes.Count == 0)
        {
            throw context.Error("reduces at least one axis. Received: [].");
        }

        Shape input = AxisRule.RequireRank(context, context.Input);
        int[] axes = AxisRule.ResolveAll(context, Axes);
        int[] left = [.. Enumerable.Range(0, input.Rank).Where(axis => !axes.Contains(axis)).Select(axis => input[axis])];
        return KeepDimensions ? Kept(input) : left.Length == 0 ? [1] : new Shape(left);
    }

    internal override OpValue Lower(LoweringContext context)
    {
        Shape input = context.InputShapes[0];
        Shape kept = Kept(input);
        if (kept == input)
        {
            return context.Input;
        }

        return context.Emit(Function switch
        {
            ReduceFunction.Mean => new ReductionOp(input, kept, (float)kept.ElementCount / input.ElementCount),
            ReduceFunction.Sum => new ReductionOp(input, kept, 1),
            _ => new ExtremumOp(input, kept, Function == ReduceFunction.Max),
        });
    }

    private Shape Kept(Shape input)
    {
        int[] dimensions = input.ToArray();
        foreach (int axis in Axes)
        {
            dimensions[AxisRule.Resolve(axis, input.Rank)] = 1;
        }

        return new Shape(dimensions);
    }
}
