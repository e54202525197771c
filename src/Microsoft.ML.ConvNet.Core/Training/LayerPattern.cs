using System.IO.Enumeration;
using Microsoft.ML.ConvNet.Networks;

namespace Microsoft.ML.ConvNet.Training;

/// <summary>Names of layers: one name, or a pattern in which <c>*</c> stands for any characters and <c>?</c> for one.</summary>
internal static class LayerPattern
{
    /// <summary>Whether a name is one of those.</summary>
    public static bool Matches(string pattern, string name) =>
        pattern == name || FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false);

    /// <summary>Throws where a network has no such layer.</summary>
    public static void Require(Network network, string pattern, string whose)
    {
        Setting.Require(!string.IsNullOrEmpty(pattern), $"{whose}: layers have a name. Received: none.");
        Setting.Require(
            network.Nodes.Any(node => Matches(pattern, node.Name)),
            $"{whose}: layers are of the network: {string.Join(", ", network.Nodes.Select(node => node.Name).Take(20))}. "
            + $"Received: \"{pattern}\".");
    }
}
