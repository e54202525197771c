using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Onnx.Export;
using Microsoft.ML.ConvNet.Onnx.Import;

namespace Microsoft.ML.ConvNet.Onnx.Operators;

/// <summary>Arithmetic of several operands, element by element.</summary>
internal static class ArithmeticOperators
{
    private const int NumpyBroadcasting = 7;

    private static readonly OperatorDefinition Product = Binary("Mul", () => new Multiply(), (left, right) => left * right);

    /// <summary>The rows.</summary>
    public static IReadOnlyList<OperatorRow> All { get; } =
    [
        OperatorRow.Of<Add>(layer => Joined(layer, "Add", "Sum"), Binary("Add", () => new Add(), Sum), Many("Sum", () => new Add(), Sum)),
        OperatorRow.Of<Subtract>(layer => Joined(layer, "Sub", null), Binary("Sub", () => new Subtract(), (left, right) => left - right)),
        OperatorRow.Of<Multiply>(layer => Joined(layer, "Mul", null), Product),
        OperatorRow.Of<Scale>(layer => layer.EmitWithNumbers("Mul", layer.Layer<Scale>().Factor), Product),
        OperatorRow.Of<Divide>(
            layer => Joined(layer, "Div", null), Binary("Div", () => new Divide(), (left, right) => right == 0 ? 0 : left / right)),
        OperatorRow.Of<Power>(layer => Joined(layer, "Pow", null), Binary("Pow", () => new Power(), null)),
        OperatorRow.Of<Maximum>(layer => Joined(layer, "Max", "Max"), Many("Max", () => new Maximum(), Math.Max)),
        OperatorRow.Of<Minimum>(layer => Joined(layer, "Min", "Min"), Many("Min", () => new Minimum(), Math.Min)),
        OperatorRow.OnlyRead(new OperatorDefinition("Mean", Mean)),
    ];

    private static OperatorDefinition Binary(string name, Func<Layer> layer, Func<long, long, long>? fold) =>
        new(name, node => (OnnxValue)Broadcast(node, layer()))
        {
            Fold = fold is null ? null : node => WholeNumbers.Combine(node, fold),
        };

    private static OperatorDefinition Many(string name, Func<Layer> layer, Func<long, long, long> fold) =>
        new(name, node => (OnnxValue)Join(node, layer()))
        {
            Fold = node => WholeNumbers.Combine(node, fold),
        };

    private static long Sum(long left, long right) => left + right;

    private static GraphValue Broadcast(NodeContext node, Layer layer) =>
        node.Writer.Broadcast(layer, [node.Input(0), node.Opset < NumpyBroadcasting ? Placed(node) : node.Input(1)], node.Name);

    /// <summary>
    /// The second operand as versions before 7 broadcast it: with the attribute <c>axis</c>, its axes are those of the first operand from
    /// that one on.
    /// </summary>
    private static OnnxValue Placed(NodeContext node)
    {
        OnnxValue second = node.Input(1);
        if (!node.Attributes.Flag("broadcast") || !node.Attributes.Has("axis") || second is not ConstantValue constant)
        {
            return second;
        }

        int rank = node.Input(0).Dimensions.Count;
        int behind = rank - node.Axis(node.Attributes.Int("axis", 0), rank) - second.Dimensions.Count;
        return behind >= 0
            ? new ConstantValue(constant.Tensor.Reshaped([.. second.Dimensions, .. Enumerable.Repeat(1, behind)]))
            : throw node.Malformed($"the second operand fits behind its axis. Received: {OnnxText.Dimensions(second.Dimensions)}");
    }

    private static GraphValue Join(NodeContext node, Layer layer)
    {
        IReadOnlyList<OnnxValue> operands = node.Inputs;
        if (operands.Count == 1)
        {
            return node.Graph(0);
        }

        // Operands of one shape go into one layer; else they are joined one by one, those that the network computes first.
        bool isAlike = operands.All(operand => operand is GraphValue && operand.Dimensions.SequenceEqual(operands[0].Dimensions));
        if (isAlike)
        {
            return node.Writer.Broadcast(layer, operands, node.Name);
        }

        OnnxValue[] ordered = [.. operands.OrderBy(operand => operand is ConstantValue)];
        OnnxValue joined = ordered[0];
        foreach (OnnxValue operand in ordered.Skip(1))
        {
            joined = node.Writer.Broadcast(layer, [joined, operand], node.Name);
        }

        return (GraphValue)joined;
    }

    private static GraphValue Mean(NodeContext node)
    {
        GraphValue sum = Join(node, new Add());
        return node.InputCount == 1
            ? sum
            : node.Writer.Broadcast(new Multiply(), [sum, new ConstantValue(new OnnxTensor([], [1f / node.InputCount]))],
                $"{node.Name}/mean");
    }

    /// <summary>Inputs in one order: with their channels first where one of them has them there.</summary>
    public static ExportValue[] InOneOrder(LayerExport layer)
    {
        if (layer.Inputs.All(input => input.Order == ExportOrder.FlattenedChannelsFirst && input.Source == layer.Input.Source))
        {
            return [.. layer.Inputs];
        }

        bool channelsFirst = layer.Inputs.Any(input => input.Order == ExportOrder.ChannelsFirst);
        return [.. layer.Inputs.Select(input => layer.Graph.In(input, channelsFirst ? ExportOrder.ChannelsFirst : ExportOrder.AsIs))];
    }

    /// <param name="layer">The layer.</param>
    /// <param name="two">The operator of two inputs.</param>
    /// <param name="many">That of any number; null where there is none, and two are joined at a time.</param>
    private static ExportValue Joined(LayerExport layer, string two, string? many)
    {
        ExportValue[] inputs = InOneOrder(layer);
        if (inputs.Length > 2 && many is not null)
        {
            return Result(layer, inputs, layer.Graph.Node(many, layer.Name, inputs.Select(input => input.Name)));
        }

        string joined = inputs[0].Name;
        for (int i = 1; i < inputs.Length; i++)
        {
            joined = layer.Graph.Node(two, i == inputs.Length - 1 ? layer.Name : $"{layer.Name}/{i}", [joined, inputs[i].Name]);
        }

        return Result(layer, inputs, joined);
    }

    /// <summary>The value of a node that computes element by element of inputs in one order.</summary>
    public static ExportValue Result(LayerExport layer, ExportValue[] inputs, string name) =>
        new(name, layer.OutputShape, inputs[0].Order) { Source = inputs[0].Source };
}
