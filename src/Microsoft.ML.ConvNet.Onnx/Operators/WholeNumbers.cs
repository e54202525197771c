using Microsoft.ML.ConvNet.Onnx.Format;
using Microsoft.ML.ConvNet.Onnx.Import;

namespace Microsoft.ML.ConvNet.Onnx.Operators;

/// <summary>Arithmetic with whole numbers and truth values that are known: what graphs compute of shapes.</summary>
internal static class WholeNumbers
{
    /// <summary>A function of each element of the first input; null where that is no whole number.</summary>
    public static IReadOnlyList<OnnxTensor>? Map(NodeContext node, Func<long, long> function)
    {
        OnnxTensor tensor = node.Constant(0);
        if (tensor.IsFloatingPoint)
        {
            return null;
        }

        node.Writer.Budget.RequireFolded(node, tensor.Dimensions, areFloats: false);
        long[] values = Array.ConvertAll(tensor.Integers, value => function(value));
        return [new OnnxTensor(string.Empty, tensor.ElementType, tensor.Dimensions, values)];
    }

    /// <summary>A function of the elements of all inputs, two at a time; null where one holds no whole numbers.</summary>
    /// <param name="node">The node.</param>
    /// <param name="function">The function.</param>
    /// <param name="type">The type of the result; that of the first input where not given.</param>
    public static IReadOnlyList<OnnxTensor>? Combine(NodeContext node, Func<long, long, long> function, OnnxElementType? type = null)
    {
        OnnxTensor[] operands = [.. Enumerable.Range(0, node.InputCount).Where(node.Has).Select(node.Constant)];
        if (operands.Any(operand => operand.IsFloatingPoint))
        {
            return null;
        }

        OnnxTensor result = operands[0];
        foreach (OnnxTensor operand in operands.Skip(1))
        {
            result = Combine(node, result, operand, function);
        }

        return [new OnnxTensor(string.Empty, type ?? operands[0].ElementType, result.Dimensions, result.Integers)];
    }

    /// <summary>The dimensions that operands broadcast to, as in numpy.</summary>
    public static int[] BroadcastDimensions(NodeContext node, params IReadOnlyList<int>[] operands)
    {
        int rank = operands.Max(dimensions => dimensions.Count);
        int[] result = [.. Enumerable.Repeat(1, rank)];
        foreach (IReadOnlyList<int> dimensions in operands)
        {
            for (int i = 0; i < dimensions.Count; i++)
            {
                int axis = rank - dimensions.Count + i;
                if (dimensions[i] != result[axis] && dimensions[i] != 1 && result[axis] != 1)
                {
                    throw node.Malformed(
                        "the dimensions of operands are equal or 1. "
                        + $"Received: {string.Join(" and ", operands.Select(OnnxText.Dimensions))}");
                }

                result[axis] = dimensions[i] == 1 ? result[axis] : dimensions[i];
            }
        }

        return result;
    }

    /// <summary>The places of an operand's elements when it is broadcast.</summary>
    public static int[] BroadcastPlaces(NodeContext node, IReadOnlyList<int> operand, IReadOnlyList<int> dimensions)
    {
        int[] own = StridedPlaces.RowMajor(operand);
        int[] strides = [.. Enumerable.Repeat(0, dimensions.Count - operand.Count),
            .. own.Select((stride, axis) => operand[axis] == 1 ? 0 : stride)];
        return StridedPlaces.Of(dimensions, strides, ElementCount.OfFolded(node, dimensions));
    }

    private static OnnxTensor Combine(NodeContext node, OnnxTensor left, OnnxTensor right, Func<long, long, long> function)
    {
        int[] dimensions = BroadcastDimensions(node, left.Dimensions, right.Dimensions);
        int[] leftPlaces = BroadcastPlaces(node, left.Dimensions, dimensions);
        int[] rightPlaces = BroadcastPlaces(node, right.Dimensions, dimensions);
        long[] values = new long[leftPlaces.Length];
        long[] first = left.Integers;
        long[] second = right.Integers;
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = function(first[leftPlaces[i]], second[rightPlaces[i]]);
        }

        return new OnnxTensor(string.Empty, left.ElementType, dimensions, values);
    }
}
