using Microsoft.ML.ConvNet.Kernels.Layout;
using Microsoft.ML.ConvNet.Ops;
using Microsoft.ML.ConvNet.Tensors;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Layers;

/// <summary>
/// The input with elements put before and after it along each axis. Input of any shape; each dimension of the output is that of the input
/// with what is before and after it.
/// </summary>
/// <param name="Before">The number of elements before each axis, outermost first, without the batch.</param>
/// <param name="After">The number of elements after each axis.</param>
public sealed record Pad(Integers Before, Integers After) : Layer
{
    /// <summary>What the elements are.</summary>
    public PaddingMode Mode { get; init; }

    /// <summary>The number that <see cref="PaddingMode.Constant"/> puts there.</summary>
    public float Value { get; init; }

    internal override string NamePrefix => "pad";

    /// <inheritdoc/>
    public override string Describe() =>
        $"Pad {Before}, {After}" + (Mode != PaddingMode.Constant
            ? $", {Mode}"
            : Value == 0 ? string.Empty : FormattableString.Invariant($", value {Value}"));

    internal override Shape InferShape(LayerContext context)
    {
        if (!Enum.IsDefined(Mode))
        {
            throw context.Error(Invariant($"the mode is one of {string.Join(", ", Enum.GetNames<PaddingMode>())}. Received: {(int)Mode}."));
        }

        if (!float.IsFinite(Value))
        {
            throw context.Error(Invariant($"the value is a finite number. Received: {Value}."));
        }

        Shape input = AxisRule.RequireRank(context, context.Input);
        if (Before.Count != input.Rank || After.Count != input.Rank || Before.Concat(After).Any(amount => amount < 0))
        {
            throw context.Error(
                Invariant($"has two amounts of at least 0 for each of the {input.Rank} dimensions of its input {input}. ")
                + $"Received: before {Before}, after {After}.");
        }

        int[] dimensions = new int[input.Rank];
        for (int axis = 0; axis < dimensions.Length; axis++)
        {
            long length = (long)Before[axis] + input[axis] + After[axis];
            if (length > int.MaxValue || (Mode == PaddingMode.Reflect && Math.Max(Before[axis], After[axis]) >= input[axis]))
            {
                throw context.Error(
                    $"{(Mode == PaddingMode.Reflect ? "what is mirrored is shorter than the axis" : "an axis is not that long")}. "
                    + $"Received: before {Before}, after {After} for {input}.");
            }

            dimensions[axis] = (int)length;
        }

        return new Shape(dimensions);
    }

    internal override OpValue Lower(LoweringContext context)
    {
        Shape input = context.InputShapes[0];
        int[]?[] positions = new int[]?[input.Rank];
        for (int axis = 0; axis < positions.Length; axis++)
        {
            (int before, int length) = (Before[axis], input[axis]);
            positions[axis] = before + After[axis] == 0
                ? null
                : [.. Enumerable.Range(-before, before + length + After[axis]).Select(at => Source(at, length))];
        }

        return positions.All(list => list == null)
            ? context.Input
            : context.Emit(new IndexingOp("padding", new IndexingPlan(input, positions), Value));
    }

    // The element of an axis that stands at a place which may lie outside of it.
    private int Source(int at, int length) => Mode switch
    {
        PaddingMode.Reflect => at < 0 ? -at : at >= length ? (2 * (length - 1)) - at : at,
        PaddingMode.Replicate => Math.Clamp(at, 0, length - 1),
        _ => at < 0 || at >= length ? -1 : at,
    };
}
