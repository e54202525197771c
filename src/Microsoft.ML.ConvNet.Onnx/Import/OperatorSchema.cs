using System.Globalization;
using Google.Protobuf.Collections;
using Microsoft.ML.ConvNet.Onnx.Format;
using Microsoft.ML.ConvNet.Storage;

namespace Microsoft.ML.ConvNet.Onnx.Import;

/// <summary>An input or output that an operator has.</summary>
/// <param name="Type">The type of its elements, or a letter for one that is the same wherever the letter stands.</param>
/// <param name="IsOptional">Whether it may be left out.</param>
/// <param name="IsRepeated">Whether there may be any number of it, at least one.</param>
internal sealed record SchemaValue(string Type, bool IsOptional, bool IsRepeated);

/// <summary>An attribute that an operator has.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">The type of its value.</param>
/// <param name="IsRequired">Whether it has to be given.</param>
internal sealed record SchemaAttribute(string Name, AttributeProto.Types.AttributeType Type, bool IsRequired);

/// <summary>What the specification says of an operator from an opset on.</summary>
/// <param name="Name">The operator's name.</param>
/// <param name="Since">The opset.</param>
/// <param name="Inputs">Its inputs.</param>
/// <param name="Outputs">Its outputs.</param>
/// <param name="Attributes">Its attributes.</param>
internal sealed record OperatorSchema(
    string Name, int Since, IReadOnlyList<SchemaValue> Inputs, IReadOnlyList<SchemaValue> Outputs, IReadOnlyList<SchemaAttribute> Attributes)
{
    /// <summary>
    /// Reads "since: inputs -> outputs | attributes": an input is its type, with ? where it is optional and * where it is repeated; an
    /// attribute its name and type, such as alpha:f, with ! where it is required.
    /// </summary>
    public static OperatorSchema Parse(string name, string text)
    {
        string[] parts = text.Split(':', 2);
        string[] sides = parts[1].Split('|');
        string[] values = sides[0].Split("->");
        return new OperatorSchema(
            name, int.Parse(parts[0], CultureInfo.InvariantCulture), Values(values[0]), Values(values[1]),
            sides.Length == 1 ? [] : [.. Words(sides[1]).Select(AttributeOf)]);
    }

    /// <summary>Demands that a node have the inputs, outputs and attributes of the operator.</summary>
    /// <exception cref="ModelFormatException">It has others.</exception>
    public void Require(NodeProto node)
    {
        RequireCount(node, "input", Inputs, node.Input);
        RequireCount(node, "output", Outputs, node.Output);
        foreach (AttributeProto attribute in node.Attribute.Where(attribute => !IsInternal(attribute.Name)))
        {
            SchemaAttribute? known = Attributes.FirstOrDefault(known => known.Name == attribute.Name);
            if (known is null)
            {
                string names = Attributes.Count == 0 ? "none" : string.Join(", ", Attributes.Select(known => known.Name));
                throw Wrong(node, $"has the attributes of its operator: {names}. Received: {OnnxText.Quoted(attribute.Name)}");
            }

            if (attribute.Type != known.Type && attribute.Type != AttributeProto.Types.AttributeType.Undefined)
            {
                throw Wrong(node, $"the attribute {known.Name} is of type {known.Type}. Received: {attribute.Type}");
            }
        }

        if (Attributes.FirstOrDefault(known => known.IsRequired && node.Attribute.All(given => given.Name != known.Name)) is { } missing)
        {
            throw Wrong(node, $"has the attribute {missing.Name}. Received: none");
        }
    }

    /// <summary>Demands that inputs be of the operator's types.</summary>
    /// <param name="node">The node.</param>
    /// <param name="inputs">Its inputs; null for one that is left out.</param>
    /// <returns>The type of each output; undefined where it does not follow from the inputs.</returns>
    /// <exception cref="ModelFormatException">They are of others.</exception>
    public OnnxElementType[] RequireTypes(NodeProto node, IReadOnlyList<OnnxValue?> inputs)
    {
        Dictionary<string, OnnxElementType> bound = new(StringComparer.Ordinal);
        for (int i = 0; i < inputs.Count && (i < Inputs.Count || Inputs[^1].IsRepeated); i++)
        {
            string type = Inputs[Math.Min(i, Inputs.Count - 1)].Type;
            if (inputs[i]?.ElementType is not { } received || received == OnnxElementType.Undefined)
            {
                continue;
            }

            OnnxElementType wanted = Fixed(type) ?? bound.GetValueOrDefault(type, received);
            bound[type] = wanted;
            if (wanted != received)
            {
                throw Wrong(node, $"its input number {i} ({OnnxText.Quoted(node.Input[i])}) is of type {wanted}. Received: {received}");
            }
        }

        return [.. Enumerable.Range(0, node.Output.Count).Select(output => Outputs[Math.Min(output, Outputs.Count - 1)].Type).Select(
            type => Fixed(type) ?? bound.GetValueOrDefault(type, OnnxElementType.Undefined))];
    }

    private static SchemaValue[] Values(string text) =>
        [.. Words(text).Select(word => new SchemaValue(word.TrimEnd('?', '*'), word.EndsWith('?'), word.EndsWith('*')))];

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static SchemaAttribute AttributeOf(string word)
    {
        string[] parts = word.TrimEnd('!').Split(':');
        return new SchemaAttribute(parts[0], TypeOf(parts[1]), word.EndsWith('!'));
    }

    private static AttributeProto.Types.AttributeType TypeOf(string letters) => letters switch
    {
        "i" => AttributeProto.Types.AttributeType.Int,
        "f" => AttributeProto.Types.AttributeType.Float,
        "s" => AttributeProto.Types.AttributeType.String,
        "t" => AttributeProto.Types.AttributeType.Tensor,
        "p" => AttributeProto.Types.AttributeType.SparseTensor,
        "is" => AttributeProto.Types.AttributeType.Ints,
        "fs" => AttributeProto.Types.AttributeType.Floats,
        "ss" => AttributeProto.Types.AttributeType.Strings,
        _ => throw new ArgumentException($"There is a type of attributes for the letters. Received: {letters}."),
    };

    /// <summary>A type that has a name; null for a letter.</summary>
    private static OnnxElementType? Fixed(string type) => type switch
    {
        "float" => OnnxElementType.Float,
        "int64" => OnnxElementType.Int64,
        "bool" => OnnxElementType.Bool,
        _ => null,
    };

    /// <summary>Names that begin with two underscores are those of programs.</summary>
    private static bool IsInternal(string attribute) => attribute.StartsWith("__", StringComparison.Ordinal);

    /// <remarks>Of outputs of any number those that nobody reads need no name.</remarks>
    private void RequireCount(NodeProto node, string what, IReadOnlyList<SchemaValue> known, RepeatedField<string> given)
    {
        int least = known.Count(value => !value.IsOptional);
        int most = known.Any(value => value.IsRepeated) ? int.MaxValue : known.Count;
        int count = given.Count;
        while (count > 0 && given[count - 1].Length == 0)
        {
            count--;
        }

        if (count < least || count > most)
        {
            string range = most == int.MaxValue ? $"at least {least}" : least == most ? $"{least}" : $"{least} to {most}";
            throw Wrong(node, $"has {range} {what}s. Received: {count}");
        }

        for (int i = 0; i < count; i++)
        {
            SchemaValue value = known[Math.Min(i, known.Count - 1)];
            if (given[i].Length == 0 && !value.IsOptional && !(value.IsRepeated && what == "output"))
            {
                throw Wrong(node, $"has an {what} number {i}. Received: \"\"");
            }
        }
    }

    private ModelFormatException Wrong(NodeProto node, string message) =>
        new($"{NodeContext.Describe(node)} ({Name} since opset {Since}): {message}.");
}
