using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Onnx.Import;

namespace Microsoft.ML.ConvNet.Onnx.Operators;

/// <summary>Operators that change the type of the elements, and those that only training gives a meaning.</summary>
internal static class TypeOperators
{
    /// <summary>The rows.</summary>
    public static IReadOnlyList<OperatorRow> All { get; } =
    [
        OperatorRow.Of<Dropout>(
            layer => layer.EmitWithNumbers("Dropout", layer.Layer<Dropout>().Rate), new OperatorDefinition("Dropout", Dropout)),
        OperatorRow.OnlyRead(
            new OperatorDefinition("Cast", node => Cast(node, (OnnxElementType)node.Attributes.Int("to", 0)))
            {
                Fold = node => [Converted(node, (OnnxElementType)node.Attributes.Int("to", 0))],
            },
            new OperatorDefinition("CastLike", node => Cast(node, node.Input(1).ElementType))
            {
                Fold = node => [Converted(node, node.Input(1).ElementType)],
            }),
    ];

    private static OnnxValue Cast(NodeContext node, OnnxElementType type)
    {
        if (node.Input(0) is ConstantValue)
        {
            return new ConstantValue(Converted(node, type));
        }

        GraphValue value = node.Graph(0);
        switch (type)
        {
            case OnnxElementType.Float or OnnxElementType.Float16:
                return value with { Type = type };
            case OnnxElementType.Bool when value.Type == OnnxElementType.Bool:
                return value;
            case OnnxElementType.Bool:
                ConstantValue zero = new(new OnnxTensor([], [0]));
                GraphValue isZero = node.Writer.Broadcast(new Compare(Comparison.Equal), [value, zero], $"{node.Name}/zero");
                return node.Writer.Broadcast(new Compare(Comparison.Equal), [isZero, zero], node.Name) with { Type = OnnxElementType.Bool };
            default:
                throw node.Unsupported(
                    "values that the graph computes are of type Float, Float16 or Bool. "
                    + $"Received: a conversion to {type}");
        }
    }

    private static OnnxTensor Converted(NodeContext node, OnnxElementType type)
    {
        OnnxTensor tensor = node.Known(0);
        return tensor.IsUniform && tensor.Count > 0
            ? new OnnxTensor(Converted(node, new OnnxTensor(tensor, [1]), type), tensor.Dimensions)
            : Converted(node, tensor, type);
    }

    private static OnnxTensor Converted(NodeContext node, OnnxTensor tensor, OnnxElementType type)
    {
        if (type == tensor.ElementType)
        {
            return tensor;
        }

        switch (type)
        {
            case OnnxElementType.Float or OnnxElementType.Float16 or OnnxElementType.Double:
                if (tensor.IsFloatingPoint && tensor.HoldsArray)
                {
                    return tensor.WithType(type);
                }

                node.Writer.Budget.RequireFolded(node, tensor.Dimensions, areFloats: true);
                return new OnnxTensor(tensor.Name, type, tensor.Dimensions, tensor.ToArray());
            case OnnxElementType.Bool:
                node.Writer.Budget.RequireFolded(node, tensor.Dimensions, areFloats: false);
                return new OnnxTensor(tensor.Name, type, tensor.Dimensions,
                    Array.ConvertAll(tensor.ToArray(), value => value == 0 ? 0L : 1L));
            case OnnxElementType.Int8 or OnnxElementType.UInt8 or OnnxElementType.Int16 or OnnxElementType.UInt16 or OnnxElementType.Int32
                or OnnxElementType.UInt32 or OnnxElementType.Int64 or OnnxElementType.UInt64:
                if (!tensor.IsFloatingPoint)
                {
                    return new OnnxTensor(tensor.Name, type, tensor.Dimensions, tensor.Integers);
                }

                node.Writer.Budget.RequireFolded(node, tensor.Dimensions, areFloats: false);
                return new OnnxTensor(tensor.Name, type, tensor.Dimensions, Array.ConvertAll(tensor.Floats, value => (long)value));
            default:
                throw node.Unsupported($"it converts to numbers or truth values. Received: {type}");
        }
    }

    private static IReadOnlyList<OnnxValue> Dropout(NodeContext node)
    {
        const float UsualRatio = 0.5f;
        GraphValue value = node.Graph(0);
        float ratio = node.OptionalNumber(1) ?? node.Attributes.Float("ratio", UsualRatio);
        bool isTraining = node.OptionalNumber(2) is not (null or 0);
        if (isTraining && ratio > 0)
        {
            string received = FormattableString.Invariant($"training mode with a ratio of {ratio}");
            throw node.Unsupported($"it passes its input on, as in inference. Received: {received}");
        }

        GraphValue result = ratio is > 0 and < 1 ? ActivationOperators.Apply(node, value, new Dropout(ratio)) : value;
        if (!node.HasOutput(1))
        {
            return [result];
        }

        OnnxTensor kept = new(string.Empty, OnnxElementType.Bool, [1], [1L]);
        return [result, new ConstantValue(SelectionOperators.Uniform(node, kept, value.LogicalDimensions))];
    }
}
