using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Storage;
using static TorchSharp.torch;

namespace Microsoft.ML.ConvNet.Benchmarks.Peers.LibTorch;

/// <summary>The engine's weights in a network of LibTorch, whose parameters have the same names and PyTorch's axes.</summary>
internal sealed class LibTorchWeights : IDisposable
{
    private const string Counter = ".num_batches_tracked";

    private readonly Network _network;
    private readonly Dictionary<string, Tensor> _parameters;
    private readonly Dictionary<string, Tensor> _start = [];

    /// <summary>Puts weights into a network.</summary>
    /// <exception cref="PeerException">The networks have other parameters.</exception>
    public LibTorchWeights(Weights weights, nn.Module module)
    {
        _network = weights.Network;
        _parameters = module.state_dict();
        foreach (NetworkParameter parameter in _network.Parameters)
        {
            PyTorchAxes axes = PyTorchAxes.Of(_network, parameter);
            long[] shape = [.. axes.Shape.Select(length => (long)length)];
            if (!_parameters.TryGetValue(parameter.Name, out Tensor? tensor) || !tensor.shape.SequenceEqual(shape))
            {
                throw new PeerException(
                    $"LibTorch's network has a parameter {parameter.Name} of {axes.Shape}. "
                    + $"Received: {(tensor is null ? "none of that name" : string.Join(" x ", tensor.shape))}.");
            }

            float[] numbers = new float[parameter.Shape.ElementCount];
            axes.ToPyTorch(weights[parameter.Name].Span, numbers);
            _start.Add(parameter.Name, TorchSharp.torch.tensor(numbers, shape));
        }

        string[] others = [.. _parameters.Keys.Where(
            name => !_start.ContainsKey(name) && !name.EndsWith(Counter, StringComparison.Ordinal))];
        if (others.Length > 0)
        {
            throw new PeerException($"LibTorch's network has no parameters but the engine's. Received: {string.Join(", ", others)}.");
        }

        Reset();
    }

    /// <summary>Takes the starting weights again.</summary>
    public void Reset()
    {
        using IDisposable noGradients = no_grad();
        foreach ((string name, Tensor start) in _start)
        {
            _parameters[name].copy_(start);
        }
    }

    /// <summary>The parameters in the engine's order and axes.</summary>
    public IEnumerable<(string Name, float[] Numbers)> Read()
    {
        foreach (NetworkParameter parameter in _network.Parameters)
        {
            float[] numbers = new float[parameter.Shape.ElementCount];
            using Tensor detached = _parameters[parameter.Name].detach();
            using Tensor contiguous = detached.contiguous();
            PyTorchAxes.Of(_network, parameter).FromPyTorch(contiguous.data<float>().ToArray(), numbers);
            yield return (parameter.Name, numbers);
        }
    }

    /// <summary>Frees the starting weights.</summary>
    public void Dispose()
    {
        foreach (Tensor tensor in _start.Values)
        {
            tensor.Dispose();
        }
    }
}
