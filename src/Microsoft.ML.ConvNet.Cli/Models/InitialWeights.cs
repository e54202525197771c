using Microsoft.ML.ConvNet.Cli.Data;
using Microsoft.ML.ConvNet.Cli.Display;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Training;

namespace Microsoft.ML.ConvNet.Cli.Models;

/// <summary>The weights that a training begins with, where a file gives some: the others are as without one.</summary>
internal sealed class InitialWeights : IDisposable
{
    private readonly string _path;
    private readonly IReadOnlyCollection<string> _taken;

    private InitialWeights(string path, Weights weights, IReadOnlyCollection<string> taken)
    {
        _path = path;
        Weights = weights;
        _taken = taken;
    }

    /// <summary>All weights of the network.</summary>
    public Weights Weights { get; }

    /// <summary>Reads a file; null where there is none.</summary>
    /// <param name="path">The file.</param>
    /// <param name="network">The network that is trained.</param>
    /// <param name="seed">The seed of the others.</param>
    /// <param name="option">The option that named the file.</param>
    /// <exception cref="CommandException">The file cannot be read, or has nothing for this network.</exception>
    public static InitialWeights? Read(string? path, Network network, int seed, string option)
    {
        if (path is null)
        {
            return null;
        }

        using WeightFile file = WeightFile.Read(path, network, option);
        Weights weights = Weights.Initialize(network, unchecked((uint)seed));
        try
        {
            IReadOnlyCollection<string> taken = file.CopyTo(weights);
            return taken.Count > 0 ? new InitialWeights(path, weights, taken) : throw new CommandException(
                $"{option} names a file with a tensor of the name and shape of one of the network's parameters, such as "
                + $"{network.Parameters[0].Name} of {network.Parameters[0].Shape}. Received: \"{TerminalText.Of(path)}\" with {file.Describe()}.");
        }
        catch
        {
            weights.Dispose();
            throw;
        }
    }

    /// <summary>Which parameters begin as in the file, and which do not.</summary>
    public string Describe()
    {
        string[] others = [.. Weights.Names.Where(name => !_taken.Contains(name))];
        return $"{ProgressText.Number(_taken.Count)} of {ProgressText.Number(Weights.Network.Parameters.Count)} parameters begin as in "
            + $"{TerminalText.Of(_path)}{(others.Length == 0 ? string.Empty : $"; at random begin {NameList.Of(others)}")}";
    }

    /// <summary>The layers of some that are frozen, by name or pattern, that have parameters of which the file says nothing.</summary>
    public IReadOnlyCollection<string> RandomAmong(IReadOnlyCollection<string> frozenLayers) =>
    [
        .. Weights.Network.Parameters
            .Where(parameter => !_taken.Contains(parameter.Name))
            .Select(parameter => Weights.Network.Nodes[parameter.Node].Name)
            .Where(name => frozenLayers.Any(pattern => LayerPattern.Matches(pattern, name)))
            .Distinct(),
    ];

    public void Dispose() => Weights.Dispose();
}
