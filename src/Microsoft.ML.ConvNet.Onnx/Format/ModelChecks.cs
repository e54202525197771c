using Microsoft.ML.ConvNet.Storage;
using static Microsoft.ML.ConvNet.Storage.ModelFormatException;

namespace Microsoft.ML.ConvNet.Onnx.Format;

/// <summary>What is demanded of a model before anything is made of it.</summary>
internal static class ModelChecks
{
    private const int MaximumNodes = 100_000;
    private const int MaximumInitializers = 100_000;
    private const int MaximumIRVersion = 1_000;
    private const int MaximumVersion = 1_000_000;

    /// <summary>The newest opset whose operators are known.</summary>
    private const int NewestOpset = 28;

    /// <summary>Whether a domain is that of ONNX's own operators.</summary>
    public static bool IsDefaultDomain(string domain) => domain is "" or "ai.onnx";

    /// <summary>Demands a graph of reasonable size whose numbers are in range.</summary>
    /// <exception cref="ModelFormatException">It is none.</exception>
    public static void RequireUsable(ModelProto model)
    {
        Require(model.Graph is not null, "An ONNX model has a graph. Received: none; is this an ONNX file?");
        GraphProto graph = model.Graph!;
        Require(model.IrVersion is >= 1 and <= MaximumIRVersion,
            $"An ONNX model has a version of the file format. Received: {model.IrVersion}.");
        Require(model.OpsetImport.All(opset => opset.Version is >= 0 and <= MaximumVersion),
            "An ONNX model has opset versions in range. Received: others.");
        long newest = model.OpsetImport.Where(opset => IsDefaultDomain(opset.Domain)).Select(opset => opset.Version).DefaultIfEmpty(0).Max();
        Require(
            newest <= NewestOpset,
            FormattableString.Invariant($"An ONNX model is of an opset of at most {NewestOpset}. Received: {newest}; save it for an older one."));
        Require(
            graph.Node.Count <= MaximumNodes,
            FormattableString.Invariant($"An ONNX graph has at most {MaximumNodes:N0} nodes. Received: {graph.Node.Count:N0}."));
        Require(
            graph.Initializer.Count <= MaximumInitializers,
            FormattableString.Invariant(
                $"An ONNX graph has at most {MaximumInitializers:N0} initializers. Received: {graph.Initializer.Count:N0}."));
        Require(
            graph.SparseInitializer.Count == 0,
            $"The initializers of an ONNX graph are dense tensors. Received: {graph.SparseInitializer.Count} sparse ones.");
        Require(graph.Output.Count > 0, "An ONNX graph has an output. Received: none.");
    }

    /// <summary>What a model says of an input or output.</summary>
    /// <exception cref="ModelFormatException">A dimension is out of range.</exception>
    public static OnnxValueInfo ValueInfo(ValueInfoProto value)
    {
        TypeProto.Types.Tensor? tensor = value.Type?.TensorType;
        if (tensor is null)
        {
            return new OnnxValueInfo(value.Name, OnnxElementType.Undefined, null);
        }

        int?[]? dimensions = tensor.Shape is null ? null : [.. tensor.Shape.Dim.Select(dimension => Dimension(value.Name, dimension))];
        Require(
            dimensions is null || dimensions.Length <= TensorReader.MaximumRank,
            $"The value {OnnxText.Quoted(value.Name)} has at most {TensorReader.MaximumRank} dimensions. Received: {dimensions?.Length}.");
        return new OnnxValueInfo(value.Name, (OnnxElementType)tensor.ElemType, dimensions);
    }

    private static int? Dimension(string name, TensorShapeProto.Types.Dimension dimension)
    {
        if (dimension.ValueCase != TensorShapeProto.Types.Dimension.ValueOneofCase.DimValue || dimension.DimValue < 0)
        {
            return null;
        }

        Require(
            dimension.DimValue <= int.MaxValue,
            FormattableString.Invariant(
                $"The value {OnnxText.Quoted(name)} has dimensions of at most {int.MaxValue:N0}. Received: {dimension.DimValue:N0}."));
        return (int)dimension.DimValue;
    }
}
