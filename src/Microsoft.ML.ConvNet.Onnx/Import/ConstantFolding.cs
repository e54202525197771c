using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Onnx.Format;
using Microsoft.ML.ConvNet.Running;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Onnx.Import;

/// <summary>
/// Computes nodes whose inputs are known: moves of elements and whole numbers in place, floating-point numbers by the engine itself, as a
/// network of that one node.
/// </summary>
internal static class ConstantFolding
{
    /// <summary>The outputs of a node whose inputs are known.</summary>
    /// <exception cref="OnnxImportException">They are of a type that the operator is not computed for.</exception>
    public static IReadOnlyList<OnnxValue> Fold(OperatorDefinition definition, NodeProto node, NodeContext context)
    {
        if (definition.Fold?.Invoke(context) is { } folded)
        {
            return [.. folded.Select(tensor => new ConstantValue(tensor))];
        }

        int first = Enumerable.Range(0, context.InputCount)
            .FirstOrDefault(input => context.Has(input) && context.Constant(input) is { IsFloatingPoint: true, Count: > 0 }, -1);
        if (first < 0)
        {
            OnnxTensor[] tensors = [.. context.Inputs.OfType<ConstantValue>().Select(value => value.Tensor)];
            string what = tensors.Any(tensor => tensor.IsFloatingPoint) ? "it computes with tensors that have elements"
                : "it computes with floating-point numbers";
            throw context.Unsupported($"{what}. Received: {string.Join(", ", tensors.AsEnumerable())}");
        }

        List<OnnxValue> results = [Compute(definition, node, context, first, 0, out int count)];
        for (int output = 1; output < count; output++)
        {
            results.Add(Compute(definition, node, context, first, output, out _));
        }

        return results;
    }

    /// <summary>Runs a network of the node, whose input is one of the node's, up to one of its outputs.</summary>
    private static ConstantValue Compute(OperatorDefinition definition, NodeProto node, NodeContext context, int first, int output,
        out int count)
    {
        OnnxTensor tensor = context.Constant(first);
        int[] dimensions = [.. tensor.Dimensions];
        AxisLayout layout = AxisLayout.Of(dimensions, Enumerable.Range(0, dimensions.Length));
        SymbolicTensor input = Network.Input(new Shape(layout.Extents));
        GraphWriter writer = new(input, isBatched: false, batch: 1, keepsChannelsLast: false, context.Writer.Budget);
        OnnxValue?[] inputs = [.. Enumerable.Range(0, context.InputCount).Select(i => context.Has(i) ? context.Input(i) : null)];
        inputs[first] = new GraphValue(input, dimensions, layout) { Type = tensor.ElementType };
        IReadOnlyList<OnnxValue> outputs = definition.Import(new NodeContext(node, context.Opset, inputs, writer));
        count = outputs.Count;
        if (outputs[output] is not GraphValue value)
        {
            return (ConstantValue)outputs[output];
        }

        value = writer.Plain(value, context.Name);
        context.Writer.Budget.RequireFolded(context, value.LogicalDimensions, areFloats: true);
        float[] results = ReferenceEquals(value.Tensor, input) ? tensor.ToArray() : Run(context, value.Tensor, writer, tensor);
        return new ConstantValue(value.Type == OnnxElementType.Bool
            ? new OnnxTensor(string.Empty, OnnxElementType.Bool, value.LogicalDimensions, Array.ConvertAll(results, result => (long)result))
            : new OnnxTensor(string.Empty, OnnxElementType.Float, value.LogicalDimensions, results));
    }

    private static float[] Run(NodeContext context, SymbolicTensor output, GraphWriter writer, OnnxTensor input)
    {
        context.Writer.Budget.RequireFolding(context, output.ToNetwork());
        (Network network, Weights weights) = writer.Finish(output, null);
        using (weights)
        using (InferenceModel model = new(network, weights, numberOfThreads: 1))
        {
            float[] results = new float[network.OutputShape.ElementCount];
            model.Predict(input.ToArray(), 1, results);
            return results;
        }
    }
}
