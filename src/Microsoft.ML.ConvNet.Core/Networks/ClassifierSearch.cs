using Microsoft.ML.ConvNet.Layers;

namespace Microsoft.ML.ConvNet.Networks;

/// <summary>
/// Finds the classifier at the end of a network: goes back from the output, through all that has no weights, to where all of it comes from one
/// layer that has some.
/// </summary>
internal static class ClassifierSearch
{
    /// <summary>The node that the classifier reads, -1 for the network's input; where there is no classifier, the last node.</summary>
    public static int FeatureNodeOf(Network network)
    {
        int last = network.Nodes.Count - 1;
        if (Of(network) is not { } classifier)
        {
            return last;
        }

        int node = classifier;
        while (node >= 0 && network.Nodes[node].Layer is Dropout)
        {
            node = network.Nodes[node].Inputs[0];
        }

        return node;
    }

    /// <summary>The node that the classifier reads; null where there is none.</summary>
    private static int? Of(Network network)
    {
        bool[] isComputed = ComputedNodes(network);
        HashSet<int> weighted = [.. network.Parameters.Where(parameter => parameter.Definition.IsTrainable).Select(parameter => parameter.Node)];
        SortedSet<int> open = [network.Nodes.Count - 1];
        while (open.Count > 0)
        {
            int node = open.Max;
            _ = open.Remove(node);
            if (node < 0)
            {
                return null;
            }

            int[] computed = [.. network.Nodes[node].Inputs.Where(input => input < 0 || isComputed[input])];
            bool isProduct = network.Nodes[node].Layer is MatMul && computed.Length == 1;
            if (weighted.Contains(node) || isProduct)
            {
                return open.Count == 0 && (isProduct || IsClassifier(network, node)) ? computed[0] : null;
            }

            open.UnionWith(computed);
        }

        return null;
    }

    /// <summary>Whether a layer makes of each pixel's channels, or of a vector, as many numbers as there are classes.</summary>
    private static bool IsClassifier(Network network, int node) => network.Nodes[node].Layer is Dense
        || (network.Nodes[node].Layer is Conv2D { Groups: 1 } convolution
            && (convolution.KernelSize == 1 || network.Nodes[node].OutputShape is { Height: 1, Width: 1 }));

    /// <summary>Which nodes depend on the network's input, and not on constants alone.</summary>
    private static bool[] ComputedNodes(Network network)
    {
        bool[] computed = new bool[network.Nodes.Count];
        for (int node = 0; node < computed.Length; node++)
        {
            computed[node] = network.Nodes[node].Inputs.Any(input => input < 0 || computed[input]);
        }

        return computed;
    }
}
