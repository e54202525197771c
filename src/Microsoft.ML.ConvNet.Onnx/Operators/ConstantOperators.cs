using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Onnx.Import;

namespace Microsoft.ML.ConvNet.Onnx.Operators;

/// <summary>Values that are known when a graph is imported, and the arithmetic of shapes that has no layer.</summary>
internal static class ConstantOperators
{
    /// <summary>The rows.</summary>
    public static IReadOnlyList<OperatorRow> All { get; } =
    [
        OperatorRow.Of<Constant>(
            layer => layer.Graph.AddConstant($"{layer.Name}.value", layer.OutputShape, layer.Parameter("value").ToArray()),
            OperatorDefinition.OfConstants("Constant", Constant)),
        OperatorRow.OnlyRead(
            OperatorDefinition.OfConstants("ConstantOfShape", ConstantOfShape),
            OperatorDefinition.OfConstants("Range", Range),
            OperatorDefinition.OfConstants("Floor", node => Rounded(node, MathF.Floor)),
            OperatorDefinition.OfConstants("Ceil", node => Rounded(node, MathF.Ceiling)),
            OperatorDefinition.OfConstants("Round", node => Rounded(node, value => MathF.Round(value, MidpointRounding.ToEven)))),
    ];

    private static OnnxTensor Constant(NodeContext node)
    {
        NodeAttributes attributes = node.Attributes;
        if (attributes.Tensor("value") is { } tensor)
        {
            return tensor;
        }

        if (attributes.Has("value_float"))
        {
            return new OnnxTensor([], [attributes.Float("value_float", 0)]);
        }

        if (attributes.Has("value_int"))
        {
            return new OnnxTensor(string.Empty, OnnxElementType.Int64, [], new[] { attributes.Int("value_int", 0) });
        }

        if (attributes.Floats("value_floats") is { } floats)
        {
            return new OnnxTensor([floats.Count], [.. floats]);
        }

        return attributes.Ints("value_ints") is { } integers
            ? new OnnxTensor(string.Empty, OnnxElementType.Int64, [integers.Count], integers.ToArray())
            : throw node.Unsupported("its value is a dense tensor, a number or a list of numbers. Received: another one");
    }

    private static OnnxTensor ConstantOfShape(NodeContext node)
    {
        long[] shape = node.Integers(0);
        int[] dimensions = [.. shape.Select(dimension => dimension is >= 0 and <= int.MaxValue
            ? (int)dimension
            : throw node.Malformed($"its dimensions are 0 or more. Received: {OnnxText.Numbers(shape)}"))];
        OnnxTensor value = node.Attributes.Tensor("value") ?? new OnnxTensor([1], [0f]);
        return value.Count == 1
            ? SelectionOperators.Uniform(node, value, dimensions)
            : throw node.Malformed($"its value is one number. Received: {value}");
    }

    private static OnnxTensor Range(NodeContext node)
    {
        long start = node.Integer(0);
        long limit = node.Integer(1);
        long step = node.Integer(2);
        if (step == 0)
        {
            throw node.Malformed("its step is not 0. Received: 0");
        }

        double span = Math.Ceiling(((double)limit - start) / step);
        int count = (int)Math.Clamp(span, 0, int.MaxValue);
        node.Writer.Budget.RequireFolded(node, [count], areFloats: false);
        long[] values = [.. Enumerable.Range(0, count).Select(i => start + (i * step))];
        return new OnnxTensor(string.Empty, node.Constant(0).ElementType, [values.Length], values);
    }

    private static OnnxTensor Rounded(NodeContext node, Func<float, float> round)
    {
        OnnxTensor tensor = node.Constant(0);
        node.Writer.Budget.RequireFolded(node, tensor.Dimensions, areFloats: true);
        return new OnnxTensor(tensor.Name, tensor.ElementType, tensor.Dimensions, Array.ConvertAll(node.Floats(0), value => round(value)));
    }
}
