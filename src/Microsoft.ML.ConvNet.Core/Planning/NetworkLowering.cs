using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Ops;

namespace Microsoft.ML.ConvNet.Planning;

/// <summary>Turns a network into ops, layer by layer.</summary>
internal static class NetworkLowering
{
    /// <summary>The graph of a network: its input, its parameters, and each node's output.</summary>
    /// <param name="network">The network.</param>
    /// <param name="losses">
    /// The losses of nodes that give outputs of the network: a softmax or a sigmoid that a loss computes itself is left out. None where not given.
    /// </param>
    public static LoweredNetwork Lower(Network network, IReadOnlyDictionary<int, ILossFunction>? losses = null)
    {
        OpGraph graph = new();
        OpValue input = graph.AddInput(network.InputShape);
        OpValue[] parameters = new OpValue[network.Parameters.Count];
        for (int i = 0; i < parameters.Length; i++)
        {
            NetworkParameter parameter = network.Parameters[i];
            parameters[i] = graph.AddParameter(parameter.Shape, parameter.Name, i);
        }

        OpValue[] outputs = new OpValue[network.Nodes.Count];
        int ofEarlierNodes = 0;
        for (int i = 0; i < outputs.Length; i++)
        {
            NetworkNode node = network.Nodes[i];
            OpValue[] inputs = new OpValue[node.Inputs.Count];
            for (int k = 0; k < inputs.Length; k++)
            {
                inputs[k] = node.Inputs[k] < 0 ? input : outputs[node.Inputs[k]];
            }

            // The parameters of a network stand in the order of its nodes.
            int end = ofEarlierNodes;
            while (end < parameters.Length && network.Parameters[end].Node == i)
            {
                end++;
            }

            ArraySegment<OpValue> own = new(parameters, ofEarlierNodes, end - ofEarlierNodes);
            ofEarlierNodes = end;
            outputs[i] = losses?.GetValueOrDefault(i) is { } loss && IsWithLoss(node.Layer, loss)
                ? inputs[0]
                : node.Layer.Lower(new LoweringContext(graph, node.Name, i, inputs, network.InputShapesOf(i), own, node.OutputShape));
        }

        return new LoweredNetwork(graph, input, outputs);
    }

    private static bool IsWithLoss(Layer layer, ILossFunction loss) =>
        (loss.ReplacesSoftmax && layer is Softmax or LogSoftmax) || (loss.ReplacesSigmoid && layer is Sigmoid);
}

/// <summary>A network as ops.</summary>
/// <param name="Graph">The ops.</param>
/// <param name="Input">The network's input.</param>
/// <param name="Outputs">The output of each node; several nodes have the same where a layer computes nothing.</param>
internal sealed record LoweredNetwork(OpGraph Graph, OpValue Input, IReadOnlyList<OpValue> Outputs);
