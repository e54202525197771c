using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Tensors;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Storage;

/// <summary>
/// What a network that is read from a file may take. A few bytes can define a layer whose activations fill any memory, such as a resize to
/// 30,000 by 30,000 pixels: who reads files of others is told so before memory is taken. Weights have no limit of their own, since a file
/// holds them. Networks that are written in code have none at all.
/// </summary>
public sealed record NetworkLimits
{
    private static NetworkLimits _default = new();

    /// <summary>
    /// The limits where none are given, and those of ML.NET's own <c>Model.Load</c>, which takes none. To be set before networks are read that
    /// need more.
    /// </summary>
    public static NetworkLimits Default
    {
        get => Volatile.Read(ref _default);
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            Volatile.Write(ref _default, value);
        }
    }

    /// <summary>The most bytes that a layer reads and writes for one sample; 4 GiB where not given.</summary>
    public long MostBytesOfLayer { get; init; } = 4L << 30;

    /// <summary>Throws where a network exceeds the limits.</summary>
    /// <param name="network">The network.</param>
    /// <exception cref="ModelFormatException">It does; the message names the layer.</exception>
    public void Require(Network network)
    {
        ArgumentNullException.ThrowIfNull(network);
        for (int i = 0; i < network.Nodes.Count; i++)
        {
            NetworkNode node = network.Nodes[i];
            long numbers = BytesOf(node.OutputShape);
            foreach (Shape input in network.InputShapesOf(i))
            {
                numbers += BytesOf(input);
            }

            ModelFormatException.Require(
                numbers <= MostBytesOfLayer,
                Invariant($"Layer {QuotedText.Of(node.Name)}: a layer of a network from a file takes at most {MostBytesOfLayer:N0} bytes for the ")
                + Invariant($"activations of one sample. Received: {numbers:N0}; where that is wanted, raise {nameof(NetworkLimits)}.")
                + nameof(MostBytesOfLayer) + ".");
        }
    }

    private static long BytesOf(Shape shape) => (shape.Rank == 0 ? 1L : shape.ElementCount) * sizeof(float);
}
