using Microsoft.ML.ConvNet.Ops;

namespace Microsoft.ML.ConvNet.Planning.Passes;

/// <summary>
/// Lets max pooling apply the ReLU of what it alone reads, in training: the maximum of rectified numbers is the rectified maximum. There
/// are fewer maxima than numbers, and their positions say which gradients pass, so that none is multiplied by a derivative.
/// </summary>
internal sealed class MoveReluBehindMaxPooling : IGraphPass
{
    /// <inheritdoc/>
    public string Name => "move ReLU behind max pooling";

    /// <inheritdoc/>
    public void Run(PlanGraph graph)
    {
        foreach (PlanNode node in graph.Nodes)
        {
            if (node.Op is not MaxPoolingOp { Rectifies: false } pooling || graph.ProducerToFuse(node.Inputs[0]) is not { } producer)
            {
                continue;
            }

            OpNode rectifying = node.Content with { Op = pooling with { Rectifies = true } };
            switch (producer.Op)
            {
                case IFusibleOp { Activation.IsRelu: true } fusible:
                    graph.Replace(producer, producer.Content with { Op = fusible.WithActivation(null) });
                    graph.Replace(node, rectifying);
                    break;
                case ActivationOp { Function.IsRelu: true }:
                    graph.Replace(node, rectifying with { Inputs = [producer.Inputs[0]] });
                    graph.Remove(producer);
                    break;
            }
        }
    }
}
