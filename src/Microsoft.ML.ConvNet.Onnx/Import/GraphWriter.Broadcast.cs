using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Onnx.Format;

namespace Microsoft.ML.ConvNet.Onnx.Import;

/// <content>Operators of several operands, element by element.</content>
internal sealed partial class GraphWriter
{
    /// <summary>
    /// Applies a layer that broadcasts its operands as numpy does. The operands follow the layout of the largest one that the network
    /// computes; constants are brought into it here.
    /// </summary>
    /// <param name="layer">The layer.</param>
    /// <param name="operands">The operands, at least one of them computed by the network.</param>
    /// <param name="name">The node's name.</param>
    public GraphValue Broadcast(Layer layer, IReadOnlyList<OnnxValue> operands, string name)
    {
        int rank = operands.Max(operand => operand.Dimensions.Count);
        OnnxValue[] aligned = [.. operands.Select(operand => Aligned(operand, rank, name))];
        int[] dimensions = BroadcastDimensions(aligned, rank, name);
        GraphValue leader = aligned.OfType<GraphValue>().MaxBy(value => value.Tensor.Shape.ElementCount)!;
        AxisLayout layout = leader.Layout.Joined();
        int[] wanted = [.. leader.Tensor.Shape];
        bool isCovered = Enumerable.Range(FirstAxis, rank - FirstAxis).All(axis => leader.LogicalDimensions[axis] == dimensions[axis])
            && aligned.OfType<GraphValue>().All(value => value.Layout.DividedAs(layout) is not null);
        if (!isCovered)
        {
            // No operand has all axes, or they are divided otherwise: every axis lies whole, in one order.
            int[] order = [.. layout.AxisOrder, .. Enumerable.Range(FirstAxis, rank - FirstAxis).Except(layout.AxisOrder)];
            aligned = [.. aligned.Select(operand => operand is GraphValue value ? Ordered(value, order, name) : operand)];
            layout = AxisLayout.Of(dimensions, order);
            wanted = layout.Extents;
        }

        GraphValue[] placed = [.. aligned.Select(operand => operand is GraphValue value ? Follow(value, layout, name) : null!)];
        int[] shape = CommonShape(layout, aligned, wanted);
        SymbolicTensor[] tensors =
        [
            .. aligned.Select((operand, i) => operand is ConstantValue constant
                ? ConstantFor(constant.Tensor, layout, shape, name)
                : Shaped(placed[i].Tensor, ShapeFor(operand, layout, shape), name)),
        ];
        SymbolicTensor result = Apply(layer, tensors, name);
        return new GraphValue(result, dimensions, layout);
    }

    /// <summary>A value with axes of extent 1 put before its own, up to a rank.</summary>
    private OnnxValue Aligned(OnnxValue operand, int rank, string name)
    {
        int added = rank - operand.Dimensions.Count;
        int[] dimensions = [.. Enumerable.Repeat(1, added), .. operand.Dimensions];
        switch (operand)
        {
            case ConstantValue constant:
                return IsBatched && dimensions.Length > 0 && dimensions[0] > 1
                    ? throw new AcrossBatchException($"{OnnxText.Quoted(name)} reads a constant of {OnnxText.Dimensions(dimensions)}.")
                    : new ConstantValue(constant.Tensor.Reshaped(dimensions));
            case GraphValue value when added > 0:
                return IsBatched
                    ? throw new AcrossBatchException($"{OnnxText.Quoted(name)} joins values of different ranks.")
                    : value with
                    {
                        LogicalDimensions = dimensions,
                        Layout = value.Layout.Renamed([.. Enumerable.Repeat(-1, added), .. Enumerable.Range(0, value.Rank)]),
                    };
            default:
                return operand;
        }
    }

    private static int[] BroadcastDimensions(OnnxValue[] operands, int rank, string name)
    {
        int[] dimensions = new int[rank];
        for (int axis = 0; axis < rank; axis++)
        {
            int[] extents = [.. operands.Select(operand => operand.Dimensions[axis]).Where(extent => extent != 1).Distinct()];
            dimensions[axis] = extents.Length switch
            {
                0 => 1,
                1 => extents[0],
                _ => throw new OnnxImportException(
                    $"{OnnxText.Quoted(name)}: the dimensions of operands are equal or 1. "
                    + $"Received: {string.Join(" and ", operands.Select(operand => OnnxText.Dimensions(operand.Dimensions)))}."),
            };
        }

        return dimensions;
    }

    /// <summary>A value whose factors stand in the order of a layout that has all its axes.</summary>
    private GraphValue Follow(GraphValue value, AxisLayout layout, string name)
    {
        GraphValue divided = value with { Layout = value.Layout.DividedAs(layout)! };
        List<AxisFactor> factors = [.. divided.Layout.Factors];
        int[] places = [.. layout.Factors.Select(
            factor => factors.FindIndex(own => own.Axis == factor.Axis && own.Rank == factor.Rank)).Where(place => place >= 0)];
        return Moved(divided, places, name);
    }

    /// <summary>
    /// The shape in which all operands can be written with dimensions that are equal or 1: the one that the leader has, where each of its
    /// dimensions is all there or not there in each operand, else one dimension for each run of factors of which that is true.
    /// </summary>
    private static int[] CommonShape(AxisLayout layout, IReadOnlyList<OnnxValue> operands, int[] leader)
    {
        string[] masks = [.. layout.Factors.Select(factor => string.Concat(operands.Select(operand => Has(operand, factor) ? '1' : '0')))];
        int factor = 0;
        foreach (int dimension in leader)
        {
            int left = dimension;
            int first = factor;
            while (left > 1 && factor < masks.Length && left % layout.Factors[factor].Extent == 0 && masks[factor] == masks[first])
            {
                left /= layout.Factors[factor++].Extent;
            }

            if (left > 1)
            {
                return Runs(layout, masks);
            }
        }

        return leader;
    }

    private static int[] Runs(AxisLayout layout, string[] masks)
    {
        List<int> runs = [];
        for (int i = 0; i < masks.Length; i++)
        {
            if (i > 0 && masks[i] == masks[i - 1])
            {
                runs[^1] *= layout.Factors[i].Extent;
            }
            else
            {
                runs.Add(layout.Factors[i].Extent);
            }
        }

        return runs.Count == 0 ? [1] : [.. runs];
    }

    /// <summary>The shape of an operand: a dimension of the common shape, or 1 where the operand has not its factors.</summary>
    private static int[] ShapeFor(OnnxValue operand, AxisLayout layout, int[] shape)
    {
        int[] own = new int[shape.Length];
        int factor = 0;
        for (int i = 0; i < shape.Length; i++)
        {
            own[i] = shape[i] == 1 || Has(operand, layout.Factors[factor]) ? shape[i] : 1;
            for (int left = shape[i]; left > 1; factor++)
            {
                left /= layout.Factors[factor].Extent;
            }
        }

        return own;
    }

    private SymbolicTensor ConstantFor(OnnxTensor constant, AxisLayout layout, int[] shape, string name)
    {
        int[] axisStrides = StridedPlaces.RowMajor(constant.Dimensions);
        AxisFactor[] factors = [.. layout.Factors.Where(factor => constant.Dimensions[factor.Axis] > 1)];
        int[] strides =
        [
            .. factors.Select(factor => axisStrides[factor.Axis]
                * layout.FactorsOf(factor.Axis).Where(other => other.Rank > factor.Rank).Aggregate(1,
                    (product, other) => product * other.Extent)),
        ];
        int[] extents = [.. factors.Select(factor => factor.Extent)];
        ParameterValues values = new(destination => Place(constant, extents, strides, destination));
        return Constant(values, ShapeFor(new ConstantValue(constant), layout, shape), name);
    }

    private static void Place(OnnxTensor constant, int[] extents, int[] strides, Span<float> destination)
    {
        constant.CopyTo(destination);
        if (!constant.IsUniform)
        {
            float[] values = destination[..constant.Count].ToArray();
            int[] places = StridedPlaces.Of(extents, strides, values.Length);
            for (int i = 0; i < places.Length; i++)
            {
                destination[i] = values[places[i]];
            }
        }
    }

    private static bool Has(OnnxValue operand, AxisFactor factor) => operand.Dimensions[factor.Axis] > 1;
}
