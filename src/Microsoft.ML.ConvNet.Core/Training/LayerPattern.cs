using System.IO.Enumeration;
using Microsoft.ML.ConvNet.Networks;

namespace Microsoft.ML.ConvNet.Training;

/// <summary>Names of layers: one name, or a pattern in which <c>*</c> stands for any characters and <c>?</c> for one.</summary>
public static class LayerPattern
{
    /// <summary>Whether a name is one of those that a pattern stands for.</summary>
    /// <param name="pattern">A name, or a pattern of names.</param>
    /// <param name="name">The name of a layer; upper and lower case differ.</param>
    public static bool Matches(string pattern, string name) =>
        pattern == name || FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false);

    /// <summary>The names of a network's layers that one of some patterns stands for, in the order of the layers.</summary>
    /// <param name="network">The network.</param>
    /// <param name="patterns">Names, or patterns of names.</param>
    public static IReadOnlyList<string> NamesOf(Network network, IEnumerable<string> patterns)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(patterns);
        string[] all = [.. patterns];
        return [.. network.Nodes.Select(node => node.Name).Where(name => all.Any(pattern => Matches(pattern, name)))];
    }

    /// <summary>Throws where a network has no such layer.</summary>
    internal static void Require(Network network, string pattern, string whose)
    {
        Setting.Require(!string.IsNullOrEmpty(pattern), $"{whose}: layers have a name. Received: none.");
        Setting.Require(
            network.Nodes.Any(node => Matches(pattern, node.Name)),
            $"{whose}: layers are of the network: {string.Join(", ", network.Nodes.Select(node => node.Name).Take(20))}. "
            + $"Received: \"{pattern}\".");
    }
}
