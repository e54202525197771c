using System.Collections.Frozen;
using Microsoft.ML.ConvNet.Onnx.Format;

namespace Microsoft.ML.ConvNet.Onnx.Import;

/// <summary>Operators that can be imported, by name and opset, and what the specification says of them.</summary>
internal sealed class OperatorSet
{
    private readonly FrozenDictionary<string, OperatorDefinition[]> _definitions;
    private readonly FrozenDictionary<string, OperatorSchema[]> _schemas;

    /// <summary>A set of operators; several may have one name, for different opsets.</summary>
    /// <param name="definitions">How they are imported.</param>
    /// <param name="schemas">What the specification says of them.</param>
    public OperatorSet(IEnumerable<OperatorDefinition> definitions, IEnumerable<IReadOnlyList<OperatorSchema>> schemas)
    {
        _definitions = definitions
            .GroupBy(definition => definition.Name, StringComparer.Ordinal)
            .ToFrozenDictionary(group => group.Key, group => group.ToArray(), StringComparer.Ordinal);
        _schemas = schemas.ToFrozenDictionary(row => row[0].Name, row => row.ToArray(), StringComparer.Ordinal);
    }

    /// <summary>The names of all operators, in alphabetical order.</summary>
    public IReadOnlyList<string> Names => [.. _definitions.Keys.Order(StringComparer.Ordinal)];

    /// <summary>How a node's operator is imported; null where it is not.</summary>
    public OperatorDefinition? Find(NodeProto node, int opset) =>
        _definitions.TryGetValue(Key(node), out OperatorDefinition[]? definitions) && Schema(node, opset) is not null
            ? Array.Find(definitions, definition => opset >= definition.Since && opset <= definition.Until)
            : null;

    /// <summary>What the specification says of a node's operator in an opset; null where it has no such operator.</summary>
    public OperatorSchema? Schema(NodeProto node, int opset) =>
        _schemas.TryGetValue(Key(node), out OperatorSchema[]? versions)
            ? Array.FindLast(versions, version => version.Since <= Math.Max(opset, 1))
            : null;

    /// <summary>The first opset that has a node's operator; null where none has.</summary>
    public int? FirstOpset(NodeProto node) =>
        _schemas.TryGetValue(Key(node), out OperatorSchema[]? versions) ? versions[0].Since : null;

    /// <summary>The name of a node's operator here: with its domain in front, where that is another than ONNX's own.</summary>
    private static string Key(NodeProto node) => ModelChecks.IsDefaultDomain(node.Domain) ? node.OpType : $"{node.Domain}.{node.OpType}";
}
