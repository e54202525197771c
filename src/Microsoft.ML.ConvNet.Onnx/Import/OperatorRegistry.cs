using System.Collections.Frozen;
using Microsoft.ML.ConvNet.Onnx.Format;
using Microsoft.ML.ConvNet.Onnx.Import.Operators;

namespace Microsoft.ML.ConvNet.Onnx.Import;

/// <summary>The operators that can be imported, by name and opset. A group of operators is a file in the folder Operators.</summary>
internal static class OperatorRegistry
{
    private static readonly FrozenDictionary<string, OperatorDefinition[]> Definitions = new[]
    {
        ActivationOperators.All,
        ArithmeticOperators.All,
        ComparisonOperators.All,
        ConvolutionOperators.All,
        PoolingOperators.All,
        NormalizationOperators.All,
        ProductOperators.All,
        SoftmaxOperators.All,
        ShapeOperators.All,
        SelectionOperators.All,
        JoiningOperators.All,
        PaddingOperators.All,
        ReductionOperators.All,
        ResizingOperators.All,
        RegionOperators.All,
        TypeOperators.All,
        ConstantOperators.All,
    }
    .SelectMany(group => group)
    .GroupBy(definition => definition.Name, StringComparer.Ordinal)
    .ToFrozenDictionary(group => group.Key, group => group.ToArray(), StringComparer.Ordinal);

    /// <summary>The names of all operators, in alphabetical order.</summary>
    public static IReadOnlyList<string> Names => [.. Definitions.Keys.Order(StringComparer.Ordinal)];

    /// <summary>How a node's operator is imported; null where it is not.</summary>
    public static OperatorDefinition? Find(NodeProto node, int opset) =>
        ModelChecks.IsDefaultDomain(node.Domain) && Definitions.TryGetValue(node.OpType, out OperatorDefinition[]? definitions)
            ? Array.Find(definitions, definition => opset >= definition.Since && opset <= definition.Until)
            : null;
}
