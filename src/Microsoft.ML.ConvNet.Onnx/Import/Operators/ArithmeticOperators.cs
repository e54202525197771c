using Microsoft.ML.ConvNet.Layers;

namespace Microsoft.ML.ConvNet.Onnx.Import.Operators;

/// <summary>Arithmetic of several operands, element by element.</summary>
internal static class ArithmeticOperators
{
    private const int NumpyBroadcasting = 7;

    /// <summary>The operators.</summary>
    public static IReadOnlyList<OperatorDefinition> All { get; } =
    [
        Binary("Add", () => new Add(), (left, right) => left + right),
        Binary("Sub", () => new Subtract(), (left, right) => left - right),
        Binary("Mul", () => new Multiply(), (left, right) => left * right),
        Binary("Div", () => new Divide(), (left, right) => right == 0 ? 0 : left / right),
        Binary("Pow", () => new Power(), null),
        Many("Sum", () => new Add(), (left, right) => left + right),
        Many("Max", () => new Maximum(), Math.Max),
        Many("Min", () => new Minimum(), Math.Min),
        new OperatorDefinition("Mean", Mean),
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
}
