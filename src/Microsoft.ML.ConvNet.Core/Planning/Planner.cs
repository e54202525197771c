using Microsoft.ML.ConvNet.Kernels.Elementwise.Activations;
using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Ops;
using Microsoft.ML.ConvNet.Planning.Passes;

namespace Microsoft.ML.ConvNet.Planning;

/// <summary>Compiles networks into plans.</summary>
internal static class Planner
{
    /// <summary>Compiles a network for inference: batch norm folded, residuals, functions and max pooling fused, parameters packed once.</summary>
    /// <param name="network">The network.</param>
    /// <param name="options">What the plan may do.</param>
    /// <param name="node">The node whose output is asked for; the last one where not given.</param>
    public static Plan ForInference(Network network, PlanOptions options, int? node = null)
    {
        LoweredNetwork lowered = NetworkLowering.Lower(network);
        OpValue output = lowered.Outputs[node ?? network.Nodes.Count - 1];
        PlanGraph graph = new(lowered.Graph, [output]);
        Run(PassesForInference(options), graph);
        PlanWriter writer = new(graph, lowered.Input, graph.Kept[0], training: false);
        writer.WriteForward();
        return writer.ToPlan(inputGradient: false);
    }

    /// <summary>Compiles a network and its loss for training: forward and backward of a whole batch.</summary>
    /// <param name="network">The network.</param>
    /// <param name="loss">What is made small.</param>
    /// <param name="options">What the plan may do.</param>
    /// <param name="isFrozen">Which layers, by name, keep their parameters, and normalise by their running statistics.</param>
    /// <param name="inputGradient">Whether the gradient of the input is asked for, too.</param>
    /// <param name="weights">The network's weights, whose constants tell more of what its outputs are.</param>
    /// <param name="auxiliaryLosses">What each auxiliary output is trained by; the same loss with the network's weights where not given.</param>
    public static Plan ForTraining(
        Network network, ILossFunction loss, PlanOptions options, Func<string, bool>? isFrozen, bool inputGradient,
        Weights? weights = null,
        IReadOnlyList<AuxiliaryLoss>? auxiliaryLosses = null)
    {
        auxiliaryLosses ??= [.. network.AuxiliaryOutputs.Select(auxiliary => new AuxiliaryLoss(loss, auxiliary.Weight))];
        Dictionary<int, ILossFunction> losses = new() { [network.Nodes.Count - 1] = loss };
        for (int i = 0; i < auxiliaryLosses.Count; i++)
        {
            losses[network.AuxiliaryOutputs[i].Node] = auxiliaryLosses[i].Function;
        }

        LoweredNetwork lowered = NetworkLowering.Lower(network, losses);
        OpValue output = ReadByLoss(lowered, network, network.Nodes.Count - 1, loss, weights);
        List<OpValue> kept = [output];
        for (int i = 0; i < auxiliaryLosses.Count; i++)
        {
            (ILossFunction function, float weight) = auxiliaryLosses[i];
            int node = network.AuxiliaryOutputs[i].Node;
            LossOp op = function.Lower(network.OutputShape) with { AuxiliaryWeight = weight };
            kept.Add(lowered.Graph.Add(op, [ReadByLoss(lowered, network, node, function, weights)], [1], $"{network.Nodes[node].Name} loss"));
        }

        kept.Add(lowered.Graph.Add(loss.Lower(network.OutputShape), [output], [1], "loss"));
        PlanGraph graph = new(lowered.Graph, kept);
        Run(PassesForTraining(options, isFrozen), graph);
        PlanWriter writer = new(graph, lowered.Input, output, training: true);
        writer.WriteForward();
        writer.WriteBackward(parameter => IsTrained(network, parameter, isFrozen), inputGradient);
        return writer.ToPlan(inputGradient);
    }

    /// <summary>An output as the loss takes it: the logarithms of probabilities are logits.</summary>
    private static OpValue ReadByLoss(LoweredNetwork lowered, Network network, int node, ILossFunction loss, Weights? weights)
    {
        // The least probability that has a logarithm here: 0 has none, and a derivative that is no number.
        const float Least = 1e-7f;
        OpValue output = lowered.Outputs[node];
        NetworkNode end = network.Nodes[node];
        bool takesLogarithm = loss.ReplacesSoftmax && end.Layer is not (Softmax or LogSoftmax)
            && (loss.OutputsAreProbabilities ?? OutputAnalysis.Of(network, weights, node) == OutputKind.Probabilities);
        ActivationFunction<LogOfProbability> logarithm = new(Least);
        return takesLogarithm
            ? lowered.Graph.Add(new ActivationOp(logarithm, end.OutputShape), [output], end.OutputShape, $"{end.Name} logarithm")
            : output;
    }

    /// <summary>The passes over the graph of an inference plan, in their order.</summary>
    public static IReadOnlyList<IGraphPass> PassesForInference(PlanOptions options) =>
    [
        new DropIdentities(),
        new ReadConstants(),
        new DropUnused(),
        new FoldBatchNormalization(),
        new FuseResiduals(isTraining: false),
        new FuseActivations(isTraining: false),
        new NestConcatenations(),
        new GrowConcatenations(),
        new WriteConcatenationsInPlace(),
        new ChooseAlgorithms(options),
        new FormBatchLanes(options, isTraining: false),
        new FuseMaxPooling(),
    ];

    /// <summary>The passes over the graph of a training plan, in their order.</summary>
    /// <param name="options">What the plan may do.</param>
    /// <param name="isFrozen">Which layers, by name, keep their parameters; none where not given.</param>
    public static IReadOnlyList<IGraphPass> PassesForTraining(PlanOptions options, Func<string, bool>? isFrozen = null) =>
    [
        new FreezeLayers(isFrozen),
        new ReadConstants(),
        new DropUnused(),
        new FuseResiduals(isTraining: true),
        new FuseActivations(isTraining: true),
        new MoveReluBehindMaxPooling(),
        new ChooseAlgorithms(options),
        new FormBatchLanes(options, isTraining: true),
    ];

    /// <summary>Runs passes over a graph, one after the other, and checks what each leaves.</summary>
    public static void Run(IReadOnlyList<IGraphPass> passes, PlanGraph graph)
    {
        GraphCheck.Require(graph, "lowering");
        foreach (IGraphPass pass in passes)
        {
            pass.Run(graph);
            GraphCheck.Require(graph, pass.Name);
        }
    }

    /// <summary>Whether training changes a parameter.</summary>
    public static bool IsTrained(Network network, int parameter, Func<string, bool>? isFrozen)
    {
        NetworkParameter definition = network.Parameters[parameter];
        return definition.Definition.IsTrainable && !(isFrozen?.Invoke(network.Nodes[definition.Node].Name) ?? false);
    }
}
