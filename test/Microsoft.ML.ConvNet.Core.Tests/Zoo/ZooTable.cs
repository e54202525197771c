using Microsoft.ML.ConvNet.Networks;

namespace Microsoft.ML.ConvNet.Core.Tests.Zoo;

/// <summary>A network as papers and lectures table it, for comparison.</summary>
internal static class ZooTable
{
    /// <summary>The output shapes of the layers, in order.</summary>
    public static string Shapes(Network network) => string.Join(' ', network.Nodes.Select(node => node.OutputShape));

    /// <summary>The output shapes of the layers whose names begin so, in order.</summary>
    public static string Shapes(Network network, string prefix) => string.Join(
        ' ', network.Nodes.Where(node => node.Name.StartsWith(prefix, StringComparison.Ordinal)).Select(node => node.OutputShape));

    /// <summary>The elements of each weight of the layers that have one, without biases.</summary>
    public static long[] Weights(Network network) =>
        [.. network.Parameters.Where(parameter => parameter.Definition.Decays).Select(parameter => (long)parameter.Shape.ElementCount)];
}
