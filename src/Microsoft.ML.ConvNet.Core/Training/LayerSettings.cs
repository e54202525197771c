using Microsoft.ML.ConvNet.Networks;

namespace Microsoft.ML.ConvNet.Training;

/// <summary>How each layer of a network is trained, as the options' groups and lists say.</summary>
internal static class LayerSettings
{
    /// <summary>The names of the layers that keep their parameters through the whole training.</summary>
    public static HashSet<string> Frozen(TrainingOptions options, Network network) => new(
        network.Nodes.Select(node => node.Name).Where(name =>
            (GroupOf(options, name)?.IsFrozen ?? false) || options.FrozenLayers.Any(pattern => LayerPattern.Matches(pattern, name))),
        StringComparer.Ordinal);

    /// <summary>The first group that a layer is of; null for none.</summary>
    public static ParameterGroup? GroupOf(TrainingOptions options, string layer) =>
        options.Groups.FirstOrDefault(group => LayerPattern.Matches(group.Layers, layer));
}
