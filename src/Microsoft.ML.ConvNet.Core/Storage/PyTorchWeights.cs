using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Tensors;

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
    /// <param name="stream">The safetensors file, read to its end.</param>
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
        using SafeTensorsContent file = SafeTensors.ReadTensors(stream);
        Weights weights = new(network);
        try
        {
            HashSet<string> used = new(StringComparer.Ordinal);
            for (int i = 0; i < network.Parameters.Count; i++)
            {
                NetworkParameter parameter = network.Parameters[i];
                string name = nameOf?.Invoke(parameter.Name) ?? parameter.Name;
                if (!file.Tensors.TryGetValue(name, out Tensor? tensor))
                {
                    throw new ModelFormatException(
                        $"The file has a tensor {QuotedText.Of(name)} for the parameter {QuotedText.Of(parameter.Name)}. "
                        + $"Received: {file.Tensors.Count} tensors, {QuotedText.First([.. file.Tensors.Keys], 3)}.");
                }

                used.Add(name);
                PyTorchAxes axes = PyTorchAxes.Of(network, parameter);
                if (tensor.Shape != axes.Shape && !(tensor.Shape.Rank == 0 && axes.Shape.ElementCount == 1))
                {
                    throw new ModelFormatException(
                        $"Tensor {QuotedText.Of(name)}: the parameter {QuotedText.Of(parameter.Name)} has shape {axes.Shape} in PyTorch's "
                        + $"axes. Received: {tensor.Shape}.");
                }

                Span<float> values = weights[parameter.Name].Span;
                axes.FromPyTorch(tensor.Span, values);
                SafeTensors.RequireUsable(parameter.Name, values);
            }

            if (!allowOthers)
            {
                SafeTensors.RequireNoOthers(
                    network,
                    [.. file.Tensors.Keys.Where(name => !used.Contains(name) && !name.EndsWith(Counter, StringComparison.Ordinal))]);
            }

            return weights;
        }
        catch
        {
            weights.Dispose();
            throw;
        }
    }

    /// <summary>Writes weights as PyTorch would.</summary>
    /// <param name="weights">The weights.</param>
    /// <param name="stream">Receives the safetensors file.</param>
    /// <param name="nameOf">The name in the file of a parameter; the same name where not given.</param>
    public static void Write(Weights weights, Stream stream, Func<string, string>? nameOf = null)
    {
        ArgumentNullException.ThrowIfNull(weights);
        List<KeyValuePair<string, Tensor>> tensors = [];
        try
        {
            foreach (NetworkParameter parameter in weights.Network.Parameters)
            {
                PyTorchAxes axes = PyTorchAxes.Of(weights.Network, parameter);
                Tensor tensor = new(axes.Shape);
                tensors.Add(KeyValuePair.Create(nameOf?.Invoke(parameter.Name) ?? parameter.Name, tensor));
                Tensor ours = weights[parameter.Name];
                using NativeShare share = ours.Share();
                axes.ToPyTorch(ours.SpanOf(share), tensor.Span);
            }

            SafeTensors.WriteTensors(tensors, stream);
        }
        finally
        {
            foreach ((_, Tensor tensor) in tensors)
            {
                tensor.Dispose();
            }
        }
    }
}
