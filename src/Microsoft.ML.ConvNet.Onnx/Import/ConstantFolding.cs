using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Onnx.Format;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Onnx.Import;

/// <summary>
/// Computes nodes whose inputs are known: moves of elements and whole numbers here, floating-point numbers by the engine itself, as a
/// network of that one node.
/// </summary>
internal static class ConstantFolding
{
    /// <summary>The outputs of a node whose inputs are known; null where the node has to stay in the network.</summary>
    public static IReadOnlyList<OnnxValue>? Fold(OperatorDefinition definition, NodeProto node, NodeContext context)
    {
        if (definition.Fold?.Invoke(context) is { } folded)
        {
            return [.. folded.Select(tensor => new ConstantValue(tensor))];
        }

        OnnxTensor? first = context.Inputs.OfType<ConstantValue>().Select(value => value.Tensor).FirstOrDefault(tensor => tensor.IsFloatingPoint);
        return first is null || first.Count == 0 ? null : Compute(definition, node, context, first);
    }

    private static List<OnnxValue> Compute(OperatorDefinition definition, NodeProto node, NodeContext context, OnnxTensor first)
    {
        List<OnnxValue> results = [];
        for (int output = 0; output < Math.Max(results.Count, 1) || output < results.Capacity; output++)
        {
            int[] dimensions = [.. first.Dimensions];
            int[] order = [.. Enumerable.Range(0, dimensions.Length)];
            AxisLayout layout = AxisLayout.Of(dimensions, order);
            SymbolicTensor input = Network.Input(new Shape(layout.Extents));
            GraphWriter writer = new(input, isBatched: false, 1, keepsChannelsLast: false);
            GraphValue value = new(input, dimensions, layout) { Type = first.ElementType };
            bool isReplaced = false;
            OnnxValue?[] inputs =
            [
                .. node.Input.Select((name, i) => context.Has(i) ? context.Input(i) : null).Select(given =>
                {
                    if (!isReplaced && given is ConstantValue constant && ReferenceEquals(constant.Tensor, first))
                    {
                        isReplaced = true;
                        return value;
                    }

                    return given;
                }),
            ];
            IReadOnlyList<OnnxValue> outputs = definition.Import(new NodeContext(node, context.Opset, inputs, writer));
            results.Capacity = Math.Max(results.Capacity, outputs.Count);
            results.Add(outputs[output] is GraphValue computed ? Run(writer.Plain(computed, context.Name), input, writer, first) : outputs[output]);
            if (results.Count == outputs.Count)
            {
                break;
            }
        }

        return results;
    }

    private static ConstantValue Run(GraphValue value, SymbolicTensor input, GraphWriter writer, OnnxTensor first)
    {
        float[] results = first.ToArray();
        if (!ReferenceEquals(value.Tensor, input))
        {
            (Network network, Weights weights) = writer.Finish(value.Tensor, null);
            using (weights)
            using (InferenceModel model = new(network, weights, numberOfThreads: 1))
            {
                results = new float[network.OutputShape.ElementCount];
                model.Predict(first.ToArray(), 1, results);
            }
        }

        return value.Type == OnnxElementType.Bool
            ? new ConstantValue(new OnnxTensor(string.Empty, OnnxElementType.Bool, value.LogicalDimensions, Array.ConvertAll(results, result => (long)result)))
            : new ConstantValue(new OnnxTensor(string.Empty, OnnxElementType.Float, value.LogicalDimensions, results));
    }
}
