using static TorchSharp.torch;

namespace Microsoft.ML.ConvNet.Benchmarks.Peers.LibTorch;

/// <summary>How LibTorch's images and convolutions lie in memory: with the channels outermost, or innermost.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="IsChannelsLast">Whether the channels are innermost.</param>
internal sealed record LibTorchForm(string Name, bool IsChannelsLast)
{
    /// <summary>What the names of LibTorch's sides begin with.</summary>
    public const string Library = "LibTorch";

    /// <summary>Both forms.</summary>
    public static IReadOnlyList<LibTorchForm> All { get; } = [new("contiguous", false), new("channels-last", true)];

    /// <summary>The name of the side that has this form.</summary>
    public string SideName => $"{Library} {Name}";

    /// <summary>Lays a tensor out in this form; the axes stay as they are.</summary>
    public Tensor Apply(Tensor tensor)
    {
        if (!IsChannelsLast || tensor.dim() != 4)
        {
            return tensor.contiguous();
        }

        // All four strides are given, those of axes of length 1, too: LibTorch reads from them which form a tensor has.
        (long channels, long height, long width) = (tensor.shape[1], tensor.shape[2], tensor.shape[3]);
        Tensor last = empty_strided(
            tensor.shape, [channels * height * width, 1, width * channels, channels], tensor.dtype, tensor.device);
        last.copy_(tensor);
        return last;
    }

    /// <summary>Lays the parameters of a network out in this form.</summary>
    public void Apply(nn.Module network)
    {
        using IDisposable noGradients = no_grad();
        foreach ((_, TorchSharp.Modules.Parameter parameter) in network.named_parameters())
        {
            using Tensor laidOut = Apply(parameter);
            parameter.set_(laidOut);
        }
    }
}
