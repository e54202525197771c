using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Tensors;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Storage;

/// <summary>
/// Weights in the axes and under the names that PyTorch gives them, as safetensors files (a <c>state_dict</c>): convolutions
/// <c>[out, in / groups, height, width]</c>, fully connected layers <c>[out, in]</c>, whose inputs count channels first where they were an
/// image. What PyTorch keeps beside its parameters (<c>num_batches_tracked</c>) is passed over.
/// </summary>
/// <remarks>
/// The networks of <see cref="Zoo"/> that torchvision has, too, name their layers as it does, or say how they differ. Its published weights
/// want pixels as they were trained with: <c>PixelNormalization.ImageNet</c>, and for GoogLeNet and Inception-v3, whose
/// <c>transform_input</c> is no layer and has no weights, <c>PixelNormalization.TransformInput</c>.
/// </remarks>
public static class PyTorchWeights
{
    private const string Counter = ".num_batches_tracked";

    /// <summary>Reads the weights of a network.</summary>
    /// <param name="stream">The safetensors file, read to its end; it need not be able to seek.</param>
    /// <param name="network">The network.</param>
    /// <param name="nameOf">
    /// The name in the file of one of the network's parameters, such as <c>features.0.weight</c> for <c>conv1.weight</c>; the same name where
    /// not given.
    /// </param>
    /// <param name="allowOthers">Whether the file may have tensors that the network has no parameter for, such as those of auxiliary outputs.</param>
    /// <exception cref="ModelFormatException">The file is malformed, or holds the weights of another network.</exception>
    public static Weights Read(Stream stream, Network network, Func<string, string>? nameOf = null, bool allowOthers = false)
    {
        ArgumentNullException.ThrowIfNull(network);
        // A tensor of the file may stand for several parameters.
        ILookup<string, NetworkParameter> parameters =
            network.Parameters.ToLookup(parameter => nameOf?.Invoke(parameter.Name) ?? parameter.Name, StringComparer.Ordinal);
        return SafeTensorsReader.Read(
            stream,
            header =>
            {
                RequireParametersOf(network, header, parameters, allowOthers);
                return new Weights(network);
            },
            (reader, entry, weights) =>
            {
                if (!parameters.Contains(entry.Name))
                {
                    reader.Skip(entry);
                    return;
                }

                using Tensor tensor = new(entry.RequireShape());
                reader.ReadNumbers(entry, tensor.Span);
                foreach (NetworkParameter parameter in parameters[entry.Name])
                {
                    Span<float> values = weights[parameter.Name].Span;
                    PyTorchAxes.Of(network, parameter).FromPyTorch(tensor.Span, values);
                    SafeTensors.RequireUsable(parameter.Name, values);
                }
            });
    }

    /// <summary>Writes weights as PyTorch would.</summary>
    /// <param name="weights">The weights.</param>
    /// <param name="stream">Receives the safetensors file.</param>
    /// <param name="nameOf">The name in the file of a parameter; the same name where not given.</param>
    /// <exception cref="ArgumentException">
    /// A weight is not finite, or a variance negative, or two parameters have the same name in the file: nothing is written.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The weights were disposed of.</exception>
    public static void Write(Weights weights, Stream stream, Func<string, string>? nameOf = null)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(stream);
        SafeTensors.RequireUsable(weights);
        IReadOnlyList<NetworkParameter> parameters = weights.Network.Parameters;
        List<PyTorchAxes> axes = [.. parameters.Select(parameter => PyTorchAxes.Of(weights.Network, parameter))];
        SafeTensors.WriteHeader(
            [.. parameters.Select((parameter, i) => (nameOf?.Invoke(parameter.Name) ?? parameter.Name, axes[i].Shape, SafeTensorsElementType.F32))], stream, metadata: null);
        for (int i = 0; i < parameters.Count; i++)
        {
            Tensor ours = weights[parameters[i].Name];
            using Tensor tensor = new(axes[i].Shape);
            using NativeShare share = ours.Share();
            axes[i].ToPyTorch(ours.SpanOf(share), tensor.Span);
            SafeTensorsElements.Write(stream, tensor.Span);
        }
    }

    private static void RequireParametersOf(
        Network network, SafeTensorsHeader header, ILookup<string, NetworkParameter> parameters, bool allowOthers)
    {
        Dictionary<string, SafeTensorsEntry> entries = header.Entries.ToDictionary(entry => entry.Name, StringComparer.Ordinal);
        foreach (IGrouping<string, NetworkParameter> wanted in parameters)
        {
            foreach (NetworkParameter parameter in wanted)
            {
                if (!entries.TryGetValue(wanted.Key, out SafeTensorsEntry? entry))
                {
                    throw new ModelFormatException(
                        $"The file has a tensor {QuotedText.Of(wanted.Key)} for the parameter {QuotedText.Of(parameter.Name)}. "
                        + Invariant($"Received: {entries.Count} tensors, {QuotedText.First([.. entries.Keys], 3)}."));
                }

                Shape shape = PyTorchAxes.Of(network, parameter).Shape;
                if (!entry.Has(shape) && !(entry.Dimensions.Count == 0 && shape.ElementCount == 1))
                {
                    throw new ModelFormatException(
                        $"Tensor {QuotedText.Of(entry.Name)}: the parameter {QuotedText.Of(parameter.Name)} has shape {shape} in PyTorch's "
                        + $"axes. Received: {entry.DimensionsText}.");
                }

                _ = entry.RequireElementType();
            }
        }

        if (!allowOthers)
        {
            SafeTensors.RequireNoOthers(
                network,
                [.. entries.Keys.Where(name => !parameters.Contains(name) && !name.EndsWith(Counter, StringComparison.Ordinal))]);
        }
    }
}
