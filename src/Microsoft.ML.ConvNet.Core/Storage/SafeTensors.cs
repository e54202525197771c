using System.Globalization;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Tensors;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Storage;

/// <summary>
/// Weights as a safetensors file, the format of named tensors that other tools open: <c>conv1.weight</c> and the like, as 32-bit
/// floats, in the order of the layers. Files are checked as a whole before memory is taken for a tensor,
/// and read and written tensor by tensor, in streams of any length that need not be able to seek.
/// </summary>
public static class SafeTensors
{
    /// <summary>Writes the weights of a network.</summary>
    /// <param name="weights">The weights.</param>
    /// <param name="stream">Receives the file.</param>
    /// <param name="metadata">Free text to go with them.</param>
    /// <param name="storage">As what they are written.</param>
    /// <exception cref="ArgumentException">
    /// A weight is not finite, or a variance negative: nothing is written, since such a file would be refused when it is read.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The weights were disposed of.</exception>
    public static void Write(
        Weights weights, Stream stream, IReadOnlyDictionary<string, string>? metadata = null, WeightStorage storage = WeightStorage.Full)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(stream);
        if (!Enum.IsDefined(storage))
        {
            throw new ArgumentOutOfRangeException(
                nameof(storage), $"Weights are written as {string.Join(" or ", Enum.GetNames<WeightStorage>())}. Received: {storage}.");
        }

        RequireUsable(weights);
        WriteTensors(
            [.. weights.Names.Select(name => (name, weights[name], storage == WeightStorage.Half && FitsHalves(weights[name]) ? SafeTensorsElementType.F16 : SafeTensorsElementType.F32))],
            stream,
            metadata);
    }

    /// <summary>Reads the weights of a network. The file must have each of its parameters in its shape, and nothing else.</summary>
    /// <param name="stream">
    /// The file, read to its end; the numbers go straight into the weights, whether it can seek or not.
    /// </param>
    /// <param name="network">The network.</param>
    /// <exception cref="ModelFormatException">The file is malformed, or holds the weights of another network.</exception>
    public static Weights Read(Stream stream, Network network)
    {
        ArgumentNullException.ThrowIfNull(network);
        return SafeTensorsReader.Read(
            stream,
            header =>
            {
                RequireParametersOf(network, header);
                return new Weights(network);
            },
            (reader, entry, weights) =>
            {
                Span<float> values = weights[entry.Name].Span;
                reader.ReadNumbers(entry, values);
                RequireUsable(entry.Name, values);
            });
    }

    /// <summary>Refuses to write what would be refused when it is read.</summary>
    internal static void RequireUsable(Weights weights)
    {
        foreach (string name in weights.Names)
        {
            Tensor tensor = weights[name];
            using NativeShare share = tensor.Share();
            if (FaultOf(name, tensor.SpanOf(share)) is { } fault)
            {
                throw new ArgumentException(fault, nameof(weights));
            }
        }
    }

    /// <summary>Refuses what would make every score not a number.</summary>
    internal static void RequireUsable(string name, ReadOnlySpan<float> values)
    {
        if (FaultOf(name, values) is { } fault)
        {
            throw new ModelFormatException(fault);
        }
    }

    /// <summary>Refuses tensors that are none of a network's parameters.</summary>
    internal static void RequireNoOthers(Network network, IReadOnlyCollection<string> others) => ModelFormatException.Require(
        others.Count == 0,
        Invariant($"The file has a tensor for each of the network's {network.Parameters.Count} parameters, and no other. ")
        + $"Received: also {QuotedText.First(others, 3)}.");

    /// <summary>Writes named tensors, in the given order.</summary>
    /// <param name="tensors">The tensors by name; <c>__metadata__</c> is not a name.</param>
    /// <param name="stream">Receives the file.</param>
    /// <param name="metadata">Free text to go with them.</param>
    /// <exception cref="ArgumentException">Two tensors have the same name, or one has a name that the format keeps for itself.</exception>
    public static void WriteTensors(
        IReadOnlyList<KeyValuePair<string, Tensor>> tensors, Stream stream, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        ArgumentNullException.ThrowIfNull(stream);
        WriteTensors([.. tensors.Select(tensor => (tensor.Key, tensor.Value, SafeTensorsElementType.F32))], stream, metadata);
    }

    /// <summary>Reads all tensors of a file, whatever they belong to.</summary>
    /// <param name="stream">The file, read to its end; it need not be able to seek.</param>
    /// <exception cref="ModelFormatException">The file is malformed.</exception>
    public static SafeTensorsContent ReadTensors(Stream stream)
    {
        Dictionary<string, Tensor> tensors = new(StringComparer.Ordinal);
        return SafeTensorsReader.Read(
            stream,
            header => new SafeTensorsContent(
                tensors, [.. header.Entries.Where(entry => !entry.IsReadable).Select(entry => entry.Name)], header.Metadata),
            (reader, entry, _) =>
            {
                if (!entry.IsReadable)
                {
                    reader.Skip(entry);
                    return;
                }

                Tensor tensor = new(entry.RequireShape());
                tensors.Add(entry.Name, tensor);
                reader.ReadNumbers(entry, tensor.Span);
            });
    }

    /// <summary>Reads the names and the dimensions of a file's tensors, and none of their numbers.</summary>
    /// <param name="stream">The file, of which the header is read; it need not be able to seek.</param>
    /// <exception cref="ModelFormatException">The header is malformed.</exception>
    public static IReadOnlyDictionary<string, IReadOnlyList<long>> ReadDimensions(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        try
        {
            return SafeTensorsHeader.Read(stream).Entries.ToDictionary(entry => entry.Name, entry => entry.Dimensions, StringComparer.Ordinal);
        }
        catch (EndOfStreamException exception)
        {
            throw new ModelFormatException("A safetensors file is as long as its header says. Received: an earlier end.", exception);
        }
    }

    /// <summary>Writes what comes before the numbers of tensors in the given order.</summary>
    internal static void WriteHeader(
        IReadOnlyList<(string Name, Shape Shape, SafeTensorsElementType Type)> tensors, Stream stream, IReadOnlyDictionary<string, string>? metadata)
    {
        HashSet<string> names = new(StringComparer.Ordinal) { SafeTensorsHeader.MetadataName };
        foreach ((string name, _, _) in tensors)
        {
            if (!names.Add(name))
            {
                throw new ArgumentException(
                    $"Each tensor has a name of its own, other than {SafeTensorsHeader.MetadataName}. Received: {QuotedText.Of(name)}.",
                    nameof(tensors));
            }
        }

        SafeTensorsHeader.Write(stream, tensors, metadata);
    }

    private static void WriteTensors(
        IReadOnlyList<(string Name, Tensor Tensor, SafeTensorsElementType Type)> tensors, Stream stream, IReadOnlyDictionary<string, string>? metadata)
    {
        WriteHeader([.. tensors.Select(tensor => (tensor.Name, tensor.Tensor.Shape, tensor.Type))], stream, metadata);
        foreach ((_, Tensor tensor, SafeTensorsElementType type) in tensors)
        {
            // The memory stays while it is written, whoever disposes of the weights.
            using NativeShare share = tensor.Share();
            SafeTensorsElements.Write(stream, tensor.SpanOf(share), type);
        }
    }

    private static bool FitsHalves(Tensor tensor)
    {
        using NativeShare share = tensor.Share();
        bool fits = tensor.Shape.Rank > 1;
        foreach (float value in tensor.SpanOf(share))
        {
            fits &= Math.Abs(value) <= (float)Half.MaxValue;
        }

        return fits;
    }

    private static string? FaultOf(string name, ReadOnlySpan<float> values)
    {
        int at = FiniteNumbers.FirstOther(values);
        bool isVariance = name.EndsWith(".running_var", StringComparison.Ordinal);
        for (int i = 0; isVariance && at < 0 && i < values.Length; i++)
        {
            at = values[i] < 0 ? i : -1;
        }

        return at < 0 ? null : string.Create(
            CultureInfo.InvariantCulture,
            $"The tensor {QuotedText.Of(name)} holds finite numbers{(isVariance ? " of at least 0" : string.Empty)}. Received: {values[at]} "
            + $"at element {at}.");
    }

    private static void RequireParametersOf(Network network, SafeTensorsHeader header)
    {
        Dictionary<string, SafeTensorsEntry> entries = header.Entries.ToDictionary(entry => entry.Name, StringComparer.Ordinal);
        foreach (NetworkParameter parameter in network.Parameters)
        {
            if (entries.Remove(parameter.Name, out SafeTensorsEntry? entry))
            {
                ModelFormatException.Require(
                    entry.Has(parameter.Shape),
                    $"Tensor {QuotedText.Of(entry.Name)}: the network's parameter has shape {parameter.Shape}. "
                    + $"Received: {entry.DimensionsText}.");
                _ = entry.RequireElementType();
            }
        }

        HashSet<string> present = [.. header.Entries.Select(entry => entry.Name)];
        List<string> missing = [.. network.Parameters.Select(parameter => parameter.Name).Where(name => !present.Contains(name))];
        if (missing.Count > 0)
        {
            throw new ModelFormatException(
                Invariant($"The file has a tensor for each of the network's {network.Parameters.Count} parameters. ")
                + Invariant($"Received: no {QuotedText.First(missing, 3)}; {present.Count} tensors, {QuotedText.First(present, 3)}."));
        }

        RequireNoOthers(network, entries.Keys);
    }
}
