using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Onnx.Export;
using Microsoft.ML.ConvNet.Onnx.Format;
using Microsoft.ML.ConvNet.Onnx.Import;

namespace Microsoft.ML.ConvNet.Onnx.Operators;

/// <summary>Comparisons, logic and choice. The network has 1 for true and 0 for false.</summary>
internal static class ComparisonOperators
{
    /// <summary>The rows.</summary>
    public static IReadOnlyList<OperatorRow> All { get; } =
    [
        OperatorRow.Of<Compare>(
            WriteComparison,
            Compare("Less", Comparison.Less, (left, right) => left < right),
            Compare("LessOrEqual", Comparison.LessOrEqual, (left, right) => left <= right),
            Compare("Greater", Comparison.Greater, (left, right) => left > right),
            Compare("GreaterOrEqual", Comparison.GreaterOrEqual, (left, right) => left >= right),
            Compare("Equal", Comparison.Equal, (left, right) => left == right)),
        OperatorRow.Of<Where>(Choice, new OperatorDefinition("Where", node => (OnnxValue)Choose(node)) { Fold = FoldWhere }),
        OperatorRow.OnlyRead(
            Logic("And", () => new Minimum(), (left, right) => left & right),
            Logic("Or", () => new Maximum(), (left, right) => left | right),
            new OperatorDefinition("Sign", node => (OnnxValue)Sign(node)) { Fold = node => WholeNumbers.Map(node, value => Math.Sign(value)) },
            new OperatorDefinition("Not", Not) { Fold = node => WholeNumbers.Map(node, value => value == 0 ? 1 : 0) }),
    ];

    private static OperatorDefinition Compare(string name, Comparison comparison, Func<long, long, bool> fold) => new(
        name, node => (OnnxValue)Truth(node.Writer.Broadcast(new Compare(comparison), [node.Input(0), node.Input(1)], node.Name)))
    {
        Fold = node => WholeNumbers.Combine(node, (left, right) => fold(left, right) ? 1 : 0, OnnxElementType.Bool),
    };

    private static OperatorDefinition Logic(string name, Func<Layer> layer, Func<long, long, long> fold) => new(
        name, node => (OnnxValue)Truth(node.Writer.Broadcast(layer(), [node.Input(0), node.Input(1)], node.Name)))
    {
        Fold = node => WholeNumbers.Combine(node, fold),
    };

    private static GraphValue Truth(GraphValue value) => value with { Type = OnnxElementType.Bool };

    private static GraphValue Not(NodeContext node) => Truth(node.Writer.Broadcast(
        new Compare(Comparison.Equal), [node.Graph(0), new ConstantValue(new OnnxTensor([], [0]))], node.Name));

    private static GraphValue Sign(NodeContext node)
    {
        GraphValue value = node.Graph(0);
        ConstantValue zero = new(new OnnxTensor([], [0]));
        GraphValue isPositive = node.Writer.Broadcast(new Compare(Comparison.Greater), [value, zero], $"{node.Name}/positive");
        GraphValue isNegative = node.Writer.Broadcast(new Compare(Comparison.Less), [value, zero], $"{node.Name}/negative");
        return node.Writer.Broadcast(new Subtract(), [isPositive, isNegative], node.Name) with { Type = value.Type };
    }

    private static GraphValue Choose(NodeContext node) => node.Writer.Broadcast(
        new Where(), [node.Input(0), node.Input(1), node.Input(2)], node.Name) with
    {
        Type = node.Input(1).ElementType,
    };

    private static IReadOnlyList<OnnxTensor>? FoldWhere(NodeContext node)
    {
        OnnxTensor condition = node.Constant(0);
        OnnxTensor first = node.Constant(1);
        OnnxTensor second = node.Constant(2);
        int[] dimensions = WholeNumbers.BroadcastDimensions(node, condition.Dimensions, first.Dimensions, second.Dimensions);
        int[] conditionPlaces = WholeNumbers.BroadcastPlaces(node, condition.Dimensions, dimensions);
        int[] firstPlaces = WholeNumbers.BroadcastPlaces(node, first.Dimensions, dimensions);
        int[] secondPlaces = WholeNumbers.BroadcastPlaces(node, second.Dimensions, dimensions);
        long[] conditions = condition.Integers;
        T[] Choose<T>(T[] left, T[] right) =>
            [.. Enumerable.Range(0, conditionPlaces.Length).Select(i => conditions[conditionPlaces[i]] != 0
                ? left[firstPlaces[i]]
                : right[secondPlaces[i]])];
        return [first.IsFloatingPoint
            ? new OnnxTensor(string.Empty, first.ElementType, dimensions, Choose(first.Floats, second.Floats))
            : new OnnxTensor(string.Empty, first.ElementType, dimensions, Choose(first.Integers, second.Integers))];
    }

    private static ExportValue WriteComparison(LayerExport layer)
    {
        string operation = layer.Layer<Compare>().Comparison switch
        {
            Comparison.Less => "Less",
            Comparison.LessOrEqual => "LessOrEqual",
            Comparison.Greater => "Greater",
            Comparison.GreaterOrEqual => "GreaterOrEqual",
            _ => "Equal",
        };
        ExportValue[] inputs = ArithmeticOperators.InOneOrder(layer);
        string truth = layer.Graph.Node(operation, layer.Name, inputs.Select(input => input.Name));
        string number = layer.Graph.Node("Cast", $"{layer.Name}/number", [truth], To(OnnxElementType.Float));
        return ArithmeticOperators.Result(layer, inputs, number);
    }

    private static ExportValue Choice(LayerExport layer)
    {
        ExportValue[] inputs = ArithmeticOperators.InOneOrder(layer);
        string condition = layer.Graph.Node("Cast", $"{layer.Name}/condition", [inputs[0].Name], To(OnnxElementType.Bool));
        string chosen = layer.Graph.Node("Where", layer.Name, [condition, inputs[1].Name, inputs[2].Name]);
        return ArithmeticOperators.Result(layer, inputs, chosen);
    }

    private static AttributeProto To(OnnxElementType type) => ExportGraph.Attribute("to", (long)type);
}
