using System.Text.Json;
using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Tensors;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Storage;

/// <summary>Builds a network from its definition, through the same checks as a network that is written in code.</summary>
internal static class NetworkJsonReader
{
    private const string Owner = "The network's definition";
    private const int MaximumRank = 8;

    /// <summary>Reads the outermost object.</summary>
    /// <exception cref="ModelFormatException">It is malformed, or the network cannot be built.</exception>
    public static Network Read(JsonElement root)
    {
        JsonFields fields = JsonFields.Of(root, Owner);
        RequireFormat(fields);
        string? name = fields.TryTake("name", JsonValueKind.String, "a text")?.GetString();
        bool strict = fields.TakeFlag("strict");
        Shape input = ReadShape(fields.Take("input", JsonValueKind.Array, "a list of dimensions such as [28, 28, 1]"));
        JsonElement layers = fields.Take("layers", JsonValueKind.Array, "a list of layers");
        JsonElement? auxiliaryOutputs = fields.TryTake("auxiliaryOutputs", JsonValueKind.Array, "a list of layers with their weights");
        fields.RequireEmpty();
        try
        {
            return ReadLayers(layers, auxiliaryOutputs, new NetworkBuilder(input, strict), name);
        }
        catch (NetworkDefinitionException exception)
        {
            throw new ModelFormatException(QuotedText.OneLine(exception.Message), exception);
        }
    }

    private static void RequireFormat(JsonFields fields)
    {
        string format = fields.Take("format", JsonValueKind.String, $"\"{NetworkJson.Format}\"").GetString()!;
        if (format != NetworkJson.Format)
        {
            throw new ModelFormatException($"{Owner}: \"format\" is \"{NetworkJson.Format}\". Received: {QuotedText.Of(format)}.");
        }

        JsonElement version = fields.Take("version", JsonValueKind.Number, "a whole number");
        if (!version.TryGetInt32(out int number) || number < 1 || number > NetworkJson.Version)
        {
            throw new ModelFormatException(
                Invariant($"{Owner}: this library reads version 1 to {NetworkJson.Version}. Received: {JsonFields.Received(version)}; ")
                + "a later one may read it.");
        }
    }

    private static Shape ReadShape(JsonElement element)
    {
        List<int> dimensions = [];
        foreach (JsonElement dimension in element.EnumerateArray())
        {
            if (dimension.ValueKind != JsonValueKind.Number || !dimension.TryGetInt32(out int size) || dimensions.Count == MaximumRank)
            {
                throw new ModelFormatException(
                    Invariant($"{Owner}: \"input\" is a list of 1 to {MaximumRank} whole numbers. Received: {JsonFields.Received(element)}."));
            }

            dimensions.Add(size);
        }

        try
        {
            return dimensions.Count > 0
                ? new Shape([.. dimensions])
                : throw new ModelFormatException(Invariant($"{Owner}: \"input\" is a list of 1 to {MaximumRank} whole numbers. Received: []."));
        }
        catch (ArgumentException exception)
        {
            throw new ModelFormatException(
                Invariant($"{Owner}: \"input\" has dimensions of at least 1 and at most {int.MaxValue:N0} elements. ")
                + $"Received: {JsonFields.Received(element)}.",
                exception);
        }
    }

    private static Network ReadLayers(JsonElement layers, JsonElement? auxiliaryOutputs, NetworkBuilder builder, string? networkName)
    {
        Dictionary<string, int> numbers = new(StringComparer.Ordinal) { [NetworkJson.InputName] = -1 };
        foreach (JsonElement element in layers.EnumerateArray())
        {
            int number = builder.Nodes.Count;
            JsonFields fields = JsonFields.Of(element, Invariant($"Layer number {number + 1}"));
            string name = fields.Take("name", JsonValueKind.String, "a text").GetString()!;
            fields = fields with { Owner = $"Layer {QuotedText.Of(name)}" };
            string kind = fields.Take(LayerJson.KindField, JsonValueKind.String, "the layer's kind").GetString()!;
            JsonElement? inputs = fields.TryTake("inputs", JsonValueKind.Array, "a list of the names of earlier layers");
            IReadOnlyList<int> read = inputs is { } list ? ReadInputs(list, fields.Owner, numbers) : [number - 1];
            builder.Add(LayerJson.Read(kind, name, fields.Values), read, name);
            numbers.Add(name, number);
        }

        Network network = builder.Build(builder.Nodes.Count - 1, networkName, ReadAuxiliaryOutputs(auxiliaryOutputs, numbers));
        if (network.Nodes.Count < builder.Nodes.Count)
        {
            HashSet<string> used = [.. network.Nodes.Select(node => node.Name)];
            string unused = builder.Nodes.Select(node => node.Name).First(name => !used.Contains(name));
            throw new ModelFormatException(
                $"Layer {QuotedText.Of(unused)}: another layer reads it, or it is the last one. Received: a layer that nothing reads.");
        }

        return network;
    }

    private static List<AuxiliaryOutput> ReadAuxiliaryOutputs(JsonElement? list, Dictionary<string, int> numbers)
    {
        List<AuxiliaryOutput> read = [];
        foreach (JsonElement element in list?.EnumerateArray() ?? default)
        {
            JsonFields fields = JsonFields.Of(element, Invariant($"Auxiliary output number {read.Count + 1}"));
            string name = fields.Take("layer", JsonValueKind.String, "the name of a layer").GetString()!;
            JsonElement weight = fields.Take("weight", JsonValueKind.Number, "a number");
            fields.RequireEmpty();
            if (!numbers.TryGetValue(name, out int number) || number < 0)
            {
                throw new ModelFormatException($"{fields.Owner}: names a layer. Received: {QuotedText.Of(name)}.");
            }

            read.Add(new AuxiliaryOutput(number, weight.TryGetSingle(out float value) ? value : float.NaN));
        }

        return read;
    }

    private static List<int> ReadInputs(JsonElement inputs, string owner, Dictionary<string, int> numbers)
    {
        List<int> read = [];
        foreach (JsonElement input in inputs.EnumerateArray())
        {
            string? name = input.ValueKind == JsonValueKind.String ? input.GetString() : null;
            if (name == null || !numbers.TryGetValue(name, out int number))
            {
                throw new ModelFormatException(
                    $"{owner}: reads layers that stand before it, or \"{NetworkJson.InputName}\". Received: {JsonFields.Received(input)}.");
            }

            read.Add(number);
        }

        return read;
    }
}
