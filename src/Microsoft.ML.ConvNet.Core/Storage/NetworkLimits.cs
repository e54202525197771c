using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Tensors;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Storage;

/// <summary>
/// What a network that is read from a file may take. A few bytes can define a layer whose activations fill any memory, such as a resize to
/// 30,000 by 30,000 pixels, or a hundred that do so together: who reads files of others is told so before memory is taken. Weights have no
/// limit of their own, since a file holds them: one that claims more of them than it has bytes for is refused. Networks that are written in
/// code have no limits at all.
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

    /// <summary>No limits, for who looks at them himself.</summary>
    internal static NetworkLimits None { get; } = new() { MostBytesOfLayer = long.MaxValue, MostBytesOfActivations = long.MaxValue };

    /// <summary>The most bytes that a layer reads and writes for one sample; 4 GiB where not given.</summary>
    public long MostBytesOfLayer { get; init; } = 4L << 30;

    /// <summary>
    /// The most bytes of activations that are held at once for one sample, by the shapes of the layers; 8 GiB where not given. A U-Net of 64
    /// channels takes 4 GB of them for an image of 2000 by 2000 pixels, EfficientNet-B7 at 600 by 600 pixels a twentieth of that.
    /// </summary>
    public long MostBytesOfActivations { get; init; } = 8L << 30;

    /// <summary>Throws where a network exceeds the limits.</summary>
    /// <param name="network">The network.</param>
    /// <exception cref="ModelFormatException">It does; the message names the layer and the limit.</exception>
    public void Require(Network network)
    {
        ArgumentNullException.ThrowIfNull(network);
        for (int i = 0; i < network.Nodes.Count; i++)
        {
            NetworkNode node = network.Nodes[i];
            long bytes = ActivationMemory.BytesOf(node.OutputShape);
            foreach (Shape input in network.InputShapesOf(i))
            {
                bytes += ActivationMemory.BytesOf(input);
            }

            ModelFormatException.Require(
                bytes <= MostBytesOfLayer,
                Invariant($"Layer {QuotedText.Of(node.Name)}: a layer of a network from a file takes at most {MostBytesOfLayer:N0} bytes for the ")
                + Invariant($"activations of one sample. Received: {bytes:N0}; {Advice(nameof(MostBytesOfLayer))}."));
        }

        (long most, NetworkNode at) = ActivationMemory.Most(network);
        ModelFormatException.Require(
            most <= MostBytesOfActivations,
            Invariant($"A network from a file takes at most {MostBytesOfActivations:N0} bytes for the activations of one sample that are held at ")
            + Invariant($"once. Received: {most:N0} at layer {QuotedText.Of(at.Name)}; {Advice(nameof(MostBytesOfActivations))}."));
    }

    private static string Advice(string limit) => $"where that is wanted, raise {nameof(NetworkLimits)}.{limit}";
}
