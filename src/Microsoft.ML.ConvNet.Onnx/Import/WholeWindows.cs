using Microsoft.ML.ConvNet.Onnx.Format;

namespace Microsoft.ML.ConvNet.Onnx.Import;

/// <summary>
/// Poolings whose one window is the whole image, as exporters write the one before a classifier: with the size that images had in that
/// training as a number. For images of another size they are what they were meant as, a pooling over all of the image.
/// </summary>
internal static class WholeWindows
{
    /// <summary>The nodes, with such poolings as global ones.</summary>
    /// <param name="nodes">The nodes.</param>
    /// <param name="values">What the nodes give for the size that the model declares.</param>
    public static IReadOnlyList<NodeProto> AsGlobal(IReadOnlyList<NodeProto> nodes, IReadOnlyDictionary<string, OnnxValue> values) =>
        [.. nodes.Select(node => IsWhole(node, values) ? Global(node) : node)];

    private static bool IsWhole(NodeProto node, IReadOnlyDictionary<string, OnnxValue> values)
    {
        if (node.OpType is not ("AveragePool" or "MaxPool") || !ModelChecks.IsDefaultDomain(node.Domain)
            || node.Input.Count != 1 || node.Output.Count != 1
            || !values.TryGetValue(node.Input[0], out OnnxValue? input) || !values.TryGetValue(node.Output[0], out OnnxValue? output))
        {
            return false;
        }

        AttributeProto? Named(string name) => node.Attribute.FirstOrDefault(attribute => attribute.Name == name);
        bool isPadded = Named("pads")?.Ints.Any(pad => pad != 0) == true
            || Named("auto_pad")?.S.ToStringUtf8() is { } padding and not ("NOTSET" or "VALID");
        return !isPadded
            && Named("kernel_shape") is { } kernel
            && kernel.Ints.SequenceEqual(input.Dimensions.Skip(2).Select(dimension => (long)dimension))
            && output.Dimensions.Skip(2).All(dimension => dimension == 1);
    }

    private static NodeProto Global(NodeProto node)
    {
        NodeProto global = node.Clone();
        global.OpType = $"Global{node.OpType}";
        global.Attribute.Clear();
        return global;
    }
}
