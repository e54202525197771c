using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.ML.ConvNet.Networks;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Storage;

/// <summary>
/// A network's definition as JSON that people can read and write: one line a layer, in the order in which they run, without what has
/// its default value. A layer reads the one before it, or the network's input, unless <c>inputs</c> names others. A network with auxiliary
/// outputs lists them behind its layers: <c>"auxiliaryOutputs": [{"layer": "aux1", "weight": 0.3}]</c>.
/// </summary>
/// <example>
/// <code language="json">
/// {
///   "format": "Microsoft.ML.ConvNet.Network",
///   "version": 1,
///   "input": [28, 28, 1],
///   "layers": [
///     {"name": "conv1", "layer": "Conv2D", "filters": 32, "kernelSize": 3, "padding": 1},
///     {"name": "relu1", "layer": "ReLU"},
///     {"name": "add1", "layer": "Add", "inputs": ["relu1", "conv1"]}
///   ]
/// }
/// </code>
/// </example>
public static class NetworkJson
{
    /// <summary>What tells such a file from other JSON.</summary>
    public const string Format = "Microsoft.ML.ConvNet.Network";

    /// <summary>The version that is written, and the latest that is read.</summary>
    public const int Version = 1;

    /// <summary>The most bytes that a definition may have.</summary>
    public const int MaximumLength = 64 * 1024 * 1024;

    /// <summary>How a layer names the network's input.</summary>
    internal const string InputName = "input";

    private const int MaximumDepth = 8;
    private const string Limited = "A network's definition has";

    /// <summary>The definition as text; equal networks of the same name give the same text.</summary>
    public static string ToText(Network network)
    {
        ArgumentNullException.ThrowIfNull(network);
        StringBuilder text = new("{\n");
        text.Append("  \"format\": ").Append(Text(Format)).Append(",\n  \"version\": ").Append(CultureInfo.InvariantCulture, $"{Version}").Append(",\n");
        if (network.Name is { } name)
        {
            text.Append("  \"name\": ").Append(Text(name)).Append(",\n");
        }

        if (network.IsStrict)
        {
            text.Append("  \"strict\": true,\n");
        }

        text.Append("  \"input\": [").AppendJoin(", ", network.InputShape.ToArray()).Append("],\n  \"layers\": [");
        for (int i = 0; i < network.Nodes.Count; i++)
        {
            text.Append(i == 0 ? "\n    " : ",\n    ");
            AppendLayer(text, network, i);
        }

        text.Append("\n  ]");
        if (network.AuxiliaryOutputs.Count > 0)
        {
            text.Append(",\n  \"auxiliaryOutputs\": [");
            for (int i = 0; i < network.AuxiliaryOutputs.Count; i++)
            {
                (int node, float weight) = network.AuxiliaryOutputs[i];
                text.Append(i == 0 ? "\n    " : ",\n    ").Append("{\"layer\": ").Append(Text(network.Nodes[node].Name))
                    .Append(CultureInfo.InvariantCulture, $", \"weight\": {weight:R}}}");
            }

            text.Append("\n  ]");
        }

        return text.Append("\n}\n").ToString();
    }

    /// <summary>Writes the definition, in UTF-8.</summary>
    public static void Write(Network network, Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        stream.Write(Encoding.UTF8.GetBytes(ToText(network)));
    }

    /// <summary>Reads a definition and checks the network as the one that writes it would.</summary>
    /// <param name="text">The definition.</param>
    /// <param name="limits">What the network may take; <see cref="NetworkLimits.Default"/> where not given.</param>
    /// <exception cref="ModelFormatException">
    /// The text is no definition of a network, or the network cannot be built, or takes more than the limits allow.
    /// </exception>
    public static Network Parse(string text, NetworkLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        byte[] json = Encoding.UTF8.GetBytes(text);
        ModelFormatException.Require(json.Length <= MaximumLength, Invariant($"{Limited} at most {MaximumLength:N0} bytes. Received: more."));
        return Parse(json, limits);
    }

    /// <summary>Reads a definition, in UTF-8, to the end of the stream.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="limits">What the network may take; <see cref="NetworkLimits.Default"/> where not given.</param>
    /// <exception cref="ModelFormatException">
    /// The stream holds no definition of a network, or the network cannot be built, or takes more than the limits allow.
    /// </exception>
    public static Network Read(Stream stream, NetworkLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using MemoryStream memory = BoundedReading.ReadToEnd(stream, MaximumLength, Limited);
        return Parse(memory.GetBuffer().AsMemory(0, (int)memory.Length), limits);
    }

    private static Network Parse(ReadOnlyMemory<byte> json, NetworkLimits? limits)
    {
        ReadOnlySpan<byte> byteOrderMark = "\uFEFF"u8;
        if (json.Span.StartsWith(byteOrderMark))
        {
            json = json[byteOrderMark.Length..];
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = MaximumDepth });
            Network network = NetworkJsonReader.Read(document.RootElement);
            (limits ?? NetworkLimits.Default).Require(network);
            return network;
        }
        catch (JsonException exception)
        {
            throw new ModelFormatException(
                Invariant($"A network's definition is JSON of at most {MaximumDepth} levels. Received: text that is not, at byte ")
                + Invariant($"{exception.BytePositionInLine} of line {exception.LineNumber + 1}."),
                exception);
        }
        catch (InvalidOperationException exception)
        {
            throw new ModelFormatException(
                "A network's definition is text in UTF-8. Received: bytes or escapes that are no character.", exception);
        }
    }

    private static void AppendLayer(StringBuilder text, Network network, int number)
    {
        NetworkNode node = network.Nodes[number];
        (string kind, IReadOnlyList<(string Name, string Value)> hyperparameters) = LayerJson.Write(node.Layer);
        text.Append("{\"name\": ").Append(Text(node.Name)).Append(", \"").Append(LayerJson.KindField).Append("\": ").Append(Text(kind));
        if (node.Inputs.Count != 1 || node.Inputs[0] != number - 1)
        {
            text.Append(", \"inputs\": [")
                .AppendJoin(", ", node.Inputs.Select(input => Text(input < 0 ? InputName : network.Nodes[input].Name)))
                .Append(']');
        }

        foreach ((string field, string value) in hyperparameters)
        {
            text.Append(", \"").Append(field).Append("\": ").Append(value);
        }

        text.Append('}');
    }

    private static string Text(string value) => $"\"{JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(value)}\"";
}
