using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Tensors;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Networks;

/// <summary>
/// The numbers of a network: one tensor a parameter, by name, all in one block of memory. The block holds first the parameters that
/// weight decay applies to, then the others that are trained, then those that are not.
/// </summary>
/// <remarks>
/// Models and trainings that were made with weights hold shares in the memory: it is freed, once, when the weights and all of those are
/// disposed of, in any order and by any thread; where something is forgotten, when nothing refers to it any more.
/// </remarks>
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
            FirstUntrained = parameters[i].Definition.IsTrainable ? length + Padded(parameters[i].Shape.ElementCount) : FirstUntrained;
            length += Padded(parameters[i].Shape.ElementCount);
        }

        Length = length;
        _buffer = new NativeBuffer((nuint)Math.Max(length, 1) * sizeof(float), typeof(Weights));
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

    /// <summary>Where in the block the parameters begin that no training step moves by a gradient, such as running statistics.</summary>
    internal nint FirstUntrained { get; }

    /// <summary>The floats of the block, with what aligns each tensor.</summary>
    internal nint Length { get; }

    /// <summary>The first float of the block, for who knows that nobody disposes of the weights meanwhile.</summary>
    /// <exception cref="ObjectDisposedException">The weights were disposed of.</exception>
    internal float* Pointer => _buffer.Floats;

    /// <summary>A parameter by its name. What is written to it changes the weights; it can be used until they are disposed of.</summary>
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
    /// <exception cref="ObjectDisposedException">The weights were disposed of.</exception>
    public Weights Clone()
    {
        Weights copy = new(Network);
        try
        {
            copy.CopyFrom(this);
            return copy;
        }
        catch
        {
            copy.Dispose();
            throw;
        }
    }

    /// <summary>Takes over the numbers of other weights of an equal network.</summary>
    /// <exception cref="ArgumentException">The other weights belong to another network.</exception>
    /// <exception cref="ObjectDisposedException">These or the other weights were disposed of.</exception>
    public void CopyFrom(Weights other)
    {
        ArgumentNullException.ThrowIfNull(other);
        other.RequireFit(Network, nameof(other));
        using NativeShare from = other.Share();
        using NativeShare to = Share();
        Buffer.MemoryCopy(from.Floats, to.Floats, Length * sizeof(float), Length * sizeof(float));
    }

    /// <summary>
    /// Makes the weights of a network all of whose parameters these have, such as one that was truncated: a copy with memory of its own, which is
    /// the receiver's to dispose of.
    /// </summary>
    /// <param name="network">The network.</param>
    /// <exception cref="ArgumentException">It has a parameter that these have not, or have in another shape.</exception>
    /// <exception cref="ObjectDisposedException">The weights were disposed of.</exception>
    public Weights CopyFor(Network network)
    {
        ArgumentNullException.ThrowIfNull(network);
        if (network.Parameters.FirstOrDefault(parameter => !Fits(parameter)) is { } other)
        {
            throw new ArgumentException(
                $"Weights are copied for a network whose parameters they have. Received: {network} with \"{other.Name}\" of {other.Shape}, which here "
                + (TryGet(other.Name, out Tensor? tensor) ? $"is of {tensor.Shape}; a layer before it may do." : "is not."),
                nameof(network));
        }

        Weights copy = new(network);
        try
        {
            _ = copy.CopyMatching(this);
            return copy;
        }
        catch
        {
            copy.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Takes over, of the weights of another network, the numbers of each parameter that has the name and the shape of one of these; the others stay as
    /// they are.
    /// </summary>
    /// <param name="other">The other weights, which stay as they are.</param>
    /// <returns>The names of the parameters that were taken over, in the order of the layers.</returns>
    /// <exception cref="ObjectDisposedException">These or the other weights were disposed of.</exception>
    public IReadOnlyList<string> CopyMatching(Weights other)
    {
        ArgumentNullException.ThrowIfNull(other);
        using NativeShare from = other.Share();
        List<string> taken = [];
        foreach (NetworkParameter parameter in Network.Parameters.Where(other.Fits))
        {
            other[parameter.Name].SpanOf(from).CopyTo(this[parameter.Name].Span);
            taken.Add(parameter.Name);
        }

        return taken;
    }

    /// <summary>The SHA-256 hash of the numbers of all parameters, in the order of <see cref="Names"/>, as 64 hexadecimal digits.</summary>
    /// <exception cref="ObjectDisposedException">The weights were disposed of.</exception>
    public string ComputeHash()
    {
        using NativeShare numbers = Share();
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (Tensor tensor in _tensors)
        {
            hash.AppendData(MemoryMarshal.AsBytes(tensor.SpanOf(numbers)));
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }

    /// <summary>
    /// Gives the memory up; it is freed as soon as no model or training that was made with the weights holds it any more. Those go on as if
    /// nothing had happened; the weights themselves cannot be used after it. A second time, by whichever thread, it does nothing.
    /// </summary>
    public void Dispose() => _buffer.Dispose();

    /// <summary>Takes a share in the block: it stays until that is given up, whoever disposes of the weights.</summary>
    /// <exception cref="ObjectDisposedException">The weights were disposed of.</exception>
    internal NativeShare Share() => _buffer.Share();

    /// <summary>The place of a parameter in the block, in floats.</summary>
    internal nint OffsetOf(int parameter) => _offsets[parameter];

    /// <summary>A length rounded up to whole cache lines, in floats.</summary>
    internal static nint Padded(nint length) => Rounding.ToCacheLines(length);

    private bool Fits(NetworkParameter parameter) => TryGet(parameter.Name, out Tensor? tensor) && tensor.Shape == parameter.Shape;

    private static int Rank(LayerParameter parameter) => !parameter.IsTrainable ? 2 : parameter.Decays ? 0 : 1;
}
