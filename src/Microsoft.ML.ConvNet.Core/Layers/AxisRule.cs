using Microsoft.ML.ConvNet.Kernels.Arrays;
using Microsoft.ML.ConvNet.Tensors;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Layers;

/// <summary>How layers name the dimensions of a tensor: counted from 0 without the batch, or from the end, the innermost being -1.</summary>
internal static class AxisRule
{
    /// <summary>An axis counted from 0.</summary>
    /// <exception cref="NetworkDefinitionException">The input has no such axis.</exception>
    public static int Resolve(LayerContext context, int axis)
    {
        int rank = context.Input.Rank;
        return axis >= -rank && axis < rank
            ? Resolve(axis, rank)
            : throw context.Error(Invariant($"an axis of an input of {rank} dimensions is from {-rank} to {rank - 1}. Received: {axis}."));
    }

    /// <summary>An axis that is known to be there, counted from 0.</summary>
    public static int Resolve(int axis, int rank) => axis < 0 ? axis + rank : axis;

    /// <summary>Axes counted from 0, each of which is named once.</summary>
    /// <exception cref="NetworkDefinitionException">The input has no such axis, or one is named twice.</exception>
    public static int[] ResolveAll(LayerContext context, Integers axes)
    {
        int[] resolved = [.. axes.Select(axis => Resolve(context, axis))];
        return resolved.Distinct().Count() == resolved.Length
            ? resolved
            : throw context.Error($"each axis is named once. Received: {axes}.");
    }

    /// <summary>Demands that a shape have dimensions, and not more than the kernels have loops for.</summary>
    /// <exception cref="NetworkDefinitionException">It has none, or too many.</exception>
    public static Shape RequireRank(LayerContext context, Shape shape) => shape.Rank is >= 1 and <= StridedShape.MaximumRank
        ? shape
        : throw context.Error(Invariant($"works on 1 to {StridedShape.MaximumRank} dimensions. Received: {shape} (rank {shape.Rank})."));
}
