using System.Diagnostics.CodeAnalysis;
using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Tensors;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Networks;

/// <summary>
/// The numbers of a network: one tensor a parameter, by name, all in one block of memory. The block holds first the parameters that
/// weight decay applies to, then the others that are trained, then those that are not.
/// </summary>
public sealed unsafe class Weights : IDisposable
{
    private readonly NativeBuffer _buffer;
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly Tensor[] _tensors;
    private readonly nint[] _offsets;

    /// <summary>Makes the weights of a network, all zero.</summary>
    /// <exception cref="InsufficientMemoryException">The machine has not the memory.</exception>
    public Weights(Network network)
    {
        ArgumentNullException.ThrowIfNull(network);
        Network = network;
        IReadOnlyList<NetworkParameter> parameters = network.Parameters;
        _offsets = new nint[parameters.Count];
        _tensors = new Tensor[parameters.Count];
        nint length = 0;
        foreach (int i in Enumerable.Range(0, parameters.Count).OrderBy(i => Rank(parameters[i].Definition)))
        {
            _offsets[i] = length;
            length += Padded(parameters[i].Shape.ElementCount);
        }

        Length = length;
        _buffer = new NativeBuffer((nuint)Math.Max(length, 1) * sizeof(float));
        for (int i = 0; i < parameters.Count; i++)
        {
            _numbers.Add(parameters[i].Name, i);
            _tensors[i] = new Tensor(parameters[i].Shape, _buffer, _offsets[i]);
        }
    }

    /// <summary>The network that these weights belong to.</summary>
    public Network Network { get; }

    /// <summary>The names of the parameters, in the order of the layers.</summary>
    public IEnumerable<string> Names => Network.Parameters.Select(parameter => parameter.Name);

    /// <summary>The floats of the block, with what aligns each tensor.</summary>
    internal nint Length { get; }

    /// <summary>The first float of the block.</summary>
    internal float* Pointer => _buffer.Floats;

    /// <summary>A parameter by its name. What is written to it changes the weights; it lives as long as they do.</summary>
    /// <exception cref="KeyNotFoundException">The network has no such parameter.</exception>
    public Tensor this[string name] => TryGet(name, out Tensor? tensor)
        ? tensor
        : throw new KeyNotFoundException($"The network has no parameter \"{name}\"; it has {string.Join(", ", Names.Take(8))}...");

    /// <summary>Makes the weights of a network with which training begins: a function of the seed.</summary>
    /// <exception cref="InsufficientMemoryException">The machine has not the memory.</exception>
    public static Weights Initialize(Network network, ulong seed)
    {
        Weights weights = new(network);
        for (int i = 0; i < network.Parameters.Count; i++)
        {
            InitializationRule.Fill(network.Parameters[i].Definition, weights._tensors[i].Span, seed, i);
        }

        return weights;
    }

    /// <summary>Looks a parameter up by its name.</summary>
    public bool TryGet(string name, [NotNullWhen(true)] out Tensor? tensor)
    {
        bool found = _numbers.TryGetValue(name, out int number);
        tensor = found ? _tensors[number] : null;
        return found;
    }

    /// <summary>Throws where these are not the weights of a network, or of one that is equal to it.</summary>
    /// <param name="network">The network.</param>
    /// <param name="argument">The argument that gave the weights, for the error.</param>
    /// <exception cref="ArgumentException">They are those of another network.</exception>
    public void RequireFit(Network network, string argument = "weights")
    {
        ArgumentNullException.ThrowIfNull(network);
        if (!ReferenceEquals(Network, network) && Network != network)
        {
            throw new ArgumentException($"The weights are those of the network {network}. Received: weights of {Network}.", argument);
        }
    }

    /// <summary>Makes a copy with memory of its own.</summary>
    public Weights Clone()
    {
        Weights copy = new(Network);
        copy.CopyFrom(this);
        return copy;
    }

    /// <summary>Takes over the numbers of other weights of an equal network.</summary>
    /// <exception cref="ArgumentException">The other weights belong to another network.</exception>
    public void CopyFrom(Weights other)
    {
        ArgumentNullException.ThrowIfNull(other);
        other.RequireFit(Network, nameof(other));
        Buffer.MemoryCopy(other.Pointer, Pointer, Length * sizeof(float), Length * sizeof(float));
        GC.KeepAlive(other);
        GC.KeepAlive(this);
    }

    /// <summary>Frees the memory.</summary>
    public void Dispose() => _buffer.Dispose();

    /// <summary>The place of a parameter in the block, in floats.</summary>
    internal nint OffsetOf(int parameter) => _offsets[parameter];

    /// <summary>A length rounded up to whole cache lines, in floats.</summary>
    internal static nint Padded(nint length) => Rounding.ToCacheLines(length);

    private static int Rank(LayerParameter parameter) => !parameter.IsTrainable ? 2 : parameter.Decays ? 0 : 1;
}
