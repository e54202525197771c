using System.Globalization;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Storage;

/// <summary>
/// Weights as a safetensors file, the format of named tensors that other tools open: <c>conv1.weight</c> and the like, as 32-bit
/// floats, in the order of the layers. Files are checked as a whole before memory is taken for a tensor.
/// </summary>
public static class SafeTensors
{
    /// <summary>Writes the weights of a network.</summary>
    /// <param name="weights">The weights.</param>
    /// <param name="stream">Receives the file.</param>
    /// <param name="metadata">Free text to go with them.</param>
    public static void Write(Weights weights, Stream stream, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(weights);
        WriteTensors([.. weights.Names.Select(name => KeyValuePair.Create(name, weights[name]))], stream, metadata);
    }

    /// <summary>Reads the weights of a network. The file must have each of its parameters in its shape, and nothing else.</summary>
    /// <param name="stream">The file, read to its end; one that cannot seek is first read into memory.</param>
    /// <param name="network">The network.</param>
    /// <exception cref="ModelFormatException">The file is malformed, or holds the weights of another network.</exception>
    public static Weights Read(Stream stream, Network network)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(network);
        long largest = SafeTensorsHeader.MaximumLength + 16 + (sizeof(double) * network.Parameters.Sum(parameter => (long)parameter.Shape.ElementCount));
        using Stream? memory = InMemory(stream, largest);
        Stream file = memory ?? stream;
        return WithoutEarlyEnd(() =>
        {
            SafeTensorsHeader header = SafeTensorsHeader.Read(file, file.Length - file.Position);
            RequireParametersOf(network, header);
            Weights weights = new(network);
            try
            {
                foreach (SafeTensorsEntry entry in header.Entries)
                {
                    Span<float> values = weights[entry.Name].Span;
                    SafeTensorsElements.Read(file, entry.ElementType, values);
                    RequireUsable(entry.Name, values);
                }
            }
            catch
            {
                weights.Dispose();
                throw;
            }

            return weights;
        });
    }

    /// <summary>Refuses what would make every score not a number.</summary>
    internal static void RequireUsable(string name, ReadOnlySpan<float> values)
    {
        bool isVariance = name.EndsWith(".running_var", StringComparison.Ordinal);
        for (int i = 0; i < values.Length; i++)
        {
            if (!float.IsFinite(values[i]) || (isVariance && values[i] < 0))
            {
                throw new ModelFormatException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"The tensor {QuotedText.Of(name)} holds finite numbers{(isVariance ? " of at least 0" : string.Empty)}. Received: {values[i]} "
                    + $"at element {i}."));
            }
        }
    }

    /// <summary>Refuses tensors that are none of a network's parameters.</summary>
    internal static void RequireNoOthers(Network network, IReadOnlyCollection<string> others) => ModelFormatException.Require(
        others.Count == 0,
        $"The file has a tensor for each of the network's {network.Parameters.Count} parameters, and no other. "
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
        HashSet<string> names = new(StringComparer.Ordinal) { SafeTensorsHeader.MetadataName };
        foreach ((string name, _) in tensors)
        {
            if (!names.Add(name))
            {
                throw new ArgumentException(
                    $"Each tensor has a name of its own, other than {SafeTensorsHeader.MetadataName}. Received: {QuotedText.Of(name)}.",
                    nameof(tensors));
            }
        }

        SafeTensorsHeader.Write(stream, tensors, metadata);
        foreach ((_, Tensor tensor) in tensors)
        {
            // The memory stays while it is written, whoever disposes of the weights.
            using NativeShare share = tensor.Share();
            SafeTensorsElements.Write(stream, tensor.SpanOf(share));
        }
    }

    /// <summary>Reads all tensors of a file, whatever they belong to.</summary>
    /// <param name="stream">The file, read to its end; one that cannot seek is first read into memory.</param>
    /// <exception cref="ModelFormatException">The file is malformed, or has numbers of a kind that cannot be read as floats.</exception>
    public static SafeTensorsContent ReadTensors(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using Stream? memory = InMemory(stream, Array.MaxLength);
        Stream file = memory ?? stream;
        return WithoutEarlyEnd(() =>
        {
            SafeTensorsHeader header = SafeTensorsHeader.Read(file, file.Length - file.Position);
            Dictionary<string, Tensor> tensors = new(StringComparer.Ordinal);
            SafeTensorsContent content = new(tensors, header.Metadata);
            try
            {
                foreach (SafeTensorsEntry entry in header.Entries)
                {
                    Tensor tensor = new(entry.Shape);
                    tensors.Add(entry.Name, tensor);
                    SafeTensorsElements.Read(file, entry.ElementType, tensor.Span);
                }
            }
            catch
            {
                content.Dispose();
                throw;
            }

            return content;
        });
    }

    private static void RequireParametersOf(Network network, SafeTensorsHeader header)
    {
        Dictionary<string, SafeTensorsEntry> entries = header.Entries.ToDictionary(entry => entry.Name, StringComparer.Ordinal);
        foreach (NetworkParameter parameter in network.Parameters)
        {
            if (entries.Remove(parameter.Name, out SafeTensorsEntry? entry) && entry.Shape != parameter.Shape)
            {
                throw new ModelFormatException(
                    $"Tensor {QuotedText.Of(entry.Name)}: the network's parameter has shape {parameter.Shape}. Received: {entry.Shape}.");
            }
        }

        HashSet<string> present = [.. header.Entries.Select(entry => entry.Name)];
        List<string> missing = [.. network.Parameters.Select(parameter => parameter.Name).Where(name => !present.Contains(name))];
        if (missing.Count > 0)
        {
            throw new ModelFormatException(
                $"The file has a tensor for each of the network's {network.Parameters.Count} parameters. "
                + $"Received: no {QuotedText.First(missing, 3)}; {present.Count} tensors, {QuotedText.First(present, 3)}.");
        }

        RequireNoOthers(network, entries.Keys);
    }

    private static T WithoutEarlyEnd<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (EndOfStreamException exception)
        {
            throw new ModelFormatException("The safetensors file is as long as its stream says. Received: an earlier end.", exception);
        }
    }

    // A stream that cannot seek does not say how long it is.
    private static MemoryStream? InMemory(Stream stream, long largest) => stream.CanSeek
        ? null
        : BoundedReading.ReadToEnd(stream, largest, "Where the stream cannot seek, a safetensors file for this has");
}
