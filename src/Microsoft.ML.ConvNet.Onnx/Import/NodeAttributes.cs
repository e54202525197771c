using Microsoft.ML.ConvNet.Onnx.Format;
using Microsoft.ML.ConvNet.Storage;

namespace Microsoft.ML.ConvNet.Onnx.Import;

/// <summary>The attributes of a node, by name and with their defaults.</summary>
internal sealed class NodeAttributes
{
    private readonly Dictionary<string, AttributeProto> _attributes = new(StringComparer.Ordinal);
    private readonly string _node;

    /// <summary>Reads the attributes of a node.</summary>
    /// <exception cref="ModelFormatException">Two have the same name.</exception>
    public NodeAttributes(NodeProto node, string description)
    {
        _node = description;
        foreach (AttributeProto attribute in node.Attribute)
        {
            if (!_attributes.TryAdd(attribute.Name, attribute))
            {
                throw new ModelFormatException(
                    $"{description}: an attribute is given once. "
                    + $"Received: {OnnxText.Quoted(attribute.Name)} twice.");
            }
        }
    }

    /// <summary>Whether an attribute is given.</summary>
    public bool Has(string name) => _attributes.ContainsKey(name);

    /// <summary>A whole number.</summary>
    public long Int(string name, long otherwise) => Find(name, AttributeProto.Types.AttributeType.Int)?.I ?? otherwise;

    /// <summary>Whether a number is given that is not 0.</summary>
    public bool Flag(string name, bool otherwise = false) => Int(name, otherwise ? 1 : 0) != 0;

    /// <summary>A floating-point number.</summary>
    public float Float(string name, float otherwise) => Find(name, AttributeProto.Types.AttributeType.Float)?.F ?? otherwise;

    /// <summary>A text.</summary>
    public string Text(string name, string otherwise) =>
        Find(name, AttributeProto.Types.AttributeType.String)?.S.ToStringUtf8() ?? otherwise;

    /// <summary>A list of whole numbers; null where it is not given.</summary>
    public IReadOnlyList<long>? Ints(string name) => Find(name, AttributeProto.Types.AttributeType.Ints)?.Ints;

    /// <summary>A list of floating-point numbers; null where it is not given.</summary>
    public IReadOnlyList<float>? Floats(string name) => Find(name, AttributeProto.Types.AttributeType.Floats)?.Floats;

    /// <summary>A tensor; null where it is not given.</summary>
    public OnnxTensor? Tensor(string name) => Find(name, AttributeProto.Types.AttributeType.Tensor) is { } attribute
        ? TensorReader.Read(attribute.T ?? new TensorProto(), $"{_node}, attribute {name}")
        : null;

    private AttributeProto? Find(string name, AttributeProto.Types.AttributeType type)
    {
        if (!_attributes.TryGetValue(name, out AttributeProto? attribute))
        {
            return null;
        }

        bool fits = attribute.Type == type
            || (attribute.Type == AttributeProto.Types.AttributeType.Undefined && attribute.RefAttrName.Length == 0);
        return fits
            ? attribute
            : throw new ModelFormatException(
                $"{_node}: the attribute {OnnxText.Quoted(name)} is of type {type}. "
                + $"Received: {attribute.Type}.");
    }
}
