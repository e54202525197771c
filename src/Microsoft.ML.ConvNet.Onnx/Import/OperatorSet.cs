using System.Collections.Frozen;
using Microsoft.ML.ConvNet.Onnx.Format;

namespace Microsoft.ML.ConvNet.Onnx.Import;

/// <summary>Operators that can be imported, by name and opset.</summary>
internal sealed class OperatorSet
{
    private readonly FrozenDictionary<string, OperatorDefinition[]> _definitions;

    /// <summary>A set of operators; several may have one name, for different opsets.</summary>
    public OperatorSet(IEnumerable<OperatorDefinition> definitions) => _definitions = definitions
        .GroupBy(definition => definition.Name, StringComparer.Ordinal)
        .ToFrozenDictionary(group => group.Key, group => group.ToArray(), StringComparer.Ordinal);

    /// <summary>The names of all operators, in alphabetical order.</summary>
    public IReadOnlyList<string> Names => [.. _definitions.Keys.Order(StringComparer.Ordinal)];

    /// <summary>How a node's operator is imported; null where it is not.</summary>
    public OperatorDefinition? Find(NodeProto node, int opset) =>
        ModelChecks.IsDefaultDomain(node.Domain) && _definitions.TryGetValue(node.OpType, out OperatorDefinition[]? definitions)
            ? Array.Find(definitions, definition => opset >= definition.Since && opset <= definition.Until)
            : null;
}
