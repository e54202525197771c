using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Schema;
using Microsoft.ML.ConvNet.Tensors;
using Microsoft.ML.ConvNet.Training;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.ConvNet.Fitting;

/// <summary>What the weights of a network are before training: drawn anew, with those of the options in the place of their namesakes.</summary>
internal sealed class StartingWeights
{
    private readonly Network _network;
    private readonly Weights? _given;
    private readonly HashSet<string> _taken;

    /// <summary>Finds out which of the options' weights are a network's.</summary>
    /// <exception cref="ArgumentException">There are some, and none is.</exception>
    public StartingWeights(ConvNetTrainingOptions options, Network network)
    {
        _network = network;
        _given = options.InitialWeights;
        _taken = [.. network.Parameters.Where(Fits).Select(parameter => parameter.Name)];
        if (_given is not null && _taken.Count == 0)
        {
            throw new ArgumentException(
                $"{nameof(options.InitialWeights)} has a parameter of the name and shape of one of the network's, such as "
                + $"\"{network.Parameters[0].Name}\" of {network.Parameters[0].Shape}. Received: {string.Join(", ", _given.Names.Take(3))}.",
                nameof(options));
        }
    }

    /// <summary>What is said of layers that are frozen with numbers that nobody gave; null where there are none.</summary>
    /// <param name="frozenLayers">The names, or patterns of names, of the layers that are frozen.</param>
    public string? WarningOf(IReadOnlyCollection<string> frozenLayers)
    {
        HashSet<string> frozen = [.. LayerPattern.NamesOf(_network, frozenLayers)];
        string[] random =
        [
            .. _network.Parameters
                .Where(parameter => !_taken.Contains(parameter.Name))
                .Select(parameter => _network.Nodes[parameter.Node].Name)
                .Where(frozen.Contains)
                .Distinct(),
        ];
        return random.Length == 0 ? null
            : $"{nameof(ConvNetTrainingOptions.FrozenLayers)} keep the weights that they begin with, and these are drawn at random for "
                + $"{NameList.Of(random)}: {nameof(ConvNetTrainingOptions.InitialWeights)} "
                + (_given is null ? "would give them others." : "has none of their names and shapes.");
    }

    /// <summary>The weights; null where the options give none.</summary>
    public Weights? Make(IChannel channel, int seed)
    {
        if (_given is null)
        {
            return null;
        }

        Weights weights = Weights.Initialize(_network, unchecked((uint)seed));
        foreach (string name in _taken)
        {
            _given[name].CopyTo(weights[name].Span);
        }

        string[] others = [.. weights.Names.Where(name => !_taken.Contains(name))];
        channel.Info(
            MessageSensitivity.None,
            $"{_taken.Count} of {_network.Parameters.Count} parameters begin with the given weights"
            + (others.Length == 0 ? string.Empty : $"; anew begin {string.Join(", ", others.Take(5))}{(others.Length > 5 ? ", ..." : string.Empty)}"));
        return weights;
    }

    private bool Fits(NetworkParameter parameter) =>
        _given is not null && _given.TryGet(parameter.Name, out Tensor? tensor) && tensor.Shape == parameter.Shape;
}
