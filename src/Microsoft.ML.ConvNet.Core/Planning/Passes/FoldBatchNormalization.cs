using Microsoft.ML.ConvNet.Ops;

namespace Microsoft.ML.ConvNet.Planning.Passes;

/// <summary>Folds a batch normalisation into the convolution or product before it, where nothing else reads that one's output.</summary>
internal sealed class FoldBatchNormalization : IGraphPass
{
    /// <inheritdoc/>
    public string Name => "fold batch normalization";

    /// <inheritdoc/>
    public void Run(PlanGraph graph)
    {
        foreach (PlanNode node in graph.Nodes)
        {
            if (node.Op is BatchNormalizationOp normalization
                && graph.ProducerToFuse(node.Inputs[0]) is { Op: WeightedOp { Activation: null, HasResidual: false } weighted } producer
                && normalization.Shape.Channels == producer.Inputs[1].Shape.Channels)
            {
                Fold(graph, node, normalization.Epsilon, producer, weighted);
            }
        }
    }

    private static void Fold(PlanGraph graph, PlanNode node, float epsilon, PlanNode producer, WeightedOp weighted)
    {
        OpValue weight = producer.Inputs[1];
        OpValue foldedWeight = graph.AddFoldedParameter(weight, weight.Shape);
        OpValue foldedBias = graph.AddFoldedParameter(weight, [weight.Shape.Channels]);
        OpValue? bias = weighted.HasBias ? producer.Inputs[2] : null;
        graph.Foldings.Add(new BatchNormFolding(weight, bias, [.. node.Inputs.Skip(1)], epsilon, foldedWeight, foldedBias));
        OpValue output = node.Output;
        graph.Remove(node);
        graph.Replace(producer, producer.Content with
        {
            Op = weighted.WithBias(),
            Inputs = [producer.Inputs[0], foldedWeight, foldedBias],
            Output = output,
        });
    }
}
