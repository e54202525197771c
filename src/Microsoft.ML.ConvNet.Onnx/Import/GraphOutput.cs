using Microsoft.ML.ConvNet.Onnx.Format;

namespace Microsoft.ML.ConvNet.Onnx.Import;

/// <summary>
/// Where a network ends that is imported: in an output of the model, or in any value that a node gives, so that what comes behind it, as a
/// classifier behind features, is left out.
/// </summary>
internal static class GraphOutput
{
    private const int Shown = 5;

    /// <summary>The value that the options name, or the model's first output.</summary>
    /// <exception cref="OnnxImportException">There is none of the name, or it is declared as something that is no number.</exception>
    public static OnnxValueInfo Of(OnnxModel model, OnnxImportOptions options)
    {
        OnnxValueInfo output = options.OutputName is { } name
            ? Declared(model, name) ?? Inner(model, name) ?? throw Unknown(model, name)
            : model.Outputs[0];
        bool isUntyped = output.ElementType == OnnxElementType.Undefined && !model.Outputs.Contains(output);
        return isUntyped || IsNumber(output.ElementType) ? output : throw NoNumber(output);
    }

    /// <summary>Demands that a value of which the file does not say the type is one of numbers.</summary>
    /// <param name="output">The value.</param>
    /// <param name="type">The type that its node gives it.</param>
    /// <exception cref="OnnxImportException">It is not.</exception>
    public static void RequireNumber(OnnxValueInfo output, OnnxElementType type)
    {
        if (output.ElementType == OnnxElementType.Undefined && !IsNumber(type))
        {
            throw NoNumber(output with { ElementType = type });
        }
    }

    private static OnnxValueInfo? Declared(OnnxModel model, string name) => model.Outputs.FirstOrDefault(value => value.Name == name);

    /// <summary>A value by its own name, or else the first value of the node of that name.</summary>
    private static OnnxValueInfo? Inner(OnnxModel model, string name)
    {
        if (name.Length == 0)
        {
            return null;
        }

        NodeProto? node = model.Graph.Node.FirstOrDefault(node => node.Output.Contains(name));
        string? value = node is not null
            ? name
            : model.Graph.Node.FirstOrDefault(node => node.Name == name)?.Output.FirstOrDefault(output => output.Length > 0);
        if (value is null)
        {
            return null;
        }

        ValueInfoProto? declared = model.Graph.ValueInfo.FirstOrDefault(info => info.Name == value);
        return Declared(model, value)
            ?? (declared is null ? new OnnxValueInfo(value, OnnxElementType.Undefined, null) : ModelChecks.ValueInfo(declared));
    }

    private static bool IsNumber(OnnxElementType type) => type is OnnxElementType.Float or OnnxElementType.Float16 or OnnxElementType.Bool;

    private static OnnxImportException NoNumber(OnnxValueInfo output) => new(
        "The network ends in an output of type Float, Float16 or Bool. "
        + $"Received: {output}{(output.ElementType == OnnxElementType.Undefined ? ", which is no tensor" : string.Empty)}.");

    private static OnnxImportException Unknown(OnnxModel model, string name)
    {
        string[] inner = [.. model.Graph.Node.SelectMany(node => node.Output).Where(output => output.Length > 0)];
        string[] similar = [.. inner.Where(value => name.Length > 0 && value.Contains(name, StringComparison.OrdinalIgnoreCase)).Take(Shown)];
        return new OnnxImportException(
            "The network ends in an output of the model: "
            + $"{string.Join(", ", model.Outputs.Select(value => OnnxText.Quoted(value.Name)))}; or in a node, or in a value that one gives, such as "
            + $"{string.Join(", ", (similar.Length > 0 ? similar : inner.TakeLast(Shown)).Select(OnnxText.Quoted))}. "
            + $"Received: {OnnxText.Quoted(name)}.");
    }
}
