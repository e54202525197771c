using Microsoft.ML.ConvNet.Onnx.Format;
using Microsoft.ML.ConvNet.Onnx.Import;

namespace Microsoft.ML.ConvNet.Onnx.Operators;

/// <summary>Operations that give a value other axes. Known values and values of the network are treated alike.</summary>
internal static class AxisOperations
{
    /// <summary>A value under other dimensions.</summary>
    public static OnnxValue Reshape(NodeContext node, OnnxValue value, int[] dimensions)
    {
        if (value is ConstantValue constant)
        {
            return new ConstantValue(constant.Tensor.Reshaped(dimensions));
        }

        GraphValue graph = (GraphValue)value;
        GraphWriter writer = node.Writer;
        if (writer.IsBatched && (dimensions.Length == 0 || dimensions[0] != writer.Batch))
        {
            throw node.AcrossBatch();
        }

        AxisLayout? layout = graph.Layout.Reshaped(dimensions, writer.FirstAxis);
        if (layout is null)
        {
            graph = writer.Plain(graph, node.Name);
            layout = graph.Layout.Reshaped(dimensions, writer.FirstAxis);
        }

        return layout is null
            ? throw node.Malformed(
                $"the dimensions hold the elements of {OnnxText.Dimensions(graph.LogicalDimensions)}. "
                + $"Received: {OnnxText.Dimensions(dimensions)}")
            : graph with { LogicalDimensions = dimensions, Layout = layout };
    }

    /// <summary>A value with its axes in another order.</summary>
    /// <param name="node">The node.</param>
    /// <param name="value">The value.</param>
    /// <param name="order">Which axis stands at each place of the result.</param>
    public static OnnxValue Transpose(NodeContext node, OnnxValue value, int[] order)
    {
        int[] dimensions = [.. order.Select(axis => value.Dimensions[axis])];
        switch (value)
        {
            case ConstantValue { Tensor: { IsUniform: true } uniform }:
                return new ConstantValue(uniform.Reshaped(dimensions));
            case ConstantValue constant when order.SequenceEqual(Enumerable.Range(0, order.Length)):
                return constant;
            case ConstantValue { Tensor: { IsFloatingPoint: true } floats }:
                node.Writer.Budget.RequireFolded(node, dimensions, areFloats: true);
                return new ConstantValue(new OnnxTensor(
                    floats.Name, floats.ElementType, dimensions, StridedPlaces.Transpose(floats.FloatSpan, floats.Dimensions, order)));
            case ConstantValue { Tensor: var integers }:
                node.Writer.Budget.RequireFolded(node, dimensions, areFloats: false);
                return new ConstantValue(new OnnxTensor(
                    integers.Name, integers.ElementType, dimensions,
                        StridedPlaces.Transpose<long>(integers.Integers, integers.Dimensions, order)));
            default:
                GraphValue graph = (GraphValue)value;
                return node.Writer.IsBatched && (order.Length == 0 || order[0] != 0)
                    ? throw node.AcrossBatch()
                    : graph with { LogicalDimensions = dimensions, Layout = graph.Layout.Renamed(order) };
        }
    }

    /// <summary>A value whose axes are some of its own, in their order, and others of extent 1 where -1 stands.</summary>
    public static OnnxValue Rename(NodeContext node, OnnxValue value, int[] sources)
    {
        int[] dimensions = [.. sources.Select(axis => axis < 0 ? 1 : value.Dimensions[axis])];
        if (value is ConstantValue constant)
        {
            return new ConstantValue(constant.Tensor.Reshaped(dimensions));
        }

        GraphValue graph = (GraphValue)value;
        return node.Writer.IsBatched && (sources.Length == 0 || sources[0] != 0)
            ? throw node.AcrossBatch()
            : graph with { LogicalDimensions = dimensions, Layout = graph.Layout.Renamed(sources) };
    }

    /// <summary>A value whose axes lie whole, some of them even where their extent is 1.</summary>
    /// <param name="node">The node.</param>
    /// <param name="value">The value.</param>
    /// <param name="wanted">The axes that must have a place.</param>
    /// <param name="order">Receives the axes in the order of memory.</param>
    /// <returns>The value, whose tensor has a dimension for each of these axes.</returns>
    public static GraphValue Unfold(NodeContext node, GraphValue value, IEnumerable<int> wanted, out IReadOnlyList<int> order)
    {
        GraphWriter writer = node.Writer;
        order = Places(value, wanted, writer);
        GraphValue whole = writer.Ordered(value, order, node.Name);
        return whole with { Tensor = writer.Shaped(whole.Tensor, [.. order.Select(axis => value.LogicalDimensions[axis])], node.Name) };
    }

    /// <summary>The axes of a value in the order of memory, with those among them that have no extent where they usually lie.</summary>
    public static IReadOnlyList<int> Places(GraphValue value, IEnumerable<int> wanted, GraphWriter writer)
    {
        List<int> order = [.. value.Layout.AxisOrder];
        List<int> usual = [.. GraphWriter.UsualOrder(value.Rank, 0, writer.KeepsChannelsLast)];
        foreach (int axis in wanted.Where(axis => !order.Contains(axis)).ToArray())
        {
            int next = order.FindIndex(other => usual.IndexOf(other) > usual.IndexOf(axis));
            order.Insert(usual[^1] == axis || next < 0 ? order.Count : next, axis);
        }

        return order;
    }
}
