using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;

namespace Microsoft.ML.ConvNet.Tasks;

/// <summary>Networks with what makes probabilities of their outputs, those of auxiliary outputs too.</summary>
internal static class NetworkEnd
{
    /// <summary>A network that ends in logits with a layer behind them; one that gives probabilities as it is.</summary>
    /// <param name="network">The network.</param>
    /// <param name="end">A softmax or a sigmoid.</param>
    /// <param name="initial">Weights by which it can be seen what the outputs are; null for none.</param>
    /// <param name="said">What the user says that they are; null where it is to be found out.</param>
    public static Network ToProbabilities(Network network, Layer end, Weights? initial, OutputKind? said)
    {
        Weights? weights = initial is { } given && given.Network.Equals(network) ? given : null;
        bool isProbable = said is not null ? said == OutputKind.Probabilities : OutputAnalysis.Of(network, weights) == OutputKind.Probabilities;
        if (isProbable || network.Nodes[^1].Layer.GetType() == end.GetType())
        {
            return network;
        }

        List<SymbolicTensor> tensors = Tensors(network, network.Nodes.Count);
        return tensors[^1].Apply(end).ToNetwork(
            network.Name,
            network.AuxiliaryOutputs.Select(auxiliary => (
                OutputAnalysis.Of(network, weights, auxiliary.Node) == OutputKind.Probabilities ? tensors[auxiliary.Node] : tensors[auxiliary.Node].Apply(end),
                auxiliary.Weight)));
    }

    /// <summary>A network that ends in a softmax without it, and without those of its auxiliary outputs.</summary>
    public static Network WithoutSoftmax(Network network)
    {
        if (network.Nodes[^1].Layer is not Softmax)
        {
            return network;
        }

        List<SymbolicTensor> tensors = Tensors(network, network.Nodes.Count - 1);
        return tensors[network.Nodes[^1].Inputs[0]].ToNetwork(
            network.Name,
            network.AuxiliaryOutputs.Select(auxiliary => (
                tensors[network.Nodes[auxiliary.Node].Layer is Softmax ? network.Nodes[auxiliary.Node].Inputs[0] : auxiliary.Node], auxiliary.Weight)));
    }

    private static List<SymbolicTensor> Tensors(Network network, int count)
    {
        SymbolicTensor input = Network.Input(network.InputShape, network.IsStrict);
        List<SymbolicTensor> tensors = [];
        foreach (NetworkNode node in network.Nodes.Take(count))
        {
            SymbolicTensor[] inputs = [.. node.Inputs.Select(number => number < 0 ? input : tensors[number])];
            tensors.Add(inputs.Length == 0 ? input.Begin(node.Layer, node.Name) : inputs[0].Apply(node.Layer, inputs[1..], node.Name));
        }

        return tensors;
    }
}
