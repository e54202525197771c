using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Onnx.Export;
using Microsoft.ML.ConvNet.Onnx.Import;

namespace Microsoft.ML.ConvNet.Onnx.Operators;

/// <summary>Values one behind the other.</summary>
internal static class JoiningOperators
{
    /// <summary>The rows.</summary>
    public static IReadOnlyList<OperatorRow> All { get; } =
    [
        OperatorRow.Of<Concat>(Concatenated, new OperatorDefinition("Concat", Concatenate) { Fold = node => [Fold(node)] }),
        OperatorRow.OnlyRead(new OperatorDefinition("Tile", node => (OnnxValue)Repeat(node))),
    ];

    /// <remarks>Copies one behind the other, axis by axis. In opset 1 it was one axis.</remarks>
    private static GraphValue Repeat(NodeContext node)
    {
        GraphValue value = node.Graph(0);
        long[] repeats = new long[value.Rank];
        if (node.Opset < 6)
        {
            Array.Fill(repeats, 1);
            repeats[node.Axis(node.Integer(2), value.Rank)] = node.Integer(1);
        }
        else
        {
            repeats = node.Integers(1);
        }

        if (repeats.Length != value.Rank || repeats.Any(count => count < 1))
        {
            throw node.Malformed(
                $"it has a number of copies, at least 1, for each of {value.Rank} axes. Received: {OnnxText.Dimensions([.. repeats.Select(count => (int)Math.Clamp(count, int.MinValue, int.MaxValue))])}");
        }

        for (int axis = 0; axis < repeats.Length; axis++)
        {
            if (repeats[axis] > 1)
            {
                value = Joined(node, [.. Enumerable.Repeat((OnnxValue)value, checked((int)repeats[axis]))], node.SampleAxis(axis, value.Rank), $"{node.Name}/{axis}");
            }
        }

        return value;
    }

    private static GraphValue Concatenate(NodeContext node)
    {
        IReadOnlyList<OnnxValue> operands = node.Inputs;
        int rank = operands.OfType<GraphValue>().First().Rank;
        int axis = node.SampleAxis(node.Attributes.Int("axis", 1), rank);
        RequireAlike(node, operands, axis);
        return Joined(node, operands, axis, node.Name);
    }

    private static GraphValue Joined(NodeContext node, IReadOnlyList<OnnxValue> operands, int axis, string name)
    {
        GraphValue leader = operands.OfType<GraphValue>().MaxBy(value => value.Tensor.Shape.ElementCount)!;
        if (operands.Count == 1)
        {
            return leader;
        }

        IReadOnlyList<int> order = AxisOperations.Places(leader, [axis], node.Writer);
        SymbolicTensor[] tensors = [.. operands.Select(operand => Operand(node, operand, order))];
        int place = order.ToList().IndexOf(axis);
        SymbolicTensor joined = node.Writer.Apply(new Concat { Axis = place == order.Count - 1 ? -1 : place }, tensors, name);
        int[] dimensions = [.. leader.LogicalDimensions];
        dimensions[axis] = operands.Sum(operand => operand.Dimensions[axis]);
        return new GraphValue(joined, dimensions, AxisLayout.Of(dimensions, order)) { Type = leader.Type };
    }

    private static SymbolicTensor Operand(NodeContext node, OnnxValue operand, IReadOnlyList<int> order)
    {
        GraphValue value = operand as GraphValue ?? node.Writer.ToGraph(((ConstantValue)operand).Tensor, order, node.Name);
        GraphValue ordered = node.Writer.Ordered(value, order, node.Name);
        return node.Writer.Shaped(ordered.Tensor, [.. order.Select(axis => operand.Dimensions[axis])], node.Name);
    }

    private static OnnxTensor Fold(NodeContext node)
    {
        OnnxTensor[] operands = [.. Enumerable.Range(0, node.InputCount).Select(node.Constant)];
        OnnxTensor first = operands[0];
        int axis = node.Axis(node.Attributes.Int("axis", 1), first.Dimensions.Count);
        RequireAlike(node, node.Inputs, axis);
        int[] dimensions = [.. first.Dimensions];
        dimensions[axis] = operands.Sum(operand => operand.Dimensions[axis]);
        _ = ElementCount.OfFolded(node, dimensions);
        int outer = ElementCount.Of(dimensions.Take(axis));
        T[] Join<T>(T[][] parts)
        {
            T[] joined = new T[parts.Sum(part => part.Length)];
            int at = 0;
            foreach ((int row, T[] part) in Enumerable.Range(0, outer).SelectMany(row => parts.Select(part => (row, part))))
            {
                int length = part.Length / outer;
                part.AsSpan(row * length, length).CopyTo(joined.AsSpan(at));
                at += length;
            }

            return joined;
        }

        return first.IsFloatingPoint
            ? new OnnxTensor(string.Empty, first.ElementType, dimensions, Join([.. operands.Select(operand => operand.Floats)]))
            : new OnnxTensor(string.Empty, first.ElementType, dimensions, Join([.. operands.Select(operand => operand.Integers)]));
    }

    private static void RequireAlike(NodeContext node, IReadOnlyList<OnnxValue> operands, int axis)
    {
        IReadOnlyList<int> first = operands[0].Dimensions;
        bool isAlike = operands.All(operand => operand.Dimensions.Count == first.Count
            && Enumerable.Range(0, first.Count).All(other => other == axis || operand.Dimensions[other] == first[other]));
        if (!isAlike)
        {
            throw node.Malformed(
                $"its inputs have the same dimensions but for axis {axis}. "
                + $"Received: {string.Join(", ", operands.Select(operand => OnnxText.Dimensions(operand.Dimensions)))}");
        }
    }

    private static ExportValue Concatenated(LayerExport layer)
    {
        bool channelsFirst = layer.Inputs.Any(input => input.Order == ExportOrder.ChannelsFirst);
        ExportValue[] inputs = [
            .. layer.Inputs.Select(input => layer.Graph.In(input, channelsFirst ? ExportOrder.ChannelsFirst : ExportOrder.AsIs))];
        int axis = inputs[0].AxisOf(LayerExport.Resolved(layer.Layer<Concat>().Axis, layer.OutputShape.Rank));
        return layer.Emit("Concat", inputs[0].Order, inputs.Select(input => input.Name), ExportGraph.Attribute("axis", axis));
    }
}
